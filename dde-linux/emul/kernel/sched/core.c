// SPDX-License-Identifier: GPL-2.0-only
/*
 * core.c - Linux tasks as fibers of one process.
 *
 * Stands for kernel/sched/core.c and what of kernel/fork.c makes a task. The
 * scheduler is cooperative and strictly first-in first-out: a fiber runs until
 * it sleeps, yields or ends, then the event loop picks the next. There is no
 * priority and no time slice, which a driver cannot tell from a UP kernel
 * without preemption. Code that runs in the loop itself (interrupt handlers,
 * timers, block requests) must not sleep, as in Linux; here that is fatal.
 *
 * A fiber's memory, from its base: struct dde_fiber, guard words, stack.
 * Owner of every field: this file. `current` is dde_current.
 */
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kernel_stat.h>
#include <linux/sched.h>
#include <linux/sched/debug.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/wake_q.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <kit.h>
#include <dde.h>
#include <dde_fiber.h>
#include <dde_workqueue.h>

#define FIBER_BYTES (3 * PAGE_SIZE)
#define GUARD_WORD  0x6b61614c46696265UL /* "kaaLFibe" */
#define GUARD_WORDS 4

struct dde_fiber {
	struct task_struct task; /* first: current is this pointer */
	struct list_head ready;	 /* in `ready_fibers`, or empty */
	void *sp;		 /* while it does not run */
	void (*fn)(void *arg);
	void *arg;
	void (*at_free)(struct task_struct *task);
	bool ended;
	unsigned long guard[GUARD_WORDS]; /* below the stack's end */
};

static struct dde_fiber loop_fiber = {
	.task.comm = "loop",
	.ready = LIST_HEAD_INIT(loop_fiber.ready),
};
struct task_struct *dde_current = &loop_fiber.task;
static LIST_HEAD(ready_fibers);

DEFINE_PER_CPU(struct kernel_stat, kstat);
DDE_EMULATED(kstat);

/* The loop counts as a fiber that is never in the ready list. */
static struct dde_fiber *fiber_of(struct task_struct *task)
{
	return container_of(task, struct dde_fiber, task);
}

bool dde_in_loop(void)
{
	return current == &loop_fiber.task;
}

/*
 * A stack overrun would first overwrite the guard words, then the task itself;
 * so the check comes after each run, and the damage stays in this process.
 */
static void guard_set(struct dde_fiber *fiber)
{
	unsigned int i;

	for (i = 0; i < GUARD_WORDS; i++)
		fiber->guard[i] = GUARD_WORD;
}

static void guard_check(const struct dde_fiber *fiber)
{
	unsigned int i;

	for (i = 0; i < GUARD_WORDS; i++) {
		if (fiber->guard[i] != GUARD_WORD)
			dde_fatal("fiber %s has overrun its stack of %lu bytes",
				  fiber->task.comm,
				  FIBER_BYTES - sizeof(*fiber));
	}
}

/* Ready twice is ready once. */
static void fiber_ready(struct dde_fiber *fiber)
{
	if (list_empty(&fiber->ready))
		list_add_tail(&fiber->ready, &ready_fibers);
	dde_pending |= DDE_PENDING_FIBER;
}

/* Leave this fiber for the loop; returns when the loop runs it again. */
static void loop_resume(struct dde_fiber *self)
{
	dde_current = &loop_fiber.task;
	kit_fiber_switch(&self->sp, loop_fiber.sp);
}

/* Runs on the fiber's own stack; its memory is freed by the loop. */
void __noreturn dde_fiber_exit(void)
{
	struct dde_fiber *self = fiber_of(current);

	self->ended = true;
	WRITE_ONCE(self->task.__state, TASK_DEAD);
	loop_resume(self);
	unreachable();
}

static void fiber_main(void *arg)
{
	struct dde_fiber *self = arg;

	self->fn(self->arg);
	dde_fiber_exit();
}

struct task_struct *dde_fiber_start(void (*fn)(void *), void *arg,
				    const char *name)
{
	/* Not GFP_KERNEL: who goes to sleep may start one (workqueue.c). */
	struct dde_fiber *fiber =
		alloc_pages_exact(FIBER_BYTES, GFP_NOWAIT | __GFP_MEMALLOC);
	static pid_t last_pid;

	if (!fiber)
		return NULL;
	memset(fiber, 0, sizeof(*fiber));
	guard_set(fiber);
	strscpy(fiber->task.comm, name, sizeof(fiber->task.comm));
	fiber->task.flags = PF_KTHREAD;
	fiber->task.pid = ++last_pid;
	refcount_set(&fiber->task.usage, 1);
	INIT_LIST_HEAD(&fiber->ready);
	fiber->fn = fn;
	fiber->arg = arg;
	fiber->sp = kit_fiber_prepare((char *)fiber + FIBER_BYTES, fiber_main,
				      fiber);
	fiber_ready(fiber);
	return &fiber->task;
}

/* Called by the loop only: fibers never switch to each other directly. */
static void fiber_run(struct dde_fiber *fiber)
{
	list_del_init(&fiber->ready);
	dde_current = &fiber->task;
	kit_fiber_switch(&loop_fiber.sp, fiber->sp);
	guard_check(fiber);
	if (fiber->ended)
		put_task_struct(&fiber->task);
}

