/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.c - reading the machine's counter from user mode.
 *
 * It lives beside the system calls because a unit test on the host replaces
 * this folder as a whole.
 */
#include <glue/rt.h>

/*
 * No isb before the read: the value may be early by the length of the
 * pipeline, which no deadline and no log line can notice.
 */
uint64_t glue_time_ticks(void)
{
	uint64_t ticks;

	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
	return ticks;
}
