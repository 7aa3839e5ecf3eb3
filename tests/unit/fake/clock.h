/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h - a fake PL031 (ARM DDI 0224C): seconds, a comparator, an interrupt.
 */
#ifndef FAKE_CLOCK_H
#define FAKE_CLOCK_H

#include <stdint.h>
#include <glue/env.h>

#define FAKE_CLOCK_REGS GLUE_MMIO_VADDR

struct fake_clock {
	uint32_t data, match, control, mask, raw;
	uint32_t seconds_left; /* so many pass while somebody waits */
	uint32_t begins_at;    /* a second, as this register is written */
	int lies;	       /* each register reads as `lie` */
	uint32_t lie;
};
extern struct fake_clock pl031;

/* A fresh device, described in fake_env(). */
void fake_clock_start(uint32_t now);

/* A second passes, for native.h. Returns 0 if none is left. */
int fake_clock_step(void);

#endif
