// SPDX-License-Identifier: BSD-2-Clause
/*
 * rcu.c - read-copy-update: when callbacks run and what is waited for.
 *
 * A reader of plain RCU must not sleep, so none can be inside while another
 * task runs; a reader of sleepable RCU may, and then it is waited for.
 */
#include <linux/delay.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include "check.h"

struct item {
	struct rcu_head rcu;
	char name;
};

DEFINE_STATIC_SRCU(sleepable);
static char order[8];
static unsigned int ran;
static bool reader_inside;

static void note(struct rcu_head *rcu)
{
	if (ran < sizeof(order))
		order[ran++] = container_of(rcu, struct item, rcu)->name;
}

static void note_again(struct rcu_head *rcu)
{
	note(rcu);
	call_rcu(rcu, note);
}

/* In the order of the calls, in the loop, never from inside call_rcu. */
static void callbacks_in_order(void)
{
	struct item a = { .name = 'a' }, b = { .name = 'b' };
	struct item c = { .name = 'c' };

	ran = 0;
	rcu_read_lock();
	call_rcu(&a.rcu, note);
	call_rcu(&b.rcu, note_again);
	call_rcu(&c.rcu, note);
	CHECK(ran == 0);
	rcu_read_unlock();
	msleep(8);
	CHECK(ran == 4 && !memcmp(order, "abcb", 4));
}

/* A barrier has run what waits now, and not what callbacks have added. */
static void barrier_runs_all(void)
{
	struct item a = { .name = 'a' }, b = { .name = 'b' };

	ran = 0;
	call_rcu(&a.rcu, note_again);
	call_rcu(&b.rcu, note);
	rcu_barrier();
	CHECK(ran == 2 && !memcmp(order, "ab", 2));
	rcu_barrier();
	CHECK(ran == 3 && order[2] == 'a');
	synchronize_rcu();
	CHECK(ran == 3);
}

static struct item from_timer = { .name = 't' };

static void timer_calls(struct timer_list *timer)
{
	call_rcu(&from_timer.rcu, note);
	CHECK(ran == 0);
}

static void called_in_atomic_context(void)
{
	struct timer_list timer;

	ran = 0;
	timer_setup_on_stack(&timer, timer_calls, 0);
	mod_timer(&timer, jiffies + 1);
	msleep(20);
	CHECK(ran == 1 && order[0] == 't');
	destroy_timer_on_stack(&timer);
}

/* Freed by itself; until then its memory is nobody else's. */
static void freed_later(void)
{
	struct item *item = kmalloc(sizeof(*item), GFP_KERNEL);
	void *plain = kmalloc(sizeof(*item), GFP_KERNEL);
	void *next;

	kfree_rcu(item, rcu);
	next = kmalloc(sizeof(*item), GFP_KERNEL);
	CHECK(next != item);
	kfree(next);
	rcu_barrier();
	next = kmalloc(sizeof(*item), GFP_KERNEL);
	CHECK(next == item);
	kfree(next);
	kvfree_rcu_mightsleep(plain);
	next = kmalloc(sizeof(*item), GFP_KERNEL);
	CHECK(next == plain);
	kfree(next);
}

static void reads(struct work_struct *work)
{
	int index = srcu_read_lock(&sleepable);

	reader_inside = true;
	msleep(20);
	reader_inside = false;
	srcu_read_unlock(&sleepable, index);
}

static void reader_that_sleeps(void)
{
	struct item a = { .name = 'a' }, b = { .name = 'b' };
	struct work_struct reader;

	ran = 0;
	INIT_WORK_ONSTACK(&reader, reads);
	schedule_work(&reader);
	msleep(4);
	CHECK(reader_inside);
	call_srcu(&sleepable, &a.rcu, note);
	call_srcu(&sleepable, &b.rcu, note);
	msleep(4);
	CHECK(reader_inside && ran == 0);
	synchronize_srcu(&sleepable);
	CHECK(!reader_inside && ran == 2 && !memcmp(order, "ab", 2));
	schedule_work(&reader);
	msleep(4);
	CHECK(reader_inside);
	call_srcu(&sleepable, &a.rcu, note);
	srcu_barrier(&sleepable);
	CHECK(!reader_inside && ran == 3);
}

static void check_rcu(void)
{
	callbacks_in_order();
	barrier_runs_all();
	called_in_atomic_context();
	freed_later();
	reader_that_sleeps();
}
CHECK_GROUP(rcu);
