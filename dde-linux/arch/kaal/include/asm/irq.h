/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * irq.h - how many interrupt numbers a driver process has.
 *
 * Its device has at most four lines; the rest is for the lines that the driver
 * itself hands out, such as a GPIO controller's. Unused, each costs a pointer.
 */
#ifndef _ASM_KAAL_IRQ_H
#define _ASM_KAAL_IRQ_H

#define NR_IRQS 256

/* A number can be requested only when a chip stands behind it. */
#define ARCH_IRQ_INIT_FLAGS (IRQ_NOREQUEST | IRQ_NOPROBE)

static inline int irq_canonicalize(int irq)
{
	return irq;
}

#endif
