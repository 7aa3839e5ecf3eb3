// SPDX-License-Identifier: GPL-2.0-only
/*
 * workqueue.c - work items, run by a small pool of fibers.
 *
 * Stands for kernel/workqueue.c. All queues share one list of pending items in
 * order of queueing. A worker takes the first item whose queue is below its
 * max_active and which no other worker runs (Linux's non-reentrance rule).
 * Workers are made on demand: when one goes to sleep inside an item while
 * others wait, the next is started, up to WORKERS_MAX; so items that wait for
 * each other make progress. Idle workers but one end.
 *
 * Different from Linux: flush_workqueue waits until the queue is empty, also of
 * items that are queued meanwhile. CPU, node and priority are ignored.
 * A pending item's `data` holds its queue's address and the PENDING bit, any
 * item's data how often it has been disabled (disable_work).
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <dde.h>
#include <dde_workqueue.h>

#define WORKERS_MAX   4
#define RETRY_JIFFIES (HZ / 10) /* for a worker that had no memory */

/* Alignment keeps the flag bits of work->data free. */
struct workqueue_struct {
	int max_active;
	int active;  /* items being run */
	int pending; /* items in the list */
	char name[24];
} __aligned(1 << WORK_STRUCT_PWQ_SHIFT);

struct worker {
	struct task_struct *task; /* NULL: no such worker */
	struct work_struct *work; /* what it runs, NULL when idle */
	struct workqueue_struct *wq;
};

static LIST_HEAD(pending_works);
static struct worker workers[WORKERS_MAX];
static unsigned int n_workers;
static DECLARE_WAIT_QUEUE_HEAD(work_ended);

static struct workqueue_struct system_queue = {
	.max_active = WQ_DFL_ACTIVE,
	.name = "events",
};
struct workqueue_struct *system_wq = &system_queue;
struct workqueue_struct *system_percpu_wq = &system_queue;
struct workqueue_struct *system_highpri_wq = &system_queue;
struct workqueue_struct *system_long_wq = &system_queue;
struct workqueue_struct *system_bh_wq = &system_queue;
struct workqueue_struct *system_bh_highpri_wq = &system_queue;
struct workqueue_struct *system_unbound_wq = &system_queue;
struct workqueue_struct *system_dfl_wq = &system_queue;
struct workqueue_struct *system_freezable_wq = &system_queue;
struct workqueue_struct *system_power_efficient_wq = &system_queue;
DDE_EMULATED(system_wq);
DDE_EMULATED(system_percpu_wq);
DDE_EMULATED(system_highpri_wq);
DDE_EMULATED(system_long_wq);
DDE_EMULATED(system_bh_wq);
DDE_EMULATED(system_bh_highpri_wq);
DDE_EMULATED(system_unbound_wq);
DDE_EMULATED(system_dfl_wq);
DDE_EMULATED(system_freezable_wq);
DDE_EMULATED(system_power_efficient_wq);

void workqueue_softirq_action(bool highpri)
{
}
DDE_NOOP(workqueue_softirq_action, "items of WQ_BH queues run in workers too");

/* Who runs this item now? NULL: nobody. */
static struct worker *worker_of_work(const struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < WORKERS_MAX; i++) {
		if (workers[i].work == work)
			return &workers[i];
	}
	return NULL;
}

static struct workqueue_struct *work_queue_of(struct work_struct *work)
{
	return (void *)(atomic_long_read(&work->data) & WORK_STRUCT_PWQ_MASK);
}

/* Between Linux's flag bits and the queue's address. */
#define DISABLE_SHIFT WORK_STRUCT_FLAG_BITS
#define DISABLE_MASK  (~WORK_STRUCT_PWQ_MASK & ~(BIT(DISABLE_SHIFT) - 1))

static unsigned long work_disables(const struct work_struct *work)
{
	return atomic_long_read(&work->data) & DISABLE_MASK;
}

/* All but the count of disables is new. */
static void work_data_set(struct work_struct *work, unsigned long data)
{
	atomic_long_set(&work->data, data | work_disables(work));
}

/* The first item that may run now, or NULL. */
static struct work_struct *work_next(void)
{
	struct work_struct *work;

	list_for_each_entry (work, &pending_works, entry) {
		struct workqueue_struct *wq = work_queue_of(work);

		if (wq->active < wq->max_active && !worker_of_work(work))
			return work;
	}
	return NULL;
}

/*
 * PENDING is cleared before the function runs, so that an item can queue itself
 * again from inside.
 */
