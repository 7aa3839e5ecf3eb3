/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * endpoint.c - synchronous message passing: queueing, rendezvous, cancelling.
 *
 * An endpoint holds threads, never messages. Whoever comes first waits in the
 * FIFO with its message still in its own registers and buffer; when the other
 * side comes, the message is copied straight from thread to thread
 * (core/ipc.c). So an endpoint needs 16 bytes, and sending can never fail for
 * want of memory. What the sender may do (its badge, whether it calls, whether
 * it may grant) is noted in its TCB while it waits, because the capability it
 * used may change meanwhile. Source: shared/abi.md section 8.
 */
#include <core/arch.h>
#include <core/ipc.h>
#include <core/sched.h>
#include <core/thread.h>
#include <object/endpoint.h>
#include <object/notification.h>
#include <object/queue.h>

#define STATE_BITS 3ul

static enum endpoint_state ep_state(const struct endpoint *ep)
{
	return (enum endpoint_state)(ep->head_state & STATE_BITS);
}

static struct tcb_queue ep_queue(const struct endpoint *ep)
{
	return (struct tcb_queue){ (struct tcb *)(ep->head_state & ~STATE_BITS),
				   ep->tail };
}

static void ep_set(struct endpoint *ep, struct tcb_queue queue,
		   enum endpoint_state state)
{
	if (!queue.head)
		state = ENDPOINT_IDLE;
	ep->head_state = (uintptr_t)queue.head | state;
	ep->tail = queue.tail;
}

static void ep_wait(struct endpoint *ep, struct tcb *tcb,
		    enum endpoint_state state)
{
	struct tcb_queue queue = ep_queue(ep);

	tcb->blocked_on = ep;
	tcb_queue_append(&queue, tcb);
	ep_set(ep, queue, state);
}

/* Take the first thread out of the queue. */
static struct tcb *ep_take(struct endpoint *ep)
{
	struct tcb_queue queue = ep_queue(ep);
	struct tcb *tcb = queue.head;

	tcb_queue_remove(&queue, tcb);
	ep_set(ep, queue, ep_state(ep));
	return tcb;
}

/* The message has arrived; what becomes of a sender that wants an answer. */
static void settle_sender(struct tcb *from, struct tcb *to, unsigned int flags,
			  bool receiver_grant)
{
	if (flags & (BLOCK_GRANT | BLOCK_GRANT_REPLY))
		ipc_give_reply_cap(from, to, receiver_grant);
	else
		thread_set_state(from, THREAD_INACTIVE);
}

void endpoint_send(struct endpoint *ep, struct tcb *from, uint64_t badge,
		   unsigned int flags, bool blocking)
{
	struct tcb *to;

	if (ep_state(ep) != ENDPOINT_RECV) {
		if (!blocking)
			return;
		from->block_badge = badge;
		from->block_flags = flags;
		thread_set_state(from, THREAD_BLOCKED_SEND);
		ep_wait(ep, from, ENDPOINT_SEND);
		return;
	}
	to = ep_take(ep);
	ipc_transfer(from, to, ep, badge, flags & BLOCK_GRANT);
	thread_set_state(to, THREAD_RUNNING);
	sched_wake(to); /* before the sender blocks: a direct switch */
	if (flags & BLOCK_CALL)
		settle_sender(from, to, flags, to->block_flags & BLOCK_GRANT);
}

static void receive_from(struct endpoint *ep, struct tcb *to, bool grant)
{
	struct tcb *from = ep_take(ep);
	unsigned int flags = from->block_flags;

	ipc_transfer(from, to, ep, from->block_badge, flags & BLOCK_GRANT);
	if (flags & BLOCK_CALL) {
		settle_sender(from, to, flags, grant);
		return;
	}
	thread_set_state(from, THREAD_RUNNING);
	sched_wake(from);
}

void endpoint_receive(struct endpoint *ep, struct tcb *to, unsigned int flags,
		      bool blocking)
{
	if (to->bound && notification_is_active(to->bound)) {
		notification_take(to->bound, to);
	} else if (ep_state(ep) == ENDPOINT_SEND) {
		receive_from(ep, to, flags & BLOCK_GRANT);
	} else if (blocking) {
		to->block_flags = flags;
		thread_set_state(to, THREAD_BLOCKED_RECV);
		ep_wait(ep, to, ENDPOINT_RECV);
	} else {
		to->context.x[0] = 0;
	}
}

void endpoint_cancel(struct tcb *tcb)
{
	struct endpoint *ep = tcb->blocked_on;
	struct tcb_queue queue = ep_queue(ep);

	tcb_queue_remove(&queue, tcb);
	ep_set(ep, queue, ep_state(ep));
}

void endpoint_cancel_all(struct endpoint *ep)
{
	while (ep_state(ep) != ENDPOINT_IDLE)
		ipc_abort_wait(ep_take(ep));
}

void endpoint_cancel_badged(struct endpoint *ep, uint64_t badge)
{
	struct tcb_queue queue = ep_queue(ep);
	struct tcb *tcb, *next;

	if (ep_state(ep) != ENDPOINT_SEND)
		return;
	for (tcb = queue.head; tcb; tcb = next) {
		next = tcb->ep_next;
		if (tcb->block_badge != badge)
			continue;
		tcb_queue_remove(&queue, tcb);
		ipc_abort_wait(tcb);
	}
	ep_set(ep, queue, ENDPOINT_SEND);
}
