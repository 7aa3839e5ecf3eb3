/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.c - the system registers behind clock.h.
 */
#include "clock.h"

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