static void work_unlink(struct work_struct *work)
{
	work_queue_of(work)->pending--;
	list_del_init(&work->entry);
	work_data_set(work, WORK_STRUCT_NO_POOL);
}

/* The item may free itself or queue itself again while it runs. */
static void worker_run(struct worker *self, struct work_struct *work)
{
	work_func_t func = work->func;

	self->wq = work_queue_of(work);
	self->work = work;
	self->wq->active++;
	work_unlink(work);
	func(work);
	self->wq->active--;
	self->work = NULL;
	wake_up_all(&work_ended);
}

/* A worker that was just started and has no item yet counts as idle. */
static struct worker *worker_idle_other_than(const struct worker *self)
{
	unsigned int i;

	for (i = 0; i < WORKERS_MAX; i++) {
		if (workers[i].task && !workers[i].work && &workers[i] != self)
			return &workers[i];
	}
	return NULL;
}

/*
 * A worker's fiber. The last idle one stays, because work usually comes again.
 */
static void worker_main(void *arg)
{
	struct worker *self = arg;
	struct work_struct *work;

	current->flags |= PF_WQ_WORKER;
	for (;;) {
		work = work_next();
		if (work) {
			worker_run(self, work);
			yield(); /* an item may queue itself without end */
		} else if (worker_idle_other_than(self)) {
			break;
		} else {
			set_current_state(TASK_IDLE);
			schedule();
		}
	}
	self->task = NULL;
	n_workers--;
}

static void workers_kick(struct timer_list *unused);
static DEFINE_TIMER(retry_timer, workers_kick);

/*
 * Without memory the items wait for a worker to finish, or for the next try.
 * The first must be had; it comes with the driver's start, and one stays.
 */
static void worker_start(void)
{
	struct worker *worker = workers;

	if (n_workers == WORKERS_MAX)
		return;
	while (worker->task)
		worker++;
	worker->task = dde_fiber_start(worker_main, worker, "kworker");
	if (worker->task)
		n_workers++;
	else if (!n_workers)
		dde_fatal("no memory for the stack of a first worker");
	else
		mod_timer(&retry_timer, jiffies + RETRY_JIFFIES);
}

/* Someone must take the next item: an idle worker, a running one, a new one. */
static void workers_kick(struct timer_list *unused)
{
	struct worker *idle = worker_idle_other_than(NULL);
	unsigned int i;

	if (!work_next())
		return;
	if (idle) {
		wake_up_process(idle->task);
		return;
	}
	for (i = 0; i < WORKERS_MAX; i++) {
		if (workers[i].task && task_is_running(workers[i].task))
			return;
	}
	worker_start();
}

void dde_worker_sleeps(void)
{
	workers_kick(NULL);
}

/* PENDING is set as long as the item is in the list. */
static void work_insert(struct workqueue_struct *wq, struct work_struct *work)
{
	work_data_set(work, (unsigned long)wq | WORK_STRUCT_PENDING |
				    WORK_STRUCT_PWQ);
	list_add_tail(&work->entry, &pending_works);
	wq->pending++;
	workers_kick(NULL);
}

bool queue_work_on(int cpu, struct workqueue_struct *wq,
		   struct work_struct *work)
{
	if (work_pending(work) || work_disables(work))
		return false;
	work_insert(wq, work);
	return true;
}
DDE_EMULATED(queue_work_on);

bool queue_work_node(int node, struct workqueue_struct *wq,
		     struct work_struct *work)
{
	return queue_work_on(WORK_CPU_UNBOUND, wq, work);
}
DDE_EMULATED(queue_work_node);

void delayed_work_timer_fn(struct timer_list *timer)
{
	struct delayed_work *dwork = from_timer(dwork, timer, timer);

	work_insert(dwork->wq, &dwork->work);
}
DDE_EMULATED(delayed_work_timer_fn);

/* PENDING covers the time in the timer too, as drivers test it. */
bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq,
			   struct delayed_work *dwork, unsigned long delay)
{
	if (work_pending(&dwork->work) || work_disables(&dwork->work))
		return false;
	if (!delay)
		return queue_work_on(cpu, wq, &dwork->work);
	dwork->wq = wq;
	work_data_set(&dwork->work, WORK_STRUCT_PENDING);
	mod_timer(&dwork->timer, jiffies + delay);
	return true;
}
DDE_EMULATED(queue_delayed_work_on);

/*
 * Takes an item out that has not started; PENDING without a queue means that
 * its timer runs, which is cancel_delayed_work's case.
 */
