// SPDX-License-Identifier: GPL-2.0-only
/*
 * sleep_timeout.c - sleeps of microseconds.
 *
 * Stands for the part of kernel/time/timer.c that later Linux has in a file of
 * this name. It is apart because it brings Linux's hrtimers into the process.
 */
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <dde.h>

/* By an hrtimer, as in Linux: not early, and at most a little late. */
void __sched usleep_range_state(unsigned long min, unsigned long max,
				unsigned int state)
{
	ktime_t end = ktime_add_us(ktime_get(), min);
	u64 slack = (u64)(max - min) * NSEC_PER_USEC;

	do {
		__set_current_state(state);
	} while (schedule_hrtimeout_range(&end, slack, HRTIMER_MODE_ABS));
}
DDE_EMULATED(usleep_range_state);
