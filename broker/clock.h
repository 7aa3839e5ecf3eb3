/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h - the CPU's counter and its physical timer, from user level.
 *
 * The kernel keeps the virtual timer for itself and opens the physical one
 * (interrupt 30) to user level. Source: Arm ARM D11.2, generic timer.
 */
#ifndef BROKER_CLOCK_H
#define BROKER_CLOCK_H

#include <stdint.h>

#define BROKER_CLOCK_IRQ 30u

uint64_t broker_clock_now(void); /* CNTVCT_EL0 ticks */
uint32_t broker_clock_hz(void);

/* Interrupt once, `ticks` from now. */
void broker_clock_arm(uint32_t ticks);
void broker_clock_disarm(void);

#endif
