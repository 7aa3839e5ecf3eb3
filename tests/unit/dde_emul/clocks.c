// SPDX-License-Identifier: BSD-2-Clause
/*
 * clocks.c - all of Linux's clocks go forward together; busy waits last long
 * enough; timers that are shut down, shortened or only changed if armed.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include "check.h"

/* Linux's private kernel/time/tick-internal.h; below hrtimer.c. */
extern int tick_check_oneshot_change(int allow_nohz);

#define STEP_MS 20

static unsigned int fired;

/* The same 20 ms by every clock. */
static void together(void)
{
	struct timespec64 mono[2], raw[2], real[2], coarse[2];
	u64 fast = ktime_get_mono_fast_ns();
	u64 ticks = get_jiffies_64();

	ktime_get_ts64(&mono[0]);
	ktime_get_raw_ts64(&raw[0]);
	ktime_get_real_ts64(&real[0]);
	ktime_get_coarse_ts64(&coarse[0]);
	msleep(STEP_MS);
	ktime_get_ts64(&mono[1]);
	ktime_get_raw_ts64(&raw[1]);
	ktime_get_real_ts64(&real[1]);
	ktime_get_coarse_ts64(&coarse[1]);
	CHECK(timespec64_compare(&mono[0], &mono[1]) < 0);
	CHECK(timespec64_compare(&coarse[0], &coarse[1]) < 0);
	CHECK(timespec64_to_ns(&raw[1]) - timespec64_to_ns(&raw[0]) >=
	      STEP_MS * NSEC_PER_MSEC);
	CHECK(timespec64_to_ns(&real[1]) - timespec64_to_ns(&real[0]) >=
	      STEP_MS * NSEC_PER_MSEC);
	CHECK(ktime_get_mono_fast_ns() - fast >= STEP_MS * NSEC_PER_MSEC);
	CHECK(get_jiffies_64() - ticks >= msecs_to_jiffies(STEP_MS));
	CHECK(ktime_get_seconds() == mono[1].tv_sec ||
	      ktime_get_seconds() == mono[1].tv_sec + 1);
}

/* A monotonic time told by the wall clock is as far off as the clocks are. */
static void converted(void)
{
	ktime_t mono = ktime_get();
	ktime_t real = ktime_mono_to_any(mono, TK_OFFS_REAL);

	CHECK(abs(ktime_us_delta(ktime_get_real(), real)) < 10 * USEC_PER_MSEC);
	CHECK(tick_check_oneshot_change(0)); /* hrtimers are exact at once */
}

static void busy_waits(void)
{
	static volatile unsigned long wait[] = { 50, 5000 }; /* no constants */
	ktime_t start = ktime_get_raw();

	udelay(wait[0]);
	CHECK(ktime_us_delta(ktime_get_raw(), start) >= 50);
	start = ktime_get_raw();
	ndelay(wait[1]);
	CHECK(ktime_to_ns(ktime_sub(ktime_get_raw(), start)) >= 5000);
	yield();
	start = ktime_get_raw();
	schedule_timeout_interruptible(3);
	CHECK(ktime_us_delta(ktime_get_raw(), start) >= 2 * USEC_PER_SEC / HZ);
}

static void count(struct timer_list *timer)
{
	fired++;
}

static void timers(void)
{
	struct timer_list timer;

	timer_setup_on_stack(&timer, count, 0);
	fired = 0;
	CHECK(!mod_timer_pending(&timer,
				 jiffies + 1)); /* not armed: stays so */
	timer.expires = jiffies + 1000;
	add_timer_on(&timer, 0);
	CHECK(timer_reduce(&timer, jiffies + 2) &&
	      mod_timer_pending(&timer, jiffies + 1));
	msleep(30);
	CHECK(fired == 1 && try_to_del_timer_sync(&timer) == 0);
	mod_timer(&timer, jiffies + 1);
	CHECK(timer_shutdown_sync(&timer) == 1);
	mod_timer(&timer, jiffies + 1);
	msleep(20);
	CHECK(fired == 1);
	destroy_timer_on_stack(&timer);
}

/* A kernel thread may also end from within. */
static int ends_itself(void *data)
{
	complete(data);
	kthread_exit(3);
	return 0;
}

static void thread_exit(void)
{
	DECLARE_COMPLETION_ONSTACK(seen);
	struct task_struct *task = kthread_run(ends_itself, &seen, "ends");

	CHECK(!IS_ERR(task));
	CHECK(wait_for_completion_timeout(&seen, HZ));
}

static void check_clocks(void)
{
	together();
	converted();
	busy_waits();
	timers();
	thread_exit();
}
CHECK_GROUP(clocks);
