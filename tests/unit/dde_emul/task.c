// SPDX-License-Identifier: BSD-2-Clause
/*
 * task.c - kernel threads: start, stop, park, worker threads, priorities.
 *
 * Linux's own kthread.c over fibers; the checks are of what drivers rely on.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/wait.h>
#include "check.h"

static unsigned int rounds, parked, ran;
static char order[4];
static DECLARE_WAIT_QUEUE_HEAD(never);

static int sleeper(void *arg)
{
	while (!kthread_should_stop()) {
		rounds++;
		if (kthread_should_park()) {
			parked++;
			kthread_parkme();
		}
		msleep_interruptible(4);
	}
	return *(int *)arg;
}

/* Ended by kthread_stop alone: nobody wakes its queue. */
static int waiter(void *arg)
{
	wait_event_interruptible(never, kthread_should_stop());
	return signal_pending(current) ? 5 : 6;
}

static void start_and_stop(void)
{
	struct task_struct *task;
	int answer = 42;

	task = kthread_run(sleeper, &answer, "check/%d", 7);
	CHECK(!IS_ERR(task) && !strcmp(task->comm, "check/7"));
	CHECK(task->flags & PF_KTHREAD && task->pid > 0);
	msleep(20);
	CHECK(rounds > 1);
	CHECK(kthread_stop(task) == 42);
	task = kthread_run(waiter, NULL, "waiter");
	msleep(8);
	CHECK(kthread_stop(task) == 5);
}

/* Never woken, it never runs its function, as Linux documents. */
static void stopped_before_it_ran(void)
{
	struct task_struct *task;
	int answer = 1;

	task = kthread_create(sleeper, &answer, "early");
	CHECK(!IS_ERR(task));
	rounds = 0;
	CHECK(kthread_stop(task) == -EINTR && rounds == 0);
}

static void parking(void)
{
	struct task_struct *task;
	int answer = 0;

	rounds = parked = 0;
	task = kthread_run(sleeper, &answer, "park");
	msleep(8);
	CHECK(!kthread_park(task));
	CHECK(parked == 1);
	rounds = 0;
	msleep(20);
	CHECK(rounds == 0);
	kthread_unpark(task);
	msleep(20);
	CHECK(rounds > 0);
	CHECK(kthread_stop(task) == 0);
}

/* The reference keeps the task after its end; the result can be read late. */
static int quick(void *arg)
{
	return 9;
}

static void ended_by_itself(void)
{
	struct task_struct *task = kthread_create(quick, NULL, "quick");

	get_task_struct(task);
	wake_up_process(task);
	msleep(8);
	CHECK(kthread_stop_put(task) == 9);
}

static void work_runs(struct kthread_work *work)
{
	ran++;
	msleep(4);
}

static void worker_threads(void)
{
	struct kthread_worker *worker = kthread_create_worker(0, "worker");
	struct kthread_delayed_work late;
	struct kthread_work work;

	CHECK(!IS_ERR(worker));
	sched_set_fifo(worker->task);
	kthread_init_work(&work, work_runs);
	kthread_init_delayed_work(&late, work_runs);
	CHECK(kthread_queue_work(worker, &work));
	CHECK(!kthread_queue_work(worker, &work));
	kthread_flush_work(&work);
	CHECK(ran == 1);
	CHECK(kthread_queue_delayed_work(worker, &late, 2));
	CHECK(kthread_cancel_delayed_work_sync(&late) && ran == 1);
	kthread_mod_delayed_work(worker, &late, 1);
	msleep(20);
	CHECK(ran == 2);
	kthread_queue_work(worker, &work);
	kthread_destroy_worker(worker);
	CHECK(ran == 3);
}

/* Who yields stays ready, behind the others. */
static int yields(void *name)
{
	for (unsigned int i = 0; i < 2; i++) {
		order[rounds++ % sizeof(order)] = *(char *)name;
		yield();
	}
	return 0;
}

static void taking_turns(void)
{
	struct task_struct *a, *b;

	set_tsk_thread_flag(current, TIF_SIGPENDING);
	CHECK(signal_pending(current));
	flush_signals(current);
	CHECK(!signal_pending(current));
	rounds = 0;
	a = kthread_create(yields, "a", "a");
	b = kthread_create(yields, "b", "b");
	get_task_struct(a);
	get_task_struct(b);
	wake_up_process(a);
	wake_up_process(b);
	msleep(8);
	CHECK(rounds == 4 && !memcmp(order, "abab", 4));
	kthread_stop_put(a);
	kthread_stop_put(b);
}

/* A thread that has ended leaves nothing behind. */
static void nothing_left(void)
{
	unsigned int before, i;
	int answer = 0;

	kthread_stop(kthread_run(sleeper, &answer, "first"));
	msleep(4);
	before = check_pages_left();
	for (i = 0; i < 100; i++) {
		kthread_stop(kthread_run(sleeper, &answer, "next"));
		cond_resched();
	}
	msleep(4);
	CHECK(check_pages_left() == before);
}

/* With memory used up a thread is refused, and nothing is left behind. */
static void exhaustion(void)
{
	struct task_struct *tasks[32];
	unsigned int count = 0, i;
	int answer = 0;

	for (i = 0; i < ARRAY_SIZE(tasks); i++) {
		tasks[i] = kthread_create(sleeper, &answer, "many");
		if (IS_ERR(tasks[i]))
			break;
		count++;
	}
	CHECK(count > 2 && count < ARRAY_SIZE(tasks));
	CHECK(PTR_ERR(tasks[i]) == -ENOMEM);
	for (i = 0; i < count; i++)
		kthread_stop(tasks[i]);
	msleep(4);
	tasks[0] = kthread_run(sleeper, &answer, "again");
	CHECK(!IS_ERR(tasks[0]));
	kthread_stop(tasks[0]);
}

static int wakes(void *task)
{
	wake_up_process(task);
	return 0;
}

/* Sleeping for a device is sleeping: it lasts until somebody wakes. */
static void waiting_for_a_device(void)
{
	struct task_struct *task = kthread_create(wakes, current, "wakes");

	get_task_struct(task);
	__set_current_state(TASK_UNINTERRUPTIBLE);
	wake_up_process(task);
	io_schedule();
	CHECK(task_is_running(current));
	CHECK(!kthread_stop_put(task));
}

static void check_task(void)
{
	start_and_stop();
	stopped_before_it_ran();
	parking();
	ended_by_itself();
	taking_turns();
	waiting_for_a_device();
	nothing_left();
	worker_threads();
	exhaustion();
}
CHECK_GROUP(task);
