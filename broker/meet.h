/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * meet.h - what two devices have in common, and should not.
 *
 * The finder leaves the second of them to nobody; the broker refuses its table
 * otherwise.
 */
#ifndef BROKER_MEET_H
#define BROKER_MEET_H

#include "devices.h"

static inline int broker_ranges_meet(const struct broker_device_range *a,
				     const struct broker_device_range *b)
{
	return a->paddr - b->paddr < b->bytes || b->paddr - a->paddr < a->bytes;
}

static inline int broker_registers_meet(const struct broker_device *a,
					const struct broker_device *b)
{
	for (unsigned int i = 0; i < a->n_mmio; i++) {
		for (unsigned int j = 0; j < b->n_mmio; j++) {
			if (broker_ranges_meet(&a->mmio[i], &b->mmio[j]))
				return 1;
		}
	}
	return 0;
}

static inline int broker_interrupts_meet(const struct broker_device *a,
					 const struct broker_device *b)
{
	for (unsigned int i = 0; i < a->n_irq; i++) {
		for (unsigned int j = 0; j < b->n_irq; j++) {
			if (a->irq[i].intid == b->irq[j].intid)
				return 1;
		}
	}
	return 0;
}

#endif