bool cancel_work(struct work_struct *work)
{
	if (!work_pending(work) || !work_queue_of(work))
		return false;
	work_unlink(work);
	return true;
}
DDE_EMULATED(cancel_work);

bool cancel_delayed_work(struct delayed_work *dwork)
{
	if (timer_delete(&dwork->timer)) {
		work_data_set(&dwork->work, WORK_STRUCT_NO_POOL);
		return true;
	}
	return cancel_work(&dwork->work);
}
DDE_EMULATED(cancel_delayed_work);

bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq,
			 struct delayed_work *dwork, unsigned long delay)
{
	bool was_pending = cancel_delayed_work(dwork);

	queue_delayed_work_on(cpu, wq, dwork, delay);
	return was_pending;
}
DDE_EMULATED(mod_delayed_work_on);

/*
 * Sleeps until the item is neither pending nor running. Return: false if it was
 * idle already.
 */
bool flush_work(struct work_struct *work)
{
	if (!work_pending(work) && !worker_of_work(work))
		return false;
	wait_event(work_ended, !work_pending(work) && !worker_of_work(work));
	return true;
}
DDE_EMULATED(flush_work);

bool flush_delayed_work(struct delayed_work *dwork)
{
	if (timer_delete(&dwork->timer))
		work_insert(dwork->wq, &dwork->work);
	return flush_work(&dwork->work);
}
DDE_EMULATED(flush_delayed_work);

bool cancel_work_sync(struct work_struct *work)
{
	bool was_pending = cancel_work(work);

	wait_event(work_ended, !worker_of_work(work));
	return was_pending;
}
DDE_EMULATED(cancel_work_sync);

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	bool was_pending = cancel_delayed_work(dwork);

	wait_event(work_ended, !worker_of_work(&dwork->work));
	/* The item may have armed itself again while we waited. */
	return cancel_delayed_work(dwork) || was_pending;
}
DDE_EMULATED(cancel_delayed_work_sync);

/* Counted: as many enable_work() let it be queued again. */
static void work_disable(struct work_struct *work)
{
	if (WARN_ON(work_disables(work) == DISABLE_MASK))
		return;
	atomic_long_add(BIT(DISABLE_SHIFT), &work->data);
}

bool disable_work(struct work_struct *work)
{
	work_disable(work);
	return cancel_work(work);
}
DDE_EMULATED(disable_work);

bool disable_work_sync(struct work_struct *work)
{
	work_disable(work);
	return cancel_work_sync(work);
}
DDE_EMULATED(disable_work_sync);

bool enable_work(struct work_struct *work)
{
	if (WARN_ON(!work_disables(work)))
		return false;
	atomic_long_sub(BIT(DISABLE_SHIFT), &work->data);
	return !work_disables(work);
}
DDE_EMULATED(enable_work);

bool disable_delayed_work(struct delayed_work *dwork)
{
	work_disable(&dwork->work);
	return cancel_delayed_work(dwork);
}
DDE_EMULATED(disable_delayed_work);

bool disable_delayed_work_sync(struct delayed_work *dwork)
{
	work_disable(&dwork->work);
	return cancel_delayed_work_sync(dwork);
}
DDE_EMULATED(disable_delayed_work_sync);

bool enable_delayed_work(struct delayed_work *dwork)
{
	return enable_work(&dwork->work);
}
DDE_EMULATED(enable_delayed_work);

/* See the top of this file for the difference from Linux. */
void __flush_workqueue(struct workqueue_struct *wq)
{
	wait_event(work_ended, !wq->pending && !wq->active);
}
DDE_EMULATED(__flush_workqueue);

void drain_workqueue(struct workqueue_struct *wq)
{
	__flush_workqueue(wq);
}
DDE_EMULATED(drain_workqueue);

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags,
					 int max_active, ...)
{
	struct workqueue_struct *wq = kzalloc(sizeof(*wq), GFP_KERNEL);
	va_list args;

	if (!wq)
		return NULL;
	wq->max_active = max_active ?: WQ_DFL_ACTIVE;
	va_start(args, max_active);
	vsnprintf(wq->name, sizeof(wq->name), fmt, args);
	va_end(args);
	return wq;
}
DDE_EMULATED(alloc_workqueue);

void destroy_workqueue(struct workqueue_struct *wq)
{
	drain_workqueue(wq);
	kfree(wq);
}
DDE_EMULATED(destroy_workqueue);

void workqueue_set_min_active(struct workqueue_struct *wq, int min_active)
{
}
DDE_NOOP(workqueue_set_min_active, "workers are made when they are needed");
