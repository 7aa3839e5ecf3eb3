// SPDX-License-Identifier: BSD-2-Clause
/*
 * softirq.c - tasklets, bottom halves and irq_work: later, but soon.
 */
#include <linux/bottom_half.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/preempt.h>
#include "check.h"

static unsigned int ran, depth;

static void tasklet_runs(struct tasklet_struct *tasklet)
{
	CHECK(in_softirq() && !in_hardirq());
	CHECK(!depth);
	ran++;
}

static DECLARE_TASKLET(tasklet, tasklet_runs);

static void scheduled_once(void)
{
	ran = 0;
	tasklet_schedule(&tasklet);
	tasklet_schedule(&tasklet);
	CHECK(ran == 0);
	msleep(4);
	CHECK(ran == 1);
	tasklet_hi_schedule(&tasklet);
	msleep(4);
	CHECK(ran == 2);
}

/* Disabled it waits, and runs when it is enabled. */
static void disabled(void)
{
	ran = 0;
	tasklet_disable(&tasklet);
	tasklet_schedule(&tasklet);
	msleep(4);
	CHECK(ran == 0);
	tasklet_enable(&tasklet);
	msleep(4);
	CHECK(ran == 1);
	tasklet_schedule(&tasklet);
	tasklet_kill(&tasklet);
	CHECK(ran == 2);
}

/* What is raised while bottom halves are off runs when they come back on. */
static void bottom_halves_off(void)
{
	ran = 0;
	local_bh_disable();
	depth = 1;
	CHECK(in_softirq());
	tasklet_schedule(&tasklet);
	CHECK(ran == 0);
	depth = 0;
	local_bh_enable();
	CHECK(ran == 1 && !in_softirq());
}

static void work_runs(struct irq_work *work)
{
	CHECK(in_hardirq());
	ran++;
}

static void to_self(void)
{
	struct irq_work work;

	ran = 0;
	init_irq_work(&work, work_runs);
	CHECK(irq_work_queue(&work));
	CHECK(!irq_work_queue(&work));
	CHECK(ran == 0);
	msleep(4);
	CHECK(ran == 1 && !irq_work_is_pending(&work));
	CHECK(irq_work_queue(&work));
	msleep(4);
	irq_work_sync(&work);
	CHECK(ran == 2);
}

static void check_softirq(void)
{
	scheduled_once();
	disabled();
	bottom_halves_off();
	to_self();
}
CHECK_GROUP(softirq);
