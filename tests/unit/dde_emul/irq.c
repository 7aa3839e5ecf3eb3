// SPDX-License-Identifier: BSD-2-Clause
/*
 * irq.c - interrupts: acknowledge order, disable depth, sharing, threads.
 *
 * The fake device has an edge interrupt (1) and a level one (2).
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/preempt.h>
#include <dde_irq.h>
#include "check.h"

#define EDGE  1
#define LEVEL 2

static unsigned int handled, threaded, acks_seen;
static int cookie[2];
static irqreturn_t answer;

static irqreturn_t handler(int irq, void *dev_id)
{
	handled++;
	acks_seen = fake_acks[irq - 1];
	CHECK(in_hardirq() && irqs_disabled());
	return answer;
}

static irqreturn_t thread(int irq, void *dev_id)
{
	CHECK(!in_hardirq());
	msleep(5);
	acks_seen = fake_acks[irq - 1];
	threaded++;
	return IRQ_HANDLED;
}

static void reset(void)
{
	handled = threaded = acks_seen = 0;
	fake_acks[0] = fake_acks[1] = 0;
	answer = IRQ_HANDLED;
}

/* Let the loop run with these interrupts pending. */
static void fire(unsigned int irq)
{
	fake_events |= KIT_EVENT_IRQ(irq - 1);
	msleep(1);
}

static void acknowledge_order(void)
{
	reset();
	CHECK(!request_irq(EDGE, handler, 0, "edge", &cookie[0]));
	fire(EDGE);
	CHECK(handled == 1 && acks_seen == 1 && fake_acks[0] == 1);
	free_irq(EDGE, &cookie[0]);
	CHECK(!request_irq(LEVEL, handler, 0, "level", &cookie[0]));
	fire(LEVEL);
	CHECK(handled == 2 && acks_seen == 0 && fake_acks[1] == 1);
	free_irq(LEVEL, &cookie[0]);
}

static void disabled(void)
{
	reset();
	CHECK(!request_irq(EDGE, handler, 0, "edge", &cookie[0]));
	disable_irq(EDGE);
	disable_irq(EDGE);
	fire(EDGE);
	CHECK(handled == 0 && fake_acks[0] == 0);
	enable_irq(EDGE);
	msleep(1);
	CHECK(handled == 0);
	enable_irq(EDGE);
	msleep(1);
	CHECK(handled == 1 && fake_acks[0] == 1);
	free_irq(EDGE, &cookie[0]);
}

static void shared(void)
{
	reset();
	CHECK(!request_irq(EDGE, handler, IRQF_SHARED, "a", &cookie[0]));
	CHECK(request_irq(EDGE, handler, 0, "b", &cookie[1]) == -EBUSY);
	CHECK(!request_irq(EDGE, handler, IRQF_SHARED, "b", &cookie[1]));
	fire(EDGE);
	CHECK(handled == 2 && fake_acks[0] == 1);
	free_irq(EDGE, &cookie[0]);
	fire(EDGE);
	CHECK(handled == 3);
	free_irq(EDGE, &cookie[1]);
}

/* With nobody listening it stays quiet, and is not lost for who comes later. */
static void without_handler(void)
{
	reset();
	fire(EDGE);
	CHECK(fake_acks[0] == 0);
	CHECK(!request_irq(EDGE, handler, 0, "edge", &cookie[0]));
	msleep(1);
	CHECK(handled == 1 && fake_acks[0] == 1);
	free_irq(EDGE, &cookie[0]);
}

static void threads(void)
{
	reset();
	CHECK(!request_threaded_irq(LEVEL, NULL, thread, IRQF_ONESHOT, "thread",
				    &cookie[0]));
	fire(LEVEL);
	synchronize_irq(LEVEL);
	CHECK(threaded == 1 && acks_seen == 0 && fake_acks[1] == 1);
	free_irq(LEVEL, &cookie[0]);
	msleep(1);
}

/* An edge that comes while the thread works is not lost, nor handled twice. */
static void edge_while_thread_runs(void)
{
	reset();
	CHECK(!request_threaded_irq(EDGE, NULL, thread, IRQF_ONESHOT, "thread",
				    &cookie[0]));
	fire(EDGE);
	CHECK(threaded == 0 && fake_acks[0] == 1);
	fire(EDGE);
	free_irq(EDGE, &cookie[0]); /* waits for the thread */
	CHECK(threaded == 2 && fake_acks[0] == 2);
}

/* Requested but off: for drivers that switch their device on later. */
static void not_enabled_at_first(void)
{
	reset();
	CHECK(!request_irq(LEVEL, handler, IRQF_NO_AUTOEN, "off", &cookie[0]));
	fire(LEVEL);
	CHECK(handled == 0 && fake_acks[1] == 0);
	enable_irq(LEVEL);
	CHECK(fake_acks[1] == 1); /* if still high, it comes again */
	fire(LEVEL);
	CHECK(handled == 1 && fake_acks[1] == 2);
	fake_log_clear();
	enable_irq(LEVEL);
	CHECK(strstr(fake_log, "Unbalanced enable for IRQ 2"));
	fire(LEVEL);
	CHECK(handled == 2 && fake_acks[1] == 3);
	free_irq(LEVEL, &cookie[0]);
}

static irqreturn_t disables(int irq, void *dev_id)
{
	handled++;
	disable_irq_nosync(irq);
	return IRQ_HANDLED;
}

