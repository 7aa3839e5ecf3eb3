// SPDX-License-Identifier: GPL-2.0-only
/*
 * irq_work.c - the "interrupt to self" under Linux's irq_work.
 *
 * Stands for the architecture's part of kernel/irq_work.c, which is Linux's
 * own: work queued by irq_work_queue() runs in the loop's next turn, with the
 * marks of a hardware interrupt.
 */
#include <linux/hardirq.h>
#include <linux/irq_work.h>
#include <dde.h>
#include <dde_irq.h>

/* Linux has a weak one that leaves it to the timer tick. */
void arch_irq_work_raise(void)
{
	dde_pending |= DDE_PENDING_IRQ;
}
DDE_EMULATED(arch_irq_work_raise);

void dde_irq_work_run(void)
{
	irq_work_run();
}
