// SPDX-License-Identifier: BSD-2-Clause
/*
 * time.c - timers fire in order and not early; sleeps last as long as asked.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include <linux/completion.h>
#include "check.h"

static char order[8];
static unsigned int fired;

struct tagged {
	struct timer_list timer;
	char tag;
};

static void tag_fired(struct timer_list *timer)
{
	struct tagged *tagged = from_timer(tagged, timer, timer);

	CHECK(!time_before(jiffies, timer->expires));
	order[fired++] = tagged->tag;
}

static void timers(void)
{
	struct tagged a = { .tag = 'a' };
	struct tagged b = { .tag = 'b' };
	struct tagged c = { .tag = 'c' };

	timer_setup(&a.timer, tag_fired, 0);
	timer_setup(&b.timer, tag_fired, 0);
	timer_setup(&c.timer, tag_fired, 0);
	CHECK(!mod_timer(&a.timer, jiffies + 6));
	CHECK(!mod_timer(&b.timer, jiffies + 2));
	CHECK(!mod_timer(&c.timer, jiffies + 4));
	CHECK(timer_pending(&a.timer));
	CHECK(mod_timer(&c.timer, jiffies + 8));
	msleep(60);
	CHECK(fired == 3 && !memcmp(order, "bac", 3));
	CHECK(!timer_pending(&a.timer));
	mod_timer(&a.timer, jiffies + 1);
	CHECK(timer_delete(&a.timer) && !timer_delete(&a.timer));
	timer_shutdown(&b.timer);
	mod_timer(&b.timer, jiffies + 1);
	msleep(20);
	CHECK(fired == 3);
}

static void sleeps(void)
{
	ktime_t start = ktime_get();

	msleep(30);
	CHECK(ktime_ms_delta(ktime_get(), start) >= 30);
	CHECK(ktime_ms_delta(ktime_get(), start) < 60);
	start = ktime_get();
	usleep_range(500, 600);
	CHECK(ktime_us_delta(ktime_get(), start) >= 500);
	start = ktime_get();
	udelay(100);
	CHECK(ktime_us_delta(ktime_get(), start) >= 100);
	start = ktime_get();
	__set_current_state(TASK_UNINTERRUPTIBLE);
	CHECK(io_schedule_timeout(msecs_to_jiffies(12)) == 0);
	CHECK(ktime_ms_delta(ktime_get(), start) >= 8);
}

static void busy_wait_sees_time(void)
{
	unsigned long end = jiffies + 3;

	while (time_before(jiffies, end))
		cpu_relax();
	CHECK(!time_before(jiffies, end));
}

static void timeouts(void)
{
	unsigned long rounded = round_jiffies_up(jiffies);
	DECLARE_COMPLETION_ONSTACK(never);

	CHECK(wait_for_completion_timeout(&never, 3) == 0);
	complete(&never);
	CHECK(wait_for_completion_timeout(&never, 1000) > 900);
	CHECK(rounded % HZ == 0 && rounded - jiffies <= HZ);
}

/* To a whole second that is near and has not passed. */
static void rounding(void)
{
	unsigned long late = jiffies - jiffies % HZ + 5 * HZ + HZ - 1;

	CHECK(round_jiffies(late) == late + 1);
	CHECK(round_jiffies(late - HZ + 2) == late - HZ + 1);
	CHECK(round_jiffies(jiffies) % HZ == 0);
	CHECK(time_after(round_jiffies(jiffies), jiffies));
	CHECK((jiffies + round_jiffies_relative(3 * HZ)) % HZ == 0);
}

static int device_says(ktime_t *device, struct system_counterval_t *system,
		       void *answer)
{
	*device = 77;
	return *(int *)answer;
}

/* As where the CPU's counter is not the one that the device knows. */
static void device_clock_is_another(void)
{
	struct system_device_crosststamp stamp;
	int answer = 0;

	CHECK(get_device_system_crosststamp(device_says, &answer, NULL,
					    &stamp) == -ENODEV);
	CHECK(stamp.device == 77);
	answer = -EIO;
	CHECK(get_device_system_crosststamp(device_says, &answer, NULL,
					    &stamp) == -EIO);
}

static void clocks_agree(void)
{
	static const struct timespec64 noon = { .tv_sec = 43200 };
	struct timespec64 coarse, fine;

	CHECK(!do_settimeofday64(&noon));
	CHECK(ktime_get_real_seconds() == noon.tv_sec);
	CHECK(ktime_to_timespec64(ktime_get_coarse_real()).tv_sec ==
	      noon.tv_sec);
	ktime_get_coarse_ts64(&coarse);
	ktime_get_ts64(&fine);
	CHECK(timespec64_compare(&coarse, &fine) <= 0);
	CHECK(fine.tv_sec - coarse.tv_sec <= 1);
	ktime_get_coarse_real_ts64(&coarse);
	ktime_get_real_ts64(&fine);
	CHECK(timespec64_compare(&coarse, &fine) <= 0);
	CHECK(fine.tv_sec - coarse.tv_sec <= 1);
}

static void check_time(void)
{
	timers();
	sleeps();
	busy_wait_sees_time();
	timeouts();
	rounding();
	clocks_agree();
	device_clock_is_another();
}
CHECK_GROUP(time);
