/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fastpath.c - short ways for the calls that servers and drivers live on.
 *
 * Call, ReplyRecv, Recv/Wait, Send as a signal, Yield, an interrupt's Ack, an
 * interrupt, a VM fault. Each short way first looks whether the case is the
 * usual one, without changing anything; if not it says false, and the general
 * way (syscall.c, invoke.c, ipc.c, the objects) does all the work from the
 * start. That one defines what happens; here the same is done with less:
 *
 * - one-step lookup: the guard and one CNode's radix make up all 64 bits;
 * - no struct call: the arguments are still in registers, and there are no
 *   extra capabilities to look up;
 * - the choice of the next thread is known: switch.h;
 * - the reply capability's neighbours in the derivation tree are known: a
 *   master and its one child are a list of their own (object/cdt.c).
 *
 * tests/unit/kernel_*.c run every scenario through both ways.
 */
#include <core/entry.h>
#include <core/fastpath.h>
#include <core/invoke.h>
#include <core/switch.h>
#include <core/thread.h>
#include <object/endpoint.h>
#include <object/notification.h>

/* Without calls between the pieces, values stay in registers. */
#define FAST inline __attribute__((always_inline))

#define EXTRA_MASK  (3ull << ABI_INFO_EXTRA_SHIFT)
#define UNWRAP_MASK (7ull << ABI_INFO_UNWRAP_SHIFT)

/* A message on its way: what the sender's registers hold. */
struct message {
	uint64_t badge;
	uint64_t info; /* no extra capabilities */
	uint64_t w0, w1, w2, w3;
};

static FAST struct cte *find(const struct tcb *tcb, uint64_t cptr)
{
	return lookup_direct(tcb->slot[TCB_CSPACE].cap, cptr, 64);
}

static FAST bool cap_allows(struct cap cap, enum abi_cap_tag tag,
			    unsigned int right)
{
	return cap_is(cap, tag) && cap_aux(cap) & right;
}

/* --- queues of endpoints and notifications; state in the low two bits ------ */

/* Take the first of the threads that wait in state @waiting. */
static FAST struct tcb *waiter_take(uintptr_t *head_state, struct tcb **tail,
				    uintptr_t waiting)
{
	struct tcb *tcb = (struct tcb *)(*head_state - waiting);
	struct tcb *next = tcb->ep_next;

	if (next) {
		next->ep_prev = NULL;
		*head_state = (uintptr_t)next | waiting;
	} else {
		*head_state = 0; /* idle */
		*tail = NULL;
	}
	return tcb;
}

/* The current thread waits, in @state, on an object that is idle or waited on
 * in the same way. */
static FAST void waiter_add(void *object, uintptr_t *head_state,
			    struct tcb **tail, uintptr_t waiting,
			    enum thread_state state)
{
	struct tcb *tcb = sched_current;
	struct tcb *last = *tail;

	tcb->state = state;
	tcb->blocked_on = object;
	tcb->ep_next = NULL;
	tcb->ep_prev = last;
	*tail = tcb;
	if (last)
		last->ep_next = tcb;
	else
		*head_state = (uintptr_t)tcb | waiting;
}

static FAST struct tcb *receiver_of(const struct endpoint *ep)
{
	return (struct tcb *)(ep->head_state - ENDPOINT_RECV);
}

static FAST bool receiver_waits(const struct endpoint *ep)
{
	return (ep->head_state & 3) == ENDPOINT_RECV;
}

static FAST void receive_wait(struct endpoint *ep, struct cap cap)
{
	sched_current->block_flags = cap_aux(cap) & ABI_RIGHT_GRANT ?
					     BLOCK_GRANT :
					     0;
	waiter_add(ep, &ep->head_state, &ep->tail, ENDPOINT_RECV,
		   THREAD_BLOCKED_RECV);
}

