// SPDX-License-Identifier: BSD-2-Clause
/*
 * work.c - work queues, wait queues, completions and mutexes between fibers.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "check.h"

static DECLARE_COMPLETION(gate);
static DEFINE_MUTEX(lock);
static unsigned int ran, running, most_running;

static void item_sleeps(struct work_struct *work)
{
	running++;
	most_running = max(most_running, running);
	wait_for_completion(&gate);
	running--;
	ran++;
}

static void item_quick(struct work_struct *work)
{
	ran++;
}

static void item_locks(struct work_struct *work)
{
	mutex_lock(&lock);
	running++;
	most_running = max(most_running, running);
	msleep(5);
	running--;
	mutex_unlock(&lock);
	ran++;
}

static void reset(void)
{
	reinit_completion(&gate);
	ran = running = most_running = 0;
}

/* An item that sleeps must not stop the others. */
static void sleeping_item(void)
{
	struct work_struct slow, quick;

	reset();
	INIT_WORK_ONSTACK(&slow, item_sleeps);
	INIT_WORK_ONSTACK(&quick, item_quick);
	CHECK(schedule_work(&slow));
	CHECK(schedule_work(&quick));
	CHECK(!schedule_work(&quick));
	flush_work(&quick);
	CHECK(ran == 1 && running == 1);
	complete(&gate);
	CHECK(flush_work(&slow));
	CHECK(ran == 2 && !flush_work(&slow));
}

static void ordered_queue(void)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("check", 0);
	struct work_struct one, two;

	reset();
	INIT_WORK_ONSTACK(&one, item_sleeps);
	INIT_WORK_ONSTACK(&two, item_sleeps);
	queue_work(wq, &one);
	queue_work(wq, &two);
	msleep(5);
	CHECK(running == 1);
	complete_all(&gate);
	destroy_workqueue(wq);
	CHECK(ran == 2 && most_running == 1);
}

/* Queued again while it runs, an item runs once more, but not twice at once. */
static void not_reentrant(void)
{
	struct work_struct work;

	reset();
	INIT_WORK_ONSTACK(&work, item_sleeps);
	schedule_work(&work);
	msleep(5);
	CHECK(running == 1 && schedule_work(&work));
	msleep(5);
	CHECK(running == 1);
	complete_all(&gate);
	flush_work(&work);
	CHECK(ran == 2 && most_running == 1);
}

static void cancelling(void)
{
	struct delayed_work delayed;
	struct work_struct work;

	reset();
	INIT_DELAYED_WORK_ONSTACK(&delayed, item_quick);
	INIT_WORK_ONSTACK(&work, item_quick);
	CHECK(schedule_delayed_work(&delayed, 2));
	CHECK(!schedule_delayed_work(&delayed, 2));
	CHECK(cancel_delayed_work_sync(&delayed));
	CHECK(!cancel_delayed_work_sync(&delayed));
	schedule_work(&work);
	CHECK(cancel_work_sync(&work));
	msleep(20);
	CHECK(ran == 0);
	CHECK(!mod_delayed_work(system_wq, &delayed, 1000));
	CHECK(mod_delayed_work(system_wq, &delayed, 1));
	CHECK(flush_delayed_work(&delayed));
	CHECK(ran == 1);
}

static void mutual_exclusion(void)
{
	struct work_struct work[3];
	unsigned int i;

	reset();
	for (i = 0; i < ARRAY_SIZE(work); i++) {
		INIT_WORK_ONSTACK(&work[i], item_locks);
		schedule_work(&work[i]);
	}
	for (i = 0; i < ARRAY_SIZE(work); i++)
		flush_work(&work[i]);
	CHECK(ran == 3 && most_running == 1);
	CHECK(mutex_trylock(&lock));
	mutex_unlock(&lock);
}

static void check_work(void)
{
	sleeping_item();
	ordered_queue();
	not_reentrant();
	cancelling();
	mutual_exclusion();
}
CHECK_GROUP(work);
