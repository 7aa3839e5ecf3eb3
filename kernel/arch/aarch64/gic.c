/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gic.c - the GICv3 interrupt controller: mask, acknowledge, deactivate.
 *
 * A line goes through: pending -> acknowledged (arch_irq_take: active, and its
 * priority dropped at once) -> deactivated (arch_irq_deactivate, when the
 * user's handler says Ack). While active a line cannot interrupt again, so
 * nothing needs to be masked meanwhile: that is EOImode 1.
 *
 * All lines have one priority, belong to group 1 and go to this CPU. They start
 * masked. Lines 0..31 live in this CPU's redistributor, the rest in the
 * distributor; the register layout is the same, so line_reg() finds both.
 * Source: IHI 0069. Read next: regs_gicv3.h, object/irq.c
 */
#include <arch/boot.h>
#include <arch/mmio.h>
#include <arch/regs_cpu.h>
#include <arch/regs_gicv3.h>
#include <arch/sysreg.h>
#include <core/arch.h>

#define MPIDR_AFF012	0xffffffull
#define MPIDR_AFF3	0xff00000000ull
#define GIC_WAIT_STEPS	100000u

static char *dist;                     /* distributor                     */
static char *sgi_frame;                /* redistributor, second frame     */
static char *redist;                   /* redistributor, first frame      */
static unsigned int line_max;

unsigned int arch_irq_max(void)
{
	return line_max;
}

/* The 32-bit register that holds @bits bits for line @irq, of array @offset. */
static void *line_reg(unsigned int offset, unsigned int irq, unsigned int bits)
{
	char *base = irq < GIC_PRIVATE_LINES ? sgi_frame : dist;

	return base + offset + irq * bits / 32 * 4;
}

static uint32_t line_bit(unsigned int irq)
{
	return 1u << (irq % 32);
}

/* Bounded: a controller that never settles must not hang the kernel. */
static bool wait_clear(void *reg, uint32_t bit)
{
	unsigned int i;

	for (i = 0; i < GIC_WAIT_STEPS; i++) {
		if (!(mmio_read32(reg) & bit))
			return true;
	}
	return false;
}

static void wait_settled(unsigned int irq)
{
	if (irq < GIC_PRIVATE_LINES)
		wait_clear(redist + GICR_CTLR, GICR_CTLR_RWP);
	else
		wait_clear(dist + GICD_CTLR, GICD_CTLR_RWP);
}

void arch_irq_mask(unsigned int irq)
{
	mmio_write32(line_reg(GICD_ICENABLER, irq, 1), line_bit(irq));
	wait_settled(irq);
}

void arch_irq_unmask(unsigned int irq)
{
	mmio_write32(line_reg(GICD_ISENABLER, irq, 1), line_bit(irq));
}

/* SGIs are always edges. The line is masked, as IHI 0069 12.9.7 demands. */
void arch_irq_set_trigger(unsigned int irq, bool edge)
{
	void *reg = line_reg(GICD_ICFGR, irq, 2);
	unsigned int shift = irq % 16 * 2;
	uint32_t value;

	if (irq < GIC_SGI_LINES)
		return;
	value = mmio_read32(reg) & ~(3u << shift);
	mmio_write32(reg, value | (edge ? 2u : 0u) << shift);
}

bool arch_irq_pending(void)
{
	return sysreg_read(isr_el1) & ISR_I;
}

/*
 * While PSTATE.I is set, reading IAR is self-synchronizing (IHI 0069 4.1.1),
 * and a write to EOIR after it is seen in order: no barrier between the two.
 */
unsigned int arch_irq_take(void)
{
	unsigned int irq = sysreg_read(ICC_IAR1_EL1) & 0xffffff;

	if (irq >= GIC_SPECIAL)
		return ARCH_IRQ_NONE;
	sysreg_write(ICC_EOIR1_EL1, irq);
	return irq;
}

/* A driver's device writes before its Ack are nGnRnE and so have arrived. */
void arch_irq_deactivate(unsigned int irq)
{
	sysreg_write(ICC_DIR_EL1, irq);
}

/* @target is an affinity: aff3 [31:24] .. aff0 [7:0]. */
bool arch_irq_sgi_target_valid(uint64_t target)
{
	if (target >> 32)
		return false;
	return (target & 0xf0) == 0 ||
	       (sysreg_read(ICC_CTLR_EL1) & ICC_CTLR_RSS);
}

/* DSB: what was written before the signal is seen by whom it wakes. */
void arch_irq_send_sgi(unsigned int sgi, uint64_t target)
{
	uint64_t aff0 = target & 0xff;

	barrier_dsb_ishst();
	sysreg_write(ICC_SGI1R_EL1, (target >> 24 & 0xff) << 48 |
					    aff0 >> 4 << 44 |
					    (target >> 16 & 0xff) << 32 |
					    (uint64_t)sgi << 24 |
					    (target >> 8 & 0xff) << 16 |
					    1ull << (aff0 & 15));
	barrier_isb();
}

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
	return 0;
}

/* Lines of one 32-line group: group 1, masked, idle, one priority. */
static void lines_reset(unsigned int first)
{
	unsigned int irq;

	mmio_write32(line_reg(GICD_ICENABLER, first, 1), ~0u);
	mmio_write32(line_reg(GICD_ICACTIVER, first, 1), ~0u);
	mmio_write32(line_reg(GICD_IGROUPR, first, 1), ~0u);
	for (irq = first; irq < first + 32; irq += 4)
		mmio_write32(line_reg(GICD_IPRIORITYR, irq, 8), GIC_PRIORITY);
}

static void dist_init(void)
{
	uint64_t mpidr = sysreg_read(mpidr_el1);
	uint64_t self = mpidr & (MPIDR_AFF012 | MPIDR_AFF3);
	unsigned int irq;

	mmio_write32(dist + GICD_CTLR, 0);
	wait_clear(dist + GICD_CTLR, GICD_CTLR_RWP);
	for (irq = GIC_PRIVATE_LINES; irq <= line_max; irq += 32)
		lines_reset(irq);
	mmio_write32(dist + GICD_CTLR, GICD_CTLR_ARE | GICD_CTLR_GRP1NS);
	wait_clear(dist + GICD_CTLR, GICD_CTLR_RWP);
	for (irq = GIC_PRIVATE_LINES; irq <= line_max; irq++)
		mmio_write64(dist + GICD_IROUTER + irq * 8, self);
}

static bool redist_init(void)
{
	uint32_t waker = mmio_read32(redist + GICR_WAKER);

	mmio_write32(redist + GICR_WAKER, waker & ~GICR_WAKER_SLEEP);
	if (!wait_clear(redist + GICR_WAKER, GICR_WAKER_ASLEEP))
		return false;
	lines_reset(0);
	wait_settled(0);
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

	dist = phys_to_virt(dist_paddr);
	redist = redist_find(phys_to_virt(redist_paddr), bytes);
	if (!redist)
		return false;
	sgi_frame = redist + GICR_SGI_FRAME;
	groups = (mmio_read32(dist + GICD_TYPER) & GICD_TYPER_LINES) + 1;
	line_max = groups * 32 > GIC_LINES_MAX ? GIC_LINES_MAX - 1 :
						 groups * 32 - 1;
	dist_init();
	if (!redist_init())
		return false;
	cpu_interface_init();
	return true;
}
