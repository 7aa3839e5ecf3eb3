/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gic_init.c - sets the GICv3 up: all lines masked, group 1, to this CPU.
 *
 * Order as IHI 0069 demands it: the distributor is off while routing changes,
 * and affinity routing (ARE) is on before a route is written; then this CPU's
 * redistributor is woken, then its system registers are opened.
 * Read next: gic.c
 */
#include <arch/boot.h>
#include <arch/gic.h>
#include <arch/mmio.h>
#include <arch/regs_gicv3.h>
#include <arch/sysreg.h>
#include <core/arch.h>

#define MPIDR_AFF012 0xffffffull
#define MPIDR_AFF3   0xff00000000ull

bool gic_present(void)
{
	return sysreg_read(id_aa64pfr0_el1) >> 24 & 0xf;
}

/* Find the redistributor whose affinity is this CPU's. */
static char *redist_find(char *base, uint64_t bytes)
{
	uint64_t mpidr = sysreg_read(mpidr_el1);
	uint64_t self = (mpidr & MPIDR_AFF012) | (mpidr & MPIDR_AFF3) >> 8;
	uint64_t offset = 0;
	uint64_t type;

	while (offset + GICR_BYTES <= bytes) {
		type = mmio_read64(base + offset + GICR_TYPER);
		if (type >> 32 == self)
			return base + offset;
		if (type & GICR_TYPER_LAST)
			break;
		offset += type & GICR_TYPER_VLPIS ? GICR_BYTES_VLPIS :
						    GICR_BYTES;
	}
	return NULL;
}

/* Lines of one 32-line group: group 1, masked, idle, one priority. */
static void lines_reset(unsigned int first)
{
	unsigned int irq;

	mmio_write32(gic_line_reg(GICD_ICENABLER, first, 1), ~0u);
	mmio_write32(gic_line_reg(GICD_ICACTIVER, first, 1), ~0u);
	mmio_write32(gic_line_reg(GICD_IGROUPR, first, 1), ~0u);
	for (irq = first; irq < first + 32; irq += 4)
		mmio_write32(gic_line_reg(GICD_IPRIORITYR, irq, 8),
			     GIC_PRIORITY);
}

static void dist_init(void)
{
	uint64_t mpidr = sysreg_read(mpidr_el1);
	uint64_t self = mpidr & (MPIDR_AFF012 | MPIDR_AFF3);
	unsigned int irq;

	mmio_write32(gic.dist + GICD_CTLR, 0);
	gic_wait_clear(gic.dist + GICD_CTLR, GICD_CTLR_RWP);
	for (irq = GIC_PRIVATE_LINES; irq <= gic.line_max; irq += 32)
		lines_reset(irq);
	mmio_write32(gic.dist + GICD_CTLR, GICD_CTLR_ARE | GICD_CTLR_GRP1NS);
	gic_wait_clear(gic.dist + GICD_CTLR, GICD_CTLR_RWP);
	for (irq = GIC_PRIVATE_LINES; irq <= gic.line_max; irq++)
		mmio_write64(gic.dist + GICD_IROUTER + irq * 8, self);
}

static bool redist_init(void)
{
	uint32_t waker = mmio_read32(gic.redist + GICR_WAKER);

	mmio_write32(gic.redist + GICR_WAKER, waker & ~GICR_WAKER_SLEEP);
	if (!gic_wait_clear(gic.redist + GICR_WAKER, GICR_WAKER_ASLEEP))
		return false;
	lines_reset(0);
	gic_wait_clear(gic.redist + GICR_CTLR, GICR_CTLR_RWP);
	return true;
}

static void cpu_interface_init(void)
{
	sysreg_write(ICC_SRE_EL1, ICC_SRE_SRE);
	barrier_isb();
	sysreg_write(ICC_PMR_EL1, ICC_PMR_ALL);
	sysreg_write(ICC_BPR1_EL1, 0);
	sysreg_write(ICC_CTLR_EL1, ICC_CTLR_EOIMODE);
	sysreg_write(ICC_IGRPEN1_EL1, 1);
	barrier_isb();
}

bool gic_init(uint64_t dist_paddr, uint64_t redist_paddr, uint64_t bytes)
{
	unsigned int groups;

	gic.dist = phys_to_virt(dist_paddr);
	gic.redist = redist_find(phys_to_virt(redist_paddr), bytes);
	if (!gic.redist)
		return false;
	gic.sgi_frame = gic.redist + GICR_SGI_FRAME;
	groups = (mmio_read32(gic.dist + GICD_TYPER) & GICD_TYPER_LINES) + 1;
	gic.line_max = groups * 32 > GIC_LINES_MAX ? GIC_LINES_MAX - 1 :
						     groups * 32 - 1;
	dist_init();
	if (!redist_init())
		return false;
	cpu_interface_init();
	return true;
}
