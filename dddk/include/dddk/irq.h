/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.h - a driver's interrupts: event bits in, acknowledgements out.
 *
 * The kernel keeps a line from firing again until it is acknowledged. A level
 * interrupt is acknowledged after the device has been made quiet, an edge one
 * before the device is asked, or an edge in between would be lost.
 */
#ifndef DDDK_IRQ_H
#define DDDK_IRQ_H

#include <stdint.h>
#include <glue/env.h>
#include <glue/sys.h>

/* Let interrupt @index (of glue_env()->irq) come again. */
static inline void dddk_irq_ack(unsigned int index)
{
	glue_irq_handler_ack(GLUE_CAP_IRQ0 + index);
}

#endif
