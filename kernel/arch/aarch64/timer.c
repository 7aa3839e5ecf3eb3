/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.c - the kernel's tick: the virtual timer.
 *
 * The virtual timer (not the physical) because EL0 may own the physical one.
 * Its interrupt stays asserted until the next compare value is written, so
 * arch_timer_rearm also takes the interrupt's cause away.
 * Source: Arm ARM (DDI 0487), "The Generic Timer in AArch64 state".
 */
#include <abi/kaal.h>
#include <arch/boot.h>
#include <arch/regs_cpu.h>
#include <arch/sysreg.h>
#include <core/arch.h>

#define TIMER_VIRTUAL_PPI 27u /* Arm Base System Architecture, PPI table */

static uint64_t tick_counts; /* counter steps per tick */

unsigned int arch_irq_timer(void)
{
	return TIMER_VIRTUAL_PPI;
}

/* A tick that was missed, long handler or idle time, is not made up for. */
void arch_timer_rearm(void)
{
	sysreg_write(cntv_tval_el0, tick_counts);
}

void timer_init(void)
{
	tick_counts = sysreg_read(cntfrq_el0) * ABI_KAAL_TICK_US / 1000000;
	arch_timer_rearm();
	sysreg_write(cntv_ctl_el0, CNTV_ENABLE);
	barrier_isb();
	arch_irq_unmask(TIMER_VIRTUAL_PPI);
}
