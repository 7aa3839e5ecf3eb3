/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_thread.c - invariants of threads, run queues and waiting queues.
 *
 * Both directions by counting: each member of a queue must be a thread in the
 * right state that names this queue, and as many threads must say that they
 * wait as all queues have members; bindings are counted alike. A dead thread
 * left in a queue, or a waiting one that is in none, makes the two sums differ.
 * Called by check.c, once for each object, while no kernel entry is half-way:
 * run queues are settled then.
 */
#include <core/check.h>
#include <core/sched.h>
#include <object/endpoint.h>
#include <object/notification.h>

#define PRIORITIES 256u
#define WORD_BITS  64u

static struct {
	uint64_t waiting, members;
	uint64_t queued, ready;
	uint64_t bound_threads, bound_notifications;
} count;

void check_threads_begin(void)
{
	count.waiting = count.members = count.queued = count.ready = 0;
	count.bound_threads = count.bound_notifications = 0;
}

/* --- one thread --- */

static void check_own_slots(const struct tcb *tcb)
{
	struct cap cspace = tcb->slot[TCB_CSPACE].cap;
	struct cap vspace = tcb->slot[TCB_VSPACE].cap;
	struct cap frame = tcb->slot[TCB_IPC_FRAME].cap;
	struct cap caller = tcb->slot[TCB_CALLER].cap;

	check_that(cap_is(cspace, ABI_CAP_NULL) ||
			   cap_is(cspace, ABI_CAP_CNODE) ||
			   cap_is(cspace, ABI_CAP_ZOMBIE),
		   "check: CSpace slot of a thread", tcb, cspace.w0, cspace.w1);
	check_that(cap_is(vspace, ABI_CAP_NULL) ||
			   cap_is(vspace, ABI_CAP_VSPACE),
		   "check: VSpace slot of a thread", tcb, vspace.w0, vspace.w1);
	check_that(cap_is(frame, ABI_CAP_NULL) ||
			   (cap_is(frame, ABI_CAP_FRAME) &&
			    !frame_is_device(frame)),
		   "check: IPC buffer slot of a thread", tcb, frame.w0,
		   frame.w1);
	check_that(cap_is(caller, ABI_CAP_NULL) ||
			   cap_is(caller, ABI_CAP_REPLY),
		   "check: caller slot of a thread", tcb, caller.w0, caller.w1);
}

static void check_bound(const struct tcb *tcb)
{
	if (!tcb->bound)
		return;
	count.bound_threads++;
	check_that(tcb->bound->bound == tcb,
		   "check: bound notification names another thread", tcb,
		   (uintptr_t)tcb->bound, (uintptr_t)tcb->bound->bound);
}

static bool is_waiting(const struct tcb *tcb)
{
	return tcb->state == THREAD_BLOCKED_SEND ||
	       tcb->state == THREAD_BLOCKED_RECV ||
	       tcb->state == THREAD_BLOCKED_NTFN;
}

void check_tcb(const struct tcb *tcb)
{
	bool current = tcb == sched_current;

	count.waiting += is_waiting(tcb);
	count.queued += tcb->queued;
	check_that(tcb->state < THREAD_IDLE, "check: thread state", tcb,
		   tcb->state, THREAD_IDLE);
	check_that(thread_is_runnable(tcb) == (tcb->queued || current),
		   "check: state, and being in a run queue", tcb, tcb->state,
		   tcb->queued);
	check_that(!thread_is_runnable(tcb) ||
			   tcb->fault.type == ABI_FAULT_NONE,
		   "check: running thread with a fault", tcb, tcb->state,
		   tcb->fault.type);
	check_own_slots(tcb);
	check_bound(tcb);
}

/* Its last capability is a zombie: nothing may still lead to it. */
void check_dead_tcb(const struct tcb *tcb)
{
	check_that(tcb->state == THREAD_INACTIVE && !tcb->queued &&
			   tcb != sched_current,
		   "check: half-deleted thread can still run", tcb, tcb->state,
		   tcb->queued);
	check_that(!tcb->bound, "check: half-deleted thread is bound", tcb,
		   (uintptr_t)tcb->bound, 0);
}

/* --- waiting queues --- */

