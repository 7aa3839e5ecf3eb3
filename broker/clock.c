/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.c - the system registers behind clock.h.
 *
 * The timer is set by its down-counter (TVAL), because the deadlines are on the
 * virtual count, whose distance to the physical one is not ours to know.
 */
#include "clock.h"

#define CTL_ENABLE 1u

uint64_t broker_clock_now(void)
{
	uint64_t ticks;

	/* The barrier keeps the read from being done early. Arm ARM D11.1.2 */
	__asm__ volatile("isb\n\tmrs %0, cntvct_el0"
			 : "=r"(ticks)
			 :
			 : "memory");
	return ticks;
}

uint32_t broker_clock_hz(void)
{
	uint64_t hz;

	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(hz));
	return (uint32_t)hz;
}

static void timer_control(uint64_t value)
{
	__asm__ volatile("msr cntp_ctl_el0, %0\n\tisb"
			 :
			 : "r"(value)
			 : "memory");
}

void broker_clock_arm(uint32_t ticks)
{
	__asm__ volatile("msr cntp_tval_el0, %0" : : "r"((uint64_t)ticks));
	timer_control(CTL_ENABLE);
}

void broker_clock_disarm(void)
{
	timer_control(0);
}
