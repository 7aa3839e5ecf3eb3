/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.h - interrupts as signals: who handles which line.
 */
#ifndef OBJECT_IRQ_H
#define OBJECT_IRQ_H

#include <object/cdt.h>

/* Lines 0..159 are given out: all that QEMU's virt machine wires, and the range
 * of abi.md section 15. Higher ones of the GIC stay masked for ever. */
#define IRQ_LIMIT 160u

/* irq_init - boot: reserve the kernel's own timer. */
void irq_init(void);

/* irq_deliver - an interrupt was taken: signal, and switch if that wakes. */
void irq_deliver(unsigned int irq);

/* For core/check.c: is the line given out, and whom does it signal? */
bool irq_is_issued(uint64_t irq);
const struct cte *irq_slot(uint64_t irq);

/* irq_release - the last handler capability goes. */
void irq_release(unsigned int irq);

#endif
