/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h - the processor's physical timer, set by times of the virtual count.
 */
#ifndef TIMER_ARM_CLOCK_H
#define TIMER_ARM_CLOCK_H

#include <stdint.h>

/* Find out how the two counts differ; the timer is off afterwards. */
void clock_init(void);

/**
 * clock_arm - let the timer fire at a time, as glue_time_ticks() counts it.
 * @deadline: 0: not at all. In the past: at once.
 *
 * The interrupt's line is low when this returns, unless it is due.
 */
void clock_arm(uint64_t deadline);

#endif