/* May the current thread wait on this endpoint: nothing is there to take? */
static FAST bool receive_waits(const struct tcb *tcb, const struct endpoint *ep)
{
	return (ep->head_state & 3) != ENDPOINT_SEND &&
	       !(tcb->bound && notification_is_active(tcb->bound));
}

/* --- messages -------------------------------------------------------------- */

/* Words from the fifth on; false: a buffer is missing, nothing was copied. */
static FAST bool copy_buffer(const struct tcb *from, const struct tcb *to,
			     unsigned int length)
{
	const struct abi_ipc_buffer *src = thread_buffer_find(from, false);
	struct abi_ipc_buffer *dst = thread_buffer_find(to, true);
	unsigned int i;

	if (!src || !dst || length > ABI_MSG_MAX)
		return false;
	for (i = ABI_MSG_REGS; i < length; i++)
		dst->msg[i] = src->msg[i];
	return true;
}

/* As ipc_transfer(); false as copy_buffer(). Registers beyond the message's
 * length keep their values. */
static FAST bool message_copy(const struct tcb *from, struct tcb *to,
			      const struct message *m)
{
	unsigned int length = abi_info_length(m->info);
	uint64_t *x = to->context.x;

	if (length > ABI_MSG_REGS && !copy_buffer(from, to, length))
		return false;
	x[0] = m->badge;
	x[1] = m->info & ~UNWRAP_MASK;
	if (length >= ABI_MSG_REGS) {
		x[2] = m->w0;
		x[3] = m->w1;
		x[4] = m->w2;
		x[5] = m->w3;
	} else if (length > 0) {
		x[2] = m->w0;
		if (length > 1)
			x[3] = m->w1;
		if (length > 2)
			x[4] = m->w2;
	}
	return true;
}

/* As ipc_give_reply_cap() with cdt_insert(). */
static FAST void reply_cap_give(struct tcb *from, struct tcb *to)
{
	unsigned int flags = to->block_flags & BLOCK_GRANT ? REPLY_GRANT : 0;
	struct cte *master = &from->slot[TCB_REPLY];
	struct cte *slot = &to->slot[TCB_CALLER];

	slot->cap = cap_reply(from, flags);
	slot->prev = master;
	slot->next = 0;
	master->next |= (uintptr_t)slot;
}

/* As cdt_remove(), of the only child of the caller's master. */
static FAST void reply_cap_remove(struct tcb *caller, struct cte *slot)
{
	caller->slot[TCB_REPLY].next &= CTE_FLAGS;
	*slot = (struct cte){ .cap = CAP_NULL };
}

/*
 * The current thread calls through an endpoint where somebody receives who may
 * run at once. False if not so.
 */
static FAST bool call_switch(struct tcb *from, struct cap cap,
			     const struct message *m)
{
	const unsigned int answers = ABI_RIGHT_GRANT | ABI_RIGHT_GRANT_REPLY;
	struct endpoint *ep = cap_ptr(cap);
	struct tcb *to;

	if (!cap_allows(cap, ABI_CAP_ENDPOINT, ABI_RIGHT_WRITE) ||
	    !(cap_aux(cap) & answers) || !receiver_waits(ep))
		return false;
	to = receiver_of(ep);
	if (!switch_allowed(to) || !message_copy(from, to, m))
		return false;
	waiter_take(&ep->head_state, &ep->tail, ENDPOINT_RECV);
	reply_cap_give(from, to);
	from->state = THREAD_BLOCKED_REPLY;
	to->state = THREAD_RUNNING;
	switch_to(to);
	return true;
}

/* --- notifications --------------------------------------------------------- */

void fastpath_signal(struct notification *ntfn, uint64_t badge)
{
	struct tcb *tcb = ntfn->bound;

	if (notification_has_waiters(ntfn)) {
		tcb = waiter_take(&ntfn->head_state, &ntfn->tail, NTFN_WAITING);
	} else if (notification_is_active(ntfn)) {
		ntfn->word |= badge;
		return;
	} else if (tcb && tcb->state == THREAD_BLOCKED_RECV) {
		endpoint_cancel(tcb);
	} else {
		ntfn->head_state = NTFN_ACTIVE;
		ntfn->word = badge;
		return;
	}
	tcb->context.x[0] = badge;
	tcb->state = THREAD_RUNNING;
	switch_if_better(tcb);
}

