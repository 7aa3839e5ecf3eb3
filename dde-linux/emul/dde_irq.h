/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dde_irq.h - numbering of the device's interrupts as Linux sees them.
 */
#ifndef DDE_IRQ_H
#define DDE_IRQ_H

/* Interrupt i of the device is number DDE_IRQ_FIRST + i; 0 means "none". */
#define DDE_IRQ_FIRST 1

struct device_node;

/* A heartbeat without any: has the device one that has not come? */
void dde_irq_ask(void);

/* Interrupts that the device tree gives as cells of this controller. */
void dde_irq_domain_create(struct device_node *controller);

#endif
