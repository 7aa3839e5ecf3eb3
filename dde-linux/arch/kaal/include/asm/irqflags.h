/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * irqflags.h - "interrupts off" is a variable, because nothing interrupts us.
 *
 * An interrupt is a notification that the event loop fetches when it is ready
 * (design D7), so a critical section needs no protection. The flag is kept for
 * code that asks irqs_disabled() and for the layer's own checks.
 * Owner of dde_irqs_off: dde-linux/emul; written by Linux code through here.
 */
#ifndef _ASM_KAAL_IRQFLAGS_H
#define _ASM_KAAL_IRQFLAGS_H

#ifndef __ASSEMBLY__

#include <linux/compiler.h>

extern unsigned long dde_irqs_off;

static __always_inline unsigned long arch_local_save_flags(void)
{
	return dde_irqs_off;
}

static __always_inline void arch_local_irq_restore(unsigned long flags)
{
	barrier();
	dde_irqs_off = flags;
}

#define ARCH_IRQ_DISABLED      1
#define ARCH_IRQ_ENABLED       0
#define arch_local_save_flags  arch_local_save_flags
#define arch_local_irq_restore arch_local_irq_restore

#include <asm-generic/irqflags.h>

#endif
#endif