static FAST bool fast_wait(struct tcb *tcb, struct notification *ntfn)
{
	if (ntfn->bound && ntfn->bound != tcb)
		return false;
	if (notification_is_active(ntfn)) {
		notification_take(ntfn, tcb);
		return true;
	}
	waiter_add(ntfn, &ntfn->head_state, &ntfn->tail, NTFN_WAITING,
		   THREAD_BLOCKED_NTFN);
	switch_away();
	return true;
}

/* --- system calls ---------------------------------------------------------- */

/* Send: only to notifications. */
static FAST bool fast_send(struct tcb *tcb, uint64_t cptr, uint64_t info)
{
	struct cte *slot = find(tcb, cptr);

	if (!slot || info & EXTRA_MASK ||
	    !cap_allows(slot->cap, ABI_CAP_NOTIFICATION, ABI_RIGHT_WRITE))
		return false;
	fastpath_signal(cap_ptr(slot->cap), slot->cap.w1);
	return true;
}

/* Call on an interrupt handler: it decodes to Ack or to something rare. */
static FAST bool fast_ack(struct tcb *tcb, struct cap cap, uint64_t info)
{
	if (!cap_is(cap, ABI_CAP_IRQ_HANDLER) ||
	    abi_info_label(info) != ABI_IRQ_HANDLER_ACK)
		return false;
	tcb->context.x[0] = 0;
	tcb->context.x[1] = abi_info(ABI_OK, 0, 0);
	arch_irq_deactivate((unsigned int)cap.w1); /* last: a jump to it */
	return true;
}

static FAST bool fast_call(struct tcb *tcb, uint64_t cptr, struct message *m)
{
	struct cte *slot = find(tcb, cptr);

	if (!slot || m->info & EXTRA_MASK)
		return false;
	m->badge = slot->cap.w1;
	return call_switch(tcb, slot->cap, m) ||
	       fast_ack(tcb, slot->cap, m->info);
}

/* The caller gets its answer, or is restarted behind a fault that needs none.
 * False: another fault's answer has an effect, or a buffer is missing. */
static FAST bool reply_deliver(struct tcb *tcb, struct tcb *caller,
			       const struct message *m)
{
	if (caller->fault.type == ABI_FAULT_NONE)
		return message_copy(tcb, caller, m);
	if (caller->fault.type != ABI_FAULT_VM)
		return false;
	caller->fault.type = ABI_FAULT_NONE;
	caller->context.pc = caller->context.fault_pc;
	return true;
}

static FAST bool fast_reply_recv(struct tcb *tcb, uint64_t cptr,
				 struct message *m)
{
	struct cte *slot = find(tcb, cptr), *reply = &tcb->slot[TCB_CALLER];
	struct tcb *caller;
	struct endpoint *ep;

	if (!slot || m->info & EXTRA_MASK ||
	    !cap_is(reply->cap, ABI_CAP_REPLY) ||
	    !cap_allows(slot->cap, ABI_CAP_ENDPOINT, ABI_RIGHT_READ))
		return false;
	ep = cap_ptr(slot->cap);
	caller = cap_ptr(reply->cap);
	m->badge = 0;
	if (!receive_waits(tcb, ep) || !switch_allowed(caller) ||
	    !reply_deliver(tcb, caller, m))
		return false;
	reply_cap_remove(caller, reply);
	receive_wait(ep, slot->cap);
	caller->state = THREAD_RUNNING;
	switch_to(caller);
	return true;
}

