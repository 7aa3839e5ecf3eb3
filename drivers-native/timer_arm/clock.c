/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.c - the system registers behind clock.h.
 *
 * Deadlines are on the virtual count, the timer compares with the physical one.
 * What lies between them (CNTVOFF_EL2) is a constant of the machine that only
 * EL2 can read, so it is measured once: the physical count is read later, so
 * that the timer never fires early. Source: Arm ARM, D11.2.
 */
#include "clock.h"

#define CTL_ENABLE 1ul
/* Farther away than any machine will run; nothing overflows on the way. */
#define FAR_TICKS  (1ul << 62)

static uint64_t to_physical;

static void set_control(uint64_t value)
{
	__asm__ volatile("msr cntp_ctl_el0, %0\n\tisb"
			 :
			 : "r"(value)
			 : "memory");
}

void clock_init(void)
{
	uint64_t virtual_count, physical;

	set_control(0);
	/* The barriers keep the order of the reads. */
	__asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tisb\n\t"
			 "mrs %1, cntpct_el0"
			 : "=&r"(virtual_count), "=r"(physical));
	to_physical = physical - virtual_count;
}

void clock_arm(uint64_t deadline)
{
	if (deadline > FAR_TICKS)
		deadline = FAR_TICKS;
	__asm__ volatile("msr cntp_cval_el0, %0"
			 :
			 : "r"(deadline + to_physical));
	set_control(deadline != 0 ? CTL_ENABLE : 0);
}