/* A handler that switches its own line off: quiet until enable_irq(). */
static void disabled_by_handler(void)
{
	reset();
	CHECK(!request_irq(LEVEL, disables, 0, "level", &cookie[0]));
	fire(LEVEL);
	CHECK(handled == 1 && fake_acks[1] == 0);
	enable_irq(LEVEL);
	CHECK(fake_acks[1] == 1);
	fire(LEVEL);
	CHECK(handled == 2);
	enable_irq(LEVEL);
	free_irq(LEVEL, &cookie[0]);
}

static irqreturn_t wakes(int irq, void *dev_id)
{
	handled++;
	return IRQ_WAKE_THREAD;
}

/* Two drivers on one line, each with a thread: quiet until both are done. */
static void shared_threads(void)
{
	const unsigned long flags = IRQF_SHARED | IRQF_ONESHOT;

	reset();
	CHECK(!request_threaded_irq(LEVEL, wakes, thread, flags, "a",
				    &cookie[0]));
	CHECK(!request_threaded_irq(LEVEL, wakes, thread, flags, "b",
				    &cookie[1]));
	fire(LEVEL);
	CHECK(handled == 2);
	disable_irq(LEVEL); /* waits for the threads */
	CHECK(threaded == 2 && acks_seen == 0);
	enable_irq(LEVEL);
	CHECK(fake_acks[1] == 1);
	free_irq(LEVEL, &cookie[0]);
	free_irq(LEVEL, &cookie[1]);
}

static void bad_arguments(void)
{
	CHECK(request_irq(0, handler, 0, "none", &cookie[0]) == -EINVAL);
	CHECK(request_threaded_irq(EDGE, NULL, thread, 0, "no oneshot",
				   &cookie[0]) == -EINVAL);
	CHECK(request_irq(3, handler, 0, "none", &cookie[0]) == -EINVAL);
	CHECK(request_irq(EDGE, NULL, 0, "none", &cookie[0]) == -EINVAL);
	CHECK(request_irq(EDGE, handler, IRQF_SHARED, "none", NULL) == -EINVAL);
}

/* Of Linux's kernel/irq/internals.h, which the files of its core include. */
unsigned int kstat_irqs_desc(struct irq_desc *desc, const struct cpumask *cpus);

/* Numbers in use, and how often each came. */
static void numbers(void)
{
	unsigned int before = kstat_irqs_desc(irq_to_desc(EDGE), NULL);

	CHECK(irq_get_next_irq(EDGE) == EDGE);
	CHECK(irq_get_next_irq(LEVEL + 1) > LEVEL + 1);
	reset();
	CHECK(!request_irq(EDGE, handler, 0, "count", &cookie[0]));
	fire(EDGE);
	CHECK(kstat_irqs_desc(irq_to_desc(EDGE), NULL) == before + 1);
	free_irq(EDGE, &cookie[0]);
}

/* A level that stays high for nothing must not keep the process busy. */
static void storm_is_slowed(void)
{
	unsigned int i;

	reset();
	answer = IRQ_NONE;
	CHECK(!request_irq(LEVEL, handler, 0, "storm", &cookie[0]));
	for (i = 0; i < 119; i++)
		fire(LEVEL);
	i = fake_acks[1];
	fake_events |= KIT_EVENT_IRQ(LEVEL - 1);
	usleep_range(50, 100);
	CHECK(handled == 120 && fake_acks[1] == i);
	msleep(10);
	CHECK(fake_acks[1] == i + 1);
	answer = IRQ_HANDLED;
	fire(LEVEL);
	fire(LEVEL);
	msleep(10);
	i = fake_acks[1];
	fire(LEVEL);
	CHECK(handled == 123 && fake_acks[1] == i + 1);
	free_irq(LEVEL, &cookie[0]);
}

static void ask_thrice(void)
{
	dde_irq_ask();
	dde_irq_ask();
	dde_irq_ask();
}

/* Only a handler that may share its line says what is true at any time. */
static void lost(void)
{
	reset();
	CHECK(!request_irq(EDGE, handler, 0, "alone", &cookie[0]));
	CHECK(!CHECK_ENDS(ask_thrice()) && handled == 0);
	free_irq(EDGE, &cookie[0]);
	CHECK(!request_irq(EDGE, handler, IRQF_SHARED, "edge", &cookie[0]));
	answer = IRQ_NONE;
	CHECK(!CHECK_ENDS(ask_thrice()) && handled == 3);
	answer = IRQ_HANDLED;
	dde_irq_ask();
	dde_irq_ask();
	fire(EDGE);
	dde_irq_ask();
	dde_irq_ask();
	disable_irq(EDGE);
	CHECK(!CHECK_ENDS(ask_thrice()) && handled == 8);
	enable_irq(EDGE);
	fire(EDGE);
	fake_log_clear();
	CHECK(CHECK_ENDS(ask_thrice()));
	CHECK(strstr(fake_log, "is lost: 3 times"));
	free_irq(EDGE, &cookie[0]);
}

static void check_irq(void)
{
	acknowledge_order();
	disabled();
	shared();
	without_handler();
	threads();
	edge_while_thread_runs();
	not_enabled_at_first();
	disabled_by_handler();
	shared_threads();
	bad_arguments();
	numbers();
	storm_is_slowed();
	lost();
}
CHECK_GROUP(irq);