static FAST bool fast_recv(struct tcb *tcb, uint64_t cptr)
{
	struct cte *slot = find(tcb, cptr);
	struct endpoint *ep;

	if (!slot)
		return false;
	if (cap_allows(slot->cap, ABI_CAP_NOTIFICATION, ABI_RIGHT_READ))
		return fast_wait(tcb, cap_ptr(slot->cap));
	ep = cap_ptr(slot->cap);
	if (!cap_allows(slot->cap, ABI_CAP_ENDPOINT, ABI_RIGHT_READ) ||
	    !cte_is_empty(&tcb->slot[TCB_CALLER]) || !receive_waits(tcb, ep))
		return false;
	receive_wait(ep, slot->cap);
	switch_away();
	return true;
}

/* Nobody ready is above the current thread: the next one is an equal. */
static FAST void fast_yield(struct tcb *tcb)
{
	if (!sched.queues[tcb->priority].head)
		return;
	queue_add_tail(tcb);
	switch_away();
}

/*
 * One function a number, each with the registers of the svc as they are: so a
 * jump leads to it, and from it to the general way or to the switch. None of
 * them calls anything before that jump, so they need no stack.
 */
#define SVC_ARGS                                                               \
	uint64_t cptr, uint64_t info, uint64_t w0, uint64_t w1, uint64_t w2,   \
		uint64_t w3, uint64_t unused, int64_t number
#define SVC_PASS cptr, info, w0, w1, w2, w3, unused, number
#define SVC_WAY	 static __attribute__((noinline)) void

/* The general way of a Call; what kernel_syscall() does for this number. */
static __attribute__((noinline)) void call_invoke(uint64_t cptr)
{
	invoke(cptr, true, true);
	switch_settle();
}

SVC_WAY enter_call(SVC_ARGS)
{
	struct message m = { 0, info, w0, w1, w2, w3 };

	(void)unused;
	(void)number;
	if (!fast_call(sched_current, cptr, &m))
		call_invoke(cptr);
}

SVC_WAY enter_reply_recv(SVC_ARGS)
{
	struct message m = { 0, info, w0, w1, w2, w3 };

	(void)unused;
	if (!fast_reply_recv(sched_current, cptr, &m))
		kernel_syscall(number);
}

SVC_WAY enter_send(uint64_t cptr, uint64_t info, int64_t number)
{
	if (!fast_send(sched_current, cptr, info))
		kernel_syscall(number);
}

SVC_WAY enter_recv(uint64_t cptr, int64_t number)
{
	if (!fast_recv(sched_current, cptr))
		kernel_syscall(number);
}

void kernel_enter(SVC_ARGS)
{
	trace(TRACE_SYSCALL, (uint64_t)number, cptr);
	if (number == ABI_SYS_CALL)
		enter_call(SVC_PASS);
	else if (number == ABI_SYS_REPLY_RECV)
		enter_reply_recv(SVC_PASS);
	else if (number == ABI_SYS_SEND)
		enter_send(cptr, info, number);
	else if (number == ABI_SYS_RECV)
		enter_recv(cptr, number);
	else if (number == ABI_SYS_YIELD)
		fast_yield(sched_current);
	else if (!KAAL_BENCH || number != ABI_SYS_BENCH_NULL)
		kernel_syscall(number);
}

bool fastpath_vm_fault(uint64_t address, uint64_t esr, bool prefetch)
{
	struct tcb *tcb = sched_current;
	struct cte *slot = find(tcb, tcb->fault_handler);
	struct message m = { .info = abi_info(ABI_FAULT_VM, 0,
					      ABI_FAULT_VM_WORDS),
			     .w0 = tcb->context.fault_pc,
			     .w1 = address,
			     .w2 = prefetch,
			     .w3 = esr & 0xffffffff };

	if (!slot)
		return false;
	m.badge = slot->cap.w1;
	if (!call_switch(tcb, slot->cap, &m))
		return false;
	tcb->fault.type = ABI_FAULT_VM;
	return true;
}
