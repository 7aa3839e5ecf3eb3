// SPDX-License-Identifier: BSD-2-Clause
/*
 * waits.c - wait queues and completions: who is woken, what a wait answers; and
 * work and timers that start themselves again and are cancelled meanwhile.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "check.h"

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_COMPLETION(done);
static unsigned int passed, ran;
static bool open, running;

static void reset(void)
{
	passed = ran = 0;
	open = running = false;
	reinit_completion(&done);
}

static int stopped(int (*function)(void *))
{
	struct task_struct *task = kthread_run(function, NULL, "waits");

	CHECK(!IS_ERR(task));
	msleep(8);
	return kthread_stop(task);
}

/* --- wait queues ---------------------------------------------------------- */

static void alone(struct work_struct *work)
{
	wait_event_interruptible_exclusive(queue, open);
	passed++;
}

static void together(struct work_struct *work)
{
	wait_event(queue, open);
	passed++;
}

/* One wake-up: all who wait together, but of the exclusive ones the first. */
static void exclusive_waiters(void)
{
	struct work_struct work[3];
	unsigned int i;

	reset();
	for (i = 0; i < ARRAY_SIZE(work); i++) {
		INIT_WORK_ONSTACK(&work[i], i ? alone : together);
		schedule_work(&work[i]);
	}
	msleep(8);
	CHECK(passed == 0 && waitqueue_active(&queue));
	wake_up(&queue);
	msleep(8);
	CHECK(passed == 0); /* the condition does not hold */
	open = true;
	wake_up(&queue);
	msleep(8);
	CHECK(passed == 2);
	wake_up_all(&queue);
	for (i = 0; i < ARRAY_SIZE(work); i++)
		flush_work(&work[i]);
	CHECK(passed == 3 && !waitqueue_active(&queue));
}

static void opens(struct work_struct *work)
{
	open = true;
	wake_up(&queue);
}

static int waits_for_open(void *unused)
{
	return wait_event_interruptible_timeout(queue, open, 1000);
}

/* 0 is too late; else what was left of the time, at least 1. */
static void timeouts(void)
{
	struct delayed_work opener;
	unsigned long before = jiffies;
	long left;

	reset();
	CHECK(wait_event_timeout(queue, open, 5) == 0);
	CHECK(!time_before(jiffies, before + 5));
	CHECK(stopped(waits_for_open) == -ERESTARTSYS);
	INIT_DELAYED_WORK_ONSTACK(&opener, opens);
	schedule_delayed_work(&opener, 3);
	left = wait_event_timeout(queue, open, 500);
	CHECK(left > 0 && left <= 497);
	CHECK(wait_event_timeout(queue, open, 0) == 1);
	flush_delayed_work(&opener);
}

/* --- completions ---------------------------------------------------------- */

static int waits_for_done(void *unused)
{
	return wait_for_completion_interruptible(&done);
}

/* Each complete() lets one in, also one who comes later. */
static void completions(void)
{
	reset();
	CHECK(!try_wait_for_completion(&done) && !completion_done(&done));
	complete(&done);
	complete(&done);
	CHECK(completion_done(&done));
	wait_for_completion(&done);
	CHECK(try_wait_for_completion(&done));
	CHECK(!try_wait_for_completion(&done));
	CHECK(stopped(waits_for_done) == -ERESTARTSYS);
	CHECK(!wait_for_completion_timeout(&done, 2));
	complete_all(&done);
	CHECK(try_wait_for_completion(&done) && try_wait_for_completion(&done));
	CHECK(wait_for_completion_interruptible_timeout(&done, 5) == 5);
	reinit_completion(&done);
	CHECK(!completion_done(&done));
}

/* --- work that starts itself again ---------------------------------------- */

static void again(struct work_struct *work)
{
	running = true;
	msleep(8);
	schedule_delayed_work(to_delayed_work(work), 1);
	running = false;
	ran++;
}

/* A cancel waits for the run that is on and refuses what that run queues. */
static void cancelled_while_it_runs(void)
{
	struct delayed_work self;

	reset();
	INIT_DELAYED_WORK_ONSTACK(&self, again);
	schedule_delayed_work(&self, 0);
	while (!running)
		msleep(1);
	cancel_delayed_work_sync(&self);
	CHECK(!running && ran == 1 && !delayed_work_pending(&self));
	msleep(20);
	CHECK(ran == 1);
	schedule_delayed_work(&self, 0); /* not refused for ever */
	while (ran < 3)
		msleep(1);
	cancel_delayed_work_sync(&self);
	destroy_delayed_work_on_stack(&self);
}

static void cancels_itself(struct work_struct *work)
{
	schedule_delayed_work(to_delayed_work(work), 1);
	CHECK(cancel_delayed_work(to_delayed_work(work)));
	ran++;
}

static void cancelled_from_within(void)
{
	struct delayed_work self;

	reset();
	INIT_DELAYED_WORK_ONSTACK(&self, cancels_itself);
	schedule_delayed_work(&self, 0);
	msleep(30);
	CHECK(ran == 1 && !delayed_work_pending(&self));
	destroy_delayed_work_on_stack(&self);
}

/* --- timers that start themselves again ----------------------------------- */

static void ticks(struct timer_list *timer)
{
	ran++;
	mod_timer(timer, jiffies + 1);
}

static void ticks_until_shut(struct timer_list *timer)
{
	if (++ran == 3)
		timer_shutdown(timer);
	mod_timer(timer, jiffies + 1);
}

static void periodic_timers(void)
{
	struct timer_list timer;

	reset();
	timer_setup_on_stack(&timer, ticks, 0);
	mod_timer(&timer, jiffies + 1);
	msleep(40);
	CHECK(ran >= 3 && timer_pending(&timer));
	CHECK(timer_delete_sync(&timer) == 1 && !timer_pending(&timer));
	CHECK(timer_delete_sync(&timer) == 0);
	ran = 0;
	msleep(20);
	CHECK(ran == 0);
	CHECK(timer_reduce(&timer, jiffies + 100) == 0);
	CHECK(timer_reduce(&timer, jiffies + 1) == 1);
	msleep(20);
	CHECK(ran > 0);
	timer_delete_sync(&timer);
	destroy_timer_on_stack(&timer);
	ran = 0;
	timer_setup_on_stack(&timer, ticks_until_shut, 0);
	mod_timer(&timer, jiffies + 1);
	msleep(60);
	CHECK(ran == 3 && !timer_pending(&timer));
	destroy_timer_on_stack(&timer);
}

static void check_waits(void)
{
	exclusive_waiters();
	timeouts();
	completions();
	cancelled_while_it_runs();
	cancelled_from_within();
	periodic_timers();
}
CHECK_GROUP(waits);
