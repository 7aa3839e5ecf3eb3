// SPDX-License-Identifier: BSD-2-Clause
/*
 * queues.c - Linux's ready-made work queues, and items taken back from them.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include "check.h"

static unsigned int ran;

static void run(struct work_struct *work)
{
	ran++;
}

/* Every queue that drivers find ready runs an item, and its flush waits. */
static void ready_made(void)
{
	struct workqueue_struct *queues[] = {
		system_wq,	     system_highpri_wq,
		system_long_wq,	     system_unbound_wq,
		system_freezable_wq, system_percpu_wq,
		system_dfl_wq,	     system_power_efficient_wq,
		system_bh_wq,	     system_bh_highpri_wq,
	};
	struct work_struct work;

	INIT_WORK_ONSTACK(&work, run);
	for (unsigned int i = 0; i < ARRAY_SIZE(queues); i++) {
		ran = 0;
		CHECK(queue_work(queues[i], &work));
		CHECK(flush_work(&work) && ran == 1);
	}
	destroy_work_on_stack(&work);
}

static void flushed_and_drained(void)
{
	struct workqueue_struct *queue = alloc_workqueue("check", 0, 0);
	struct work_struct work;

	INIT_WORK_ONSTACK(&work, run);
	ran = 0;
	CHECK(queue_work(queue, &work));
	__flush_workqueue(queue);
	CHECK(ran == 1 && queue_work_node(NUMA_NO_NODE, queue, &work));
	drain_workqueue(queue);
	CHECK(ran == 2 && !flush_work(&work));
	destroy_workqueue(queue);
	destroy_work_on_stack(&work);
}

/* An item taken back before its turn never runs; later it may again. */
static void taken_back(void)
{
	struct delayed_work late;
	struct work_struct work;

	INIT_WORK_ONSTACK(&work, run);
	INIT_DELAYED_WORK_ONSTACK(&late, run);
	ran = 0;
	CHECK(schedule_work(&work) && cancel_work(&work) &&
	      !cancel_work(&work));
	CHECK(schedule_delayed_work(&late, 2) && cancel_delayed_work(&late));
	CHECK(!cancel_delayed_work(&late));
	msleep(30);
	CHECK(ran == 0);
	CHECK(schedule_delayed_work(&late, 1) && flush_delayed_work(&late));
	CHECK(ran == 1);
	destroy_delayed_work_on_stack(&late);
	destroy_work_on_stack(&work);
}

static DECLARE_COMPLETION(gate);

static void sleep_at_gate(struct work_struct *work)
{
	wait_for_completion(&gate);
}

/* An item that no worker can be made for runs when memory is back, although
 * the only worker goes on sleeping. */
static void without_memory(void)
{
	struct work_struct slow, quick;
	void *all;

	INIT_WORK_ONSTACK(&slow, sleep_at_gate);
	INIT_WORK_ONSTACK(&quick, run);
	ran = 0;
	schedule_work(&slow);
	msleep(5);
	all = check_memory_take();
	CHECK(schedule_work(&quick));
	msleep(20);
	CHECK(ran == 0);
	check_memory_give(all);
	msleep(250);
	CHECK(ran == 1);
	complete(&gate);
	flush_work(&slow);
	destroy_work_on_stack(&quick);
	destroy_work_on_stack(&slow);
}

static bool enough;

static void queue_again(struct work_struct *work)
{
	if (!enough && ++ran < 10000000)
		schedule_work(work);
}

static void say_enough(struct timer_list *unused)
{
	enough = true;
}

/* An item that queues itself again must not keep the loop from timers. */
static void without_end(void)
{
	struct timer_list timer;
	struct work_struct work;

	ran = 0;
	INIT_WORK_ONSTACK(&work, queue_again);
	timer_setup_on_stack(&timer, say_enough, 0);
	mod_timer(&timer, jiffies + 1);
	schedule_work(&work);
	while (flush_work(&work))
		;
	CHECK(enough && ran < 10000000);
	destroy_timer_on_stack(&timer);
	destroy_work_on_stack(&work);
}

/* As often as it was disabled it must be enabled, before it runs again. */
static void disabled(void)
{
	struct delayed_work late;
	struct work_struct work;

	INIT_WORK_ONSTACK(&work, run);
	INIT_DELAYED_WORK_ONSTACK(&late, run);
	ran = 0;
	CHECK(schedule_work(&work) && disable_work(&work));
	CHECK(!disable_work_sync(&work) && !schedule_work(&work));
	CHECK(!enable_work(&work) && !schedule_work(&work));
	CHECK(enable_work(&work) && ran == 0);
	CHECK(schedule_work(&work) && flush_work(&work) && ran == 1);
	CHECK(schedule_delayed_work(&late, 1) &&
	      disable_delayed_work_sync(&late));
	CHECK(!disable_delayed_work(&late) && !schedule_delayed_work(&late, 1));
	msleep(20);
	CHECK(ran == 1 && !enable_delayed_work(&late));
	CHECK(enable_delayed_work(&late) && schedule_delayed_work(&late, 1));
	CHECK(flush_delayed_work(&late) && ran == 2);
	destroy_delayed_work_on_stack(&late);
	destroy_work_on_stack(&work);
}

static void check_queues(void)
{
	disabled();
	ready_made();
	flushed_and_drained();
	taken_back();
	without_memory();
	without_end();
}
CHECK_GROUP(queues);
