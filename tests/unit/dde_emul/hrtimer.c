// SPDX-License-Identifier: BSD-2-Clause
/*
 * hrtimer.c - timers of nanoseconds, short sleeps, and the wall clock.
 */
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/timekeeping.h>
#include "check.h"

static struct hrtimer timer;
static unsigned int fired, rounds;
static ktime_t due, seen;

static enum hrtimer_restart once(struct hrtimer *self)
{
	seen = ktime_get();
	fired++;
	CHECK(in_interrupt());
	return HRTIMER_NORESTART;
}

static enum hrtimer_restart again(struct hrtimer *self)
{
	fired++;
	CHECK(hrtimer_forward_now(self, ns_to_ktime(300 * NSEC_PER_USEC)) >= 1);
	return fired < rounds ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

static void start(enum hrtimer_restart (*function)(struct hrtimer *),
		  enum hrtimer_mode mode, unsigned int us)
{
	fired = 0;
	hrtimer_init(&timer, CLOCK_MONOTONIC, mode);
	timer.function = function;
	due = ktime_add_us(ktime_get(), us);
	hrtimer_start(&timer, ns_to_ktime(us * NSEC_PER_USEC), mode);
}

/* Of less than a jiffy, and neither early nor lost. */
static void one_shot(void)
{
	start(once, HRTIMER_MODE_REL, 700);
	CHECK(hrtimer_active(&timer) && hrtimer_is_queued(&timer));
	msleep(8);
	CHECK(fired == 1 && !ktime_before(seen, due));
	CHECK(!hrtimer_active(&timer));
	start(once, HRTIMER_MODE_REL_SOFT, 700);
	msleep(8);
	CHECK(fired == 1 && !ktime_before(seen, due));
	start(once, HRTIMER_MODE_REL, 0);
	msleep(4);
	CHECK(fired == 1);
}

static void periodic(void)
{
	rounds = 5;
	start(again, HRTIMER_MODE_REL, 300);
	msleep(20);
	CHECK(fired == 5 && hrtimer_cancel(&timer) == 0);
}

static void cancelled(void)
{
	start(once, HRTIMER_MODE_REL, 2000);
	CHECK(hrtimer_cancel(&timer) == 1);
	CHECK(hrtimer_try_to_cancel(&timer) == 0);
	msleep(8);
	CHECK(fired == 0);
}

static void sleeps(void)
{
	ktime_t begin = ktime_get();
	ktime_t end = ktime_add_us(begin, 150);

	__set_current_state(TASK_UNINTERRUPTIBLE);
	CHECK(schedule_hrtimeout(&end, HRTIMER_MODE_ABS) == 0);
	CHECK(ktime_us_delta(ktime_get(), begin) >= 150);
	begin = ktime_get();
	usleep_range(50, 5000);
	CHECK(ktime_us_delta(ktime_get(), begin) >= 50);
	begin = ktime_get();
	fsleep(20000);
	CHECK(ktime_us_delta(ktime_get(), begin) >= 20000);
}

/* Unknown until somebody sets it; timers of real time follow. */
static void wall_clock(void)
{
	struct timespec64 set = { .tv_sec = 1700000000 };
	struct timespec64 bad = { .tv_sec = -5 };

	CHECK(ktime_get_real_seconds() < 100);
	CHECK(do_settimeofday64(&bad) == -EINVAL);
	CHECK(do_settimeofday64(&set) == 0);
	CHECK(ktime_get_real_seconds() - 1700000000u < 2);
	CHECK(ktime_get_boottime_seconds() < 100);
	fired = 0;
	hrtimer_init(&timer, CLOCK_REALTIME, HRTIMER_MODE_ABS);
	timer.function = once;
	hrtimer_start(&timer, ktime_add_us(ktime_get_real(), 500),
		      HRTIMER_MODE_ABS);
	msleep(8);
	CHECK(fired == 1);
}

static void check_hrtimer(void)
{
	one_shot();
	periodic();
	cancelled();
	sleeps();
	wall_clock();
}
CHECK_GROUP(hrtimer);
