/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gpio.h - the general-purpose input/output class protocol.
 *
 * Form of requests: glue/request.h. arg of every operation: the line, from 0.
 * A line belongs to the first client that sets its direction or waits on it,
 * until that client's channel closes; others get K_ERR_BUSY. Reading is free.
 */
#ifndef GLUE_GPIO_H
#define GLUE_GPIO_H

#include <stdint.h>
#include <glue/request.h>

enum glue_gpio_op {
	GLUE_GPIO_GET = GLUE_REQ_CLASS, /* value: 0 or 1 */
	/* Both end an open wait, with K_ERR_GONE; kept edges are forgotten. */
	GLUE_GPIO_INPUT,  /* make it an input */
	GLUE_GPIO_OUTPUT, /* flags bit 0: level to drive */
	GLUE_GPIO_SET,	  /* flags bit 0: level; outputs only */
	/* flags: GLUE_GPIO_EDGE_*, 0: both; ends at the next such edge; value:
	 * level. Edges between two waits of the owner are kept, at most one,
	 * if both waits are for the same edges. One wait a line; inputs only.
	 * An edge that comes while the driver is away ends it if the level
	 * still shows it (gpio_kept.h), else it is lost. */
	GLUE_GPIO_WAIT,
	/* value: GLUE_GPIO_IS_* of the line; name (at most bytes) in data */
	GLUE_GPIO_LINE,
};
#define GLUE_GPIO_EDGE_RISING  1u
#define GLUE_GPIO_EDGE_FALLING 2u

#define GLUE_GPIO_IS_OUTPUT 1u
#define GLUE_GPIO_IS_TAKEN  2u
/* value >> this: the input code of the key that the device tree says is on the
 * line (gpio-keys, linux,code: 116 is the power button); 0 for no key */
#define GLUE_GPIO_KEY_SHIFT 16

struct glue_gpio_info {
	uint32_t lines;
	uint32_t rsvd;
	char driver[32];
	char label[32];
};

#endif
