/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gpio_kept.h - edges that come while a driver of GPIO is away.
 *
 * In its keepsake (glue/counters.h) a driver notes the level of each of the first
 * 32 lines that are waited on, when a wait begins or ends. The next life finds
 * another level there, and knows of an edge; a line that has gone and come back
 * meanwhile it does not know of.
 */
#ifndef GLUE_GPIO_KEPT_H
#define GLUE_GPIO_KEPT_H

#include <stdint.h>
#include <glue/gpio.h>

#define GLUE_GPIO_KEPT 32u
#define GLUE_GPIO_HIGH 32 /* this bit and up: levels; below: who is waited on */

/* @level: 0, 1; less: nobody waits any more. */
static inline void glue_gpio_keep(uint64_t *kept, uint32_t line, int level)
{
	if (line >= GLUE_GPIO_KEPT)
		return;
	*kept &= ~((1ul | 1ul << GLUE_GPIO_HIGH) << line);
	if (level >= 0)
		*kept |= (1ul | (uint64_t)(level > 0) << GLUE_GPIO_HIGH)
			 << line;
}

/* Has an edge of these come since, if the level is this now? */
static inline int glue_gpio_missed(uint64_t kept, uint32_t line, uint32_t edges,
				   int level)
{
	uint32_t edge = level > 0 ? GLUE_GPIO_EDGE_RISING :
				    GLUE_GPIO_EDGE_FALLING;

	return line < GLUE_GPIO_KEPT && level >= 0 && kept >> line & 1 &&
	       (kept >> GLUE_GPIO_HIGH >> line & 1) != (level > 0) &&
	       edges & edge;
}

#endif