/* Only those ready now: one that yields all the time must not stop the loop. */
void dde_fibers_run(void)
{
	LIST_HEAD(now);

	list_splice_init(&ready_fibers, &now);
	dde_pending &= ~DDE_PENDING_FIBER;
	while (!list_empty(&now))
		fiber_run(list_first_entry(&now, struct dde_fiber, ready));
}

void dde_fiber_at_free(struct task_struct *task,
		       void (*at_free)(struct task_struct *))
{
	fiber_of(task)->at_free = at_free;
}

void dde_fiber_drop(struct task_struct *task)
{
	list_del_init(&fiber_of(task)->ready);
	put_task_struct(task);
}

void __put_task_struct(struct task_struct *task)
{
	struct dde_fiber *fiber = fiber_of(task);

	if (fiber->at_free)
		fiber->at_free(task);
	free_pages_exact(fiber, FIBER_BYTES);
}
DDE_EMULATED(__put_task_struct);

/**
 * schedule - give up the processor.
 *
 * With the state still TASK_RUNNING this is a yield: the fiber stays ready, at
 * the end. Else somebody must have been told to wake it. A sleep that a signal
 * may interrupt does not begin when one (kthread_stop's) is there already.
 */
void schedule(void)
{
	struct dde_fiber *self = fiber_of(current);

	if (dde_in_loop())
		dde_fatal("sleep in atomic context, called from %px",
			  __builtin_return_address(0));
	if (unlikely(signal_pending_state(current->__state, current)))
		__set_current_state(TASK_RUNNING);
	if (task_is_running(current))
		fiber_ready(self);
	else if (current->flags & PF_WQ_WORKER)
		dde_worker_sleeps();
	loop_resume(self);
}
DDE_EMULATED(schedule);

void schedule_preempt_disabled(void)
{
	schedule();
}
DDE_EMULATED(schedule_preempt_disabled);

/* A fiber that is not the current one does not run. Return: nonzero. */
unsigned long wait_task_inactive(struct task_struct *task, unsigned int state)
{
	return !state || READ_ONCE(task->__state) & state ? 1 : 0;
}
DDE_EMULATED(wait_task_inactive);

void __sched yield(void)
{
	set_current_state(TASK_RUNNING);
	schedule();
}
DDE_EMULATED(yield);

/* Long loops call it; in the loop itself there is nobody to give way to. */
int __sched __cond_resched(void)
{
	if (dde_in_loop() || list_empty(&ready_fibers))
		return 0;
	yield();
	return 1;
}
DDE_EMULATED(__cond_resched);

/*
 * Linux's kthread_create() wakes kthreadd to make its thread. Few drivers have
 * threads, so kthreadd gets its stack when it is first woken, which shows as a
 * wake-up of nobody.
 */
static struct task_struct *first_thread(void)
{
	struct task_struct *task = NULL;

	if (dde_optional.kthreadd_start)
		task = dde_optional.kthreadd_start();
	if (!task)
		dde_fatal(
			"no memory for threads, or wake-up of no task, by %px",
			__builtin_return_address(0));
	return task;
}

/* Declared in Linux's private kernel/sched/sched.h. */
extern int try_to_wake_up(struct task_struct *task, unsigned int state,
			  int wake_flags);

/*
 * A task may be woken before it has gone to sleep: then only its state changes,
 * and schedule() finds it running. That is why no wake-up is lost.
 */
int try_to_wake_up(struct task_struct *task, unsigned int state, int wake_flags)
{
	if (unlikely(!task))
		task = first_thread();
	if (!(READ_ONCE(task->__state) & state))
		return 0;
	WRITE_ONCE(task->__state, TASK_RUNNING);
	if (task != current)
		fiber_ready(fiber_of(task));
	return 1;
}
DDE_EMULATED(try_to_wake_up);

int wake_up_process(struct task_struct *task)
{
	return try_to_wake_up(task, TASK_NORMAL, 0);
}
DDE_EMULATED(wake_up_process);

int wake_up_state(struct task_struct *task, unsigned int state)
{
	return try_to_wake_up(task, state, 0);
}
DDE_EMULATED(wake_up_state);

int default_wake_function(wait_queue_entry_t *entry, unsigned mode,
			  int wake_flags, void *key)
{
	return try_to_wake_up(entry->private, mode, wake_flags);
}
DDE_EMULATED(default_wake_function);

/* A wake queue collects tasks under a lock; here waking at once is the same. */
void wake_q_add(struct wake_q_head *head, struct task_struct *task)
{
	wake_up_process(task);
}
DDE_EMULATED(wake_q_add);

void wake_q_add_safe(struct wake_q_head *head, struct task_struct *task)
{
	wake_up_process(task);
	put_task_struct(task);
}
DDE_EMULATED(wake_q_add_safe);

void wake_up_q(struct wake_q_head *head)
{
}
DDE_NOOP(wake_up_q, "wake_q_add has woken the tasks");

int io_schedule_prepare(void)
{
	return 0;
}
DDE_NOOP(io_schedule_prepare, "no plugged requests and no I/O wait statistics");

void io_schedule_finish(int token)
{
}
DDE_NOOP(io_schedule_finish, "no plugged requests and no I/O wait statistics");

void __sched io_schedule(void)
{
	schedule();
}
DDE_EMULATED(io_schedule);

long __sched io_schedule_timeout(long timeout)
{
	return schedule_timeout(timeout);
}
DDE_EMULATED(io_schedule_timeout);
