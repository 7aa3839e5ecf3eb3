/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_threads.c - states, queues, reply capabilities, bindings, the choice.
 */
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

/* The object a thread waits on must be alive and hold it in its queue. */
static void note_waiting(const struct tcb *tcb)
{
	bool on_ntfn = tcb->state == THREAD_BLOCKED_NTFN;
	struct check_object *object;

	if (tcb->state != THREAD_BLOCKED_SEND &&
	    tcb->state != THREAD_BLOCKED_RECV && !on_ntfn)
		return;
	object = check_object_find(on_ntfn ? ABI_CAP_NOTIFICATION :
					     ABI_CAP_ENDPOINT,
				   tcb->blocked_on);
	assert_non_null(object);
	object->waiting++;
}

static void check_run_queue(const struct tcb *tcb)
{
	bool runnable = thread_is_runnable(tcb);

	assert_int_equal(runnable, tcb->queued || tcb == sched_current);
	assert_false(tcb->queued && tcb == sched_current);
	if (runnable && sched_current != &sched_idle)
		assert_true(tcb->priority <= sched_current->priority);
	assert_false(runnable && sched_current == &sched_idle);
	if (!tcb->queued)
		return;
	if (tcb->sched_next) {
		assert_ptr_equal(tcb->sched_next->sched_prev, tcb);
		assert_int_equal(tcb->sched_next->priority, tcb->priority);
	}
	if (tcb->sched_prev)
		assert_ptr_equal(tcb->sched_prev->sched_next, tcb);
}

static void check_own_slots(const struct tcb *tcb)
{
	struct cap caller = tcb->slot[TCB_CALLER].cap;
	struct cap reply = tcb->slot[TCB_REPLY].cap;

	assert_true(cap_is(caller, ABI_CAP_NULL) ||
		    cap_is(caller, ABI_CAP_REPLY));
	assert_true(cap_is(reply, ABI_CAP_REPLY));
	assert_true(cap_aux(reply) & REPLY_MASTER);
	assert_ptr_equal(cap_ptr(reply), tcb);
	if (tcb->state != THREAD_BLOCKED_REPLY)
		assert_false(cdt_has_child(&tcb->slot[TCB_REPLY]));
	if (tcb->state == THREAD_RUNNING || tcb->state == THREAD_RESTART)
		assert_int_equal(tcb->fault.type, ABI_FAULT_NONE);
}

static void check_thread(struct tcb *tcb)
{
	note_waiting(tcb);
	check_run_queue(tcb);
	check_own_slots(tcb);
	if (tcb->bound) {
		assert_ptr_equal(tcb->bound->bound, tcb);
		assert_non_null(
			check_object_find(ABI_CAP_NOTIFICATION, tcb->bound));
	}
}

static void check_reply(struct cap cap)
{
	struct tcb *caller = cap_ptr(cap);

	if (!cap_is(cap, ABI_CAP_REPLY) || cap_aux(cap) & REPLY_MASTER)
		return;
	if (caller != world.root)
		assert_non_null(check_object_find(ABI_CAP_THREAD, caller));
	assert_int_equal(caller->state, THREAD_BLOCKED_REPLY);
}

static unsigned int queue_length(uint64_t head_state, const struct tcb *tail,
				 const void *object, enum thread_state state)
{
	const struct tcb *tcb = (const struct tcb *)(head_state & ~3ull);
	const struct tcb *last = NULL;
	unsigned int n = 0;

	for (; tcb; tcb = tcb->ep_next) {
		assert_ptr_equal(tcb->ep_prev, last);
		assert_ptr_equal(tcb->blocked_on, object);
		assert_int_equal(tcb->state, state);
		last = tcb;
		n++;
	}
	assert_ptr_equal(tail, last);
	return n;
}

static void check_endpoint(const struct check_object *object)
{
	const struct endpoint *ep = (const struct endpoint *)object->addr;
	bool receiving = (ep->head_state & 3) == ENDPOINT_RECV;

	assert_int_equal(queue_length(ep->head_state, ep->tail, ep,
				      receiving ? THREAD_BLOCKED_RECV :
						  THREAD_BLOCKED_SEND),
			 object->waiting);
	assert_int_equal((ep->head_state & 3) == ENDPOINT_IDLE,
			 object->waiting == 0);
}

static void check_notification(const struct check_object *object)
{
	const struct notification *ntfn = (void *)object->addr;

	if (ntfn->bound)
		assert_ptr_equal(ntfn->bound->bound, ntfn);
	if (notification_is_active(ntfn)) {
		assert_int_equal(object->waiting, 0);
		return;
	}
	assert_int_equal(queue_length(ntfn->head_state, ntfn->tail, ntfn,
				      THREAD_BLOCKED_NTFN),
			 object->waiting);
	assert_int_equal(notification_has_waiters(ntfn), object->waiting > 0);
}

void check_threads(void)
{
	const struct check_object *object;
	unsigned int i;

	for (i = 0; i < check_n_slots; i++)
		check_reply(check_slots[i]->cap);
	for (i = 0; i < check_n_objects; i++) {
		object = &check_objects[i];
		if (object->tag == ABI_CAP_THREAD && !object->zombie)
			check_thread((struct tcb *)object->addr);
	}
	for (i = 0; i < check_n_objects; i++) {
		object = &check_objects[i];
		if (object->tag == ABI_CAP_ENDPOINT)
			check_endpoint(object);
		else if (object->tag == ABI_CAP_NOTIFICATION)
			check_notification(object);
	}
	assert_true(sched_current == &sched_idle ||
		    sched_current->state == THREAD_RUNNING);
}
