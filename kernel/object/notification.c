/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notification.c - asynchronous events: signal, wait, poll, and binding.
 *
 * A notification is a word of bits. Signalling ORs the badge of the capability
 * used into it and never blocks; waiting takes the whole word and clears it. So
 * many signals before one wait cost one wake-up, and none is lost, but they are
 * not counted. A thread may be bound to one notification: then a receive on any
 * endpoint also ends when the notification is signalled, which is how a server
 * waits for clients and interrupts at once. Interrupts arrive as signals too.
 * Source: shared/abi.md section 8, table of states.
 */
#include <core/arch.h>
#include <core/ipc.h>
#include <core/sched.h>
#include <core/thread.h>
#include <object/endpoint.h>
#include <object/notification.h>
#include <object/queue.h>

#define STATE_BITS 3ul

static enum ntfn_state ntfn_state(const struct notification *ntfn)
{
	return (enum ntfn_state)(ntfn->head_state & STATE_BITS);
}

static struct tcb_queue ntfn_queue(const struct notification *ntfn)
{
	return (struct tcb_queue){
		(struct tcb *)(ntfn->head_state & ~STATE_BITS), ntfn->tail
	};
}

static void ntfn_set(struct notification *ntfn, struct tcb_queue queue)
{
	ntfn->head_state = (uintptr_t)queue.head |
			   (queue.head ? NTFN_WAITING : NTFN_IDLE);
	ntfn->tail = queue.tail;
}

static void wake_with_badge(struct tcb *tcb, uint64_t badge)
{
	tcb->context.x[0] = badge;
	thread_set_state(tcb, THREAD_RUNNING);
	sched_wake(tcb);
}

static struct tcb *take_waiter(struct notification *ntfn)
{
	struct tcb_queue queue = ntfn_queue(ntfn);
	struct tcb *tcb = queue.head;

	tcb_queue_remove(&queue, tcb);
	ntfn_set(ntfn, queue);
	return tcb;
}

static void activate(struct notification *ntfn, uint64_t badge)
{
	ntfn->head_state = NTFN_ACTIVE;
	ntfn->word = badge;
}

void notification_signal(struct notification *ntfn, uint64_t badge)
{
	struct tcb *bound = ntfn->bound;

	switch (ntfn_state(ntfn)) {
	case NTFN_WAITING:
		wake_with_badge(take_waiter(ntfn), badge);
		return;
	case NTFN_ACTIVE:
		ntfn->word |= badge;
		return;
	case NTFN_IDLE:
		break;
	}
	if (bound && bound->state == THREAD_BLOCKED_RECV) {
		endpoint_cancel(bound);
		wake_with_badge(bound, badge);
	} else {
		activate(ntfn, badge);
	}
}

void notification_take(struct notification *ntfn, struct tcb *tcb)
{
	tcb->context.x[0] = ntfn->word;
	ntfn->head_state = NTFN_IDLE;
}

void notification_wait(struct notification *ntfn, struct tcb *tcb,
		       bool blocking)
{
	struct tcb_queue queue;

	if (notification_is_active(ntfn)) {
		notification_take(ntfn, tcb);
	} else if (blocking) {
		queue = ntfn_queue(ntfn);
		tcb->blocked_on = ntfn;
		thread_set_state(tcb, THREAD_BLOCKED_NTFN);
		tcb_queue_append(&queue, tcb);
		ntfn_set(ntfn, queue);
	} else {
		tcb->context.x[0] = 0;
	}
}

void notification_cancel(struct tcb *tcb)
{
	struct notification *ntfn = tcb->blocked_on;
	struct tcb_queue queue = ntfn_queue(ntfn);

	tcb_queue_remove(&queue, tcb);
	ntfn_set(ntfn, queue);
}

void notification_cancel_all(struct notification *ntfn)
{
	while (ntfn_state(ntfn) == NTFN_WAITING)
		ipc_abort_wait(take_waiter(ntfn));
}

void notification_bind(struct notification *ntfn, struct tcb *tcb)
{
	ntfn->bound = tcb;
	tcb->bound = ntfn;
}

void notification_unbind(struct tcb *tcb)
{
	if (!tcb->bound)
		return;
	tcb->bound->bound = NULL;
	tcb->bound = NULL;
}