/* All members wait in @state on @object; returns how many there are. */
static uint64_t check_queue(uintptr_t head_state, const struct tcb *tail,
			    const void *object, enum thread_state state)
{
	const struct tcb *tcb = (const struct tcb *)(head_state & ~3ull);
	const struct tcb *last = NULL;
	uint64_t n = 0;

	for (; tcb; tcb = tcb->ep_next) {
		check_that(tcb->ep_prev == last,
			   "check: waiting queue, link back", tcb,
			   (uintptr_t)tcb->ep_prev, (uintptr_t)last);
		check_that(tcb->state == state && tcb->blocked_on == object,
			   "check: waits, but not here", tcb, tcb->state,
			   (uintptr_t)tcb->blocked_on);
		last = tcb;
		n++;
	}
	check_that(n == 0 || tail == last, "check: tail of a waiting queue",
		   object, (uintptr_t)tail, (uintptr_t)last);
	count.members += n;
	return n;
}

void check_endpoint(const void *endpoint)
{
	const struct endpoint *ep = endpoint;
	unsigned int state = ep->head_state & 3;
	uint64_t n;

	n = check_queue(ep->head_state, ep->tail, ep,
			state == ENDPOINT_RECV ? THREAD_BLOCKED_RECV :
						 THREAD_BLOCKED_SEND);
	check_that((state == ENDPOINT_IDLE) == (n == 0) && state != 3,
		   "check: endpoint state and its queue", ep, state, n);
}

void check_notification(const void *notification)
{
	const struct notification *ntfn = notification;
	unsigned int state = ntfn->head_state & 3;
	uint64_t n;

	n = check_queue(ntfn->head_state, ntfn->tail, ntfn,
			THREAD_BLOCKED_NTFN);
	check_that((state == NTFN_WAITING) == (n != 0) && state != 3,
		   "check: notification state and its queue", ntfn, state, n);
	if (!ntfn->bound)
		return;
	count.bound_notifications++;
	check_that(ntfn->bound->bound == ntfn,
		   "check: bound thread names another notification", ntfn,
		   (uintptr_t)ntfn->bound, (uintptr_t)ntfn->bound->bound);
}

/* --- run queues --- */

static void check_run_queue(struct sched_queue queue, unsigned int priority)
{
	const struct tcb *tcb, *last = NULL;

	check_that(queue.ready == (queue.head != NULL),
		   "check: ready bit of a run queue", queue.head, priority,
		   queue.ready);
	for (tcb = queue.head; tcb; tcb = tcb->sched_next) {
		check_that(tcb->sched_prev == last,
			   "check: run queue, link back", tcb,
			   (uintptr_t)tcb->sched_prev, (uintptr_t)last);
		check_that(tcb->queued && tcb->priority == priority,
			   "check: thread in the wrong run queue", tcb,
			   tcb->priority, priority);
		last = tcb;
		count.ready++;
	}
	check_that(!last || queue.tail == last, "check: tail of a run queue",
		   last, (uintptr_t)queue.tail, priority);
}

static void check_run_queues(void)
{
	struct sched_queue queue;
	unsigned int i;
	bool any = false;

	for (i = 0; i < PRIORITIES; i++) {
		queue = sched_queue_at(i);
		check_run_queue(queue, i);
		check_that(!queue.head || i <= sched_current->priority,
			   "check: a better thread than the current is ready",
			   queue.head, i, sched_current->priority);
		any = (i % WORD_BITS && any) || queue.ready;
		if (i % WORD_BITS == WORD_BITS - 1)
			check_that(any == queue.word_ready,
				   "check: ready bit of 64 run queues", NULL,
				   i / WORD_BITS, any);
	}
}

void check_threads_end(void)
{
	check_run_queues();
	check_that(count.ready == count.queued,
		   "check: threads in run queues, and those that say so", NULL,
		   count.ready, count.queued);
	check_that(count.members == count.waiting,
		   "check: threads in waiting queues, and those that wait",
		   NULL, count.members, count.waiting);
	check_that(count.bound_threads == count.bound_notifications,
		   "check: bound threads, and bound notifications", NULL,
		   count.bound_threads, count.bound_notifications);
	check_that(sched_current->state == THREAD_RUNNING ||
			   sched_current == &sched_idle,
		   "check: state of the current thread", sched_current,
		   sched_current->state, THREAD_RUNNING);
}
