/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h - the CPU's counter, from user level. Source: Arm ARM D11.2.
 */
#ifndef BROKER_CLOCK_H
#define BROKER_CLOCK_H

#include <stdint.h>

uint64_t broker_clock_now(void); /* CNTVCT_EL0 ticks */
uint32_t broker_clock_hz(void);

#endif
