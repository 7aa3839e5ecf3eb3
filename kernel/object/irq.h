/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.h - interrupts as signals: who handles which line.
 */
#ifndef OBJECT_IRQ_H
#define OBJECT_IRQ_H

#include <object/cdt.h>

#define IRQ_LIMIT 1020u /* GICv3 INTIDs 0..1019 */

/* irq_init - boot: reserve the kernel's own timer. */
void irq_init(void);

/* irq_deliver - an interrupt was taken: signal its notification. */
void irq_deliver(unsigned int irq);

/* irq_release - the last handler capability goes. */
void irq_release(unsigned int irq);

#endif
