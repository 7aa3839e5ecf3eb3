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
 * distributor; the layout is the same, so gic_line_reg() finds both.
 * Source: IHI 0069. Read next: boot/gic_init.c, regs_gicv3.h, object/irq.c
 */
#include <arch/gic.h>
#include <arch/mmio.h>
#include <arch/regs_cpu.h>
#include <arch/regs_gicv3.h>
#include <arch/sysreg.h>
#include <core/arch.h>

#define GIC_WAIT_STEPS 100000u

struct gic gic;

unsigned int arch_irq_max(void)
{
	return gic.line_max;
}

void *gic_line_reg(unsigned int offset, unsigned int irq, unsigned int bits)
{
	char *base = irq < GIC_PRIVATE_LINES ? gic.sgi_frame : gic.dist;

	return base + offset + irq * bits / 32 * 4;
}

static uint32_t line_bit(unsigned int irq)
{
	return 1u << (irq % 32);
}

/* Bounded: a controller that never settles must not hang the kernel. */
bool gic_wait_clear(void *reg, uint32_t bit)
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
		gic_wait_clear(gic.redist + GICR_CTLR, GICR_CTLR_RWP);
	else
		gic_wait_clear(gic.dist + GICD_CTLR, GICD_CTLR_RWP);
}

void arch_irq_mask(unsigned int irq)
{
	mmio_write32(gic_line_reg(GICD_ICENABLER, irq, 1), line_bit(irq));
	wait_settled(irq);
}

void arch_irq_unmask(unsigned int irq)
{
	mmio_write32(gic_line_reg(GICD_ISENABLER, irq, 1), line_bit(irq));
}

/* SGIs are always edges. The line is masked, as IHI 0069 demands
 * (GICD_ICFGR<n>: changing an enabled line is UNPREDICTABLE). */
void arch_irq_set_trigger(unsigned int irq, bool edge)
{
	void *reg = gic_line_reg(GICD_ICFGR, irq, 2);
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
 * While PSTATE.I is set, reading IAR is self-synchronizing, and a write to EOIR
 * after it is seen in order: no barrier between the two. IHI 0069,
 * "Observability of the effects of accesses to the GIC registers".
 */
unsigned int arch_irq_take(void)
{
	unsigned int irq = sysreg_read(ICC_IAR1_EL1) & 0xffffff;

	if (irq >= GIC_SPECIAL)
		return ARCH_IRQ_NONE;
	sysreg_write(ICC_EOIR1_EL1, irq);
	return irq;
}

/*
 * No DSB: if the driver's last write to its device is still on its way, a level
 * line may fire once more, which the driver must expect in any case.
 */
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
	sysreg_write(ICC_SGI1R_EL1,
		     (target >> 24 & 0xff) << 48 | aff0 >> 4 << 44 |
			     (target >> 16 & 0xff) << 32 | (uint64_t)sgi << 24 |
			     (target >> 8 & 0xff) << 16 | 1ull << (aff0 & 15));
	barrier_isb();
}
