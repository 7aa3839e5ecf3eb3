/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc.c - message transfer: words, capabilities, replies.
 *
 * The first four words travel in x2..x5, the rest in the IPC buffers, which the
 * kernel reaches through the direct map and the frame capability in each TCB.
 * Extra capabilities are looked up in the sender's CSpace at this moment, not
 * when the sender began to wait. Source: shared/abi.md section 8.
 */
#include <core/arch.h>
#include <core/fault.h>
#include <core/ipc.h>
#include <core/lookup.h>
#include <core/sched.h>
#include <core/thread.h>
#include <object/cap_ops.h>

bool ipc_set_word(struct tcb *tcb, struct abi_ipc_buffer *buffer,
		  unsigned int i, uint64_t value)
{
	if (i < ABI_MSG_REGS)
		tcb->context.x[2 + i] = value;
	else if (buffer)
		buffer->msg[i] = value;
	else
		return false;
	return true;
}

uint64_t ipc_word(const struct tcb *tcb, const struct abi_ipc_buffer *buffer,
		  unsigned int i)
{
	return i < ABI_MSG_REGS ? tcb->context.x[2 + i] : buffer->msg[i];
}

/* Copy up to @length words; returns how many arrived. */
static unsigned int copy_words(struct tcb *from,
			       const struct abi_ipc_buffer *src, struct tcb *to,
			       struct abi_ipc_buffer *dst, unsigned int length)
{
	unsigned int i;

	for (i = 0; i < length && i < ABI_MSG_REGS; i++)
		to->context.x[2 + i] = from->context.x[2 + i];
	if (!src || !dst)
		return i;
	for (; i < length; i++)
		dst->msg[i] = src->msg[i];
	return i;
}

/* The empty slot that the receiver named for a capability, or NULL. */
static struct cte *receive_slot(struct tcb *to,
				const struct abi_ipc_buffer *buffer)
{
	struct lookup cnode = lookup_cap(to, buffer->receive_cnode);
	struct lookup found;

	if (!cnode.slot || buffer->receive_depth < 1 ||
	    buffer->receive_depth > 64)
		return NULL;
	found = lookup_exact(cnode.slot->cap, buffer->receive_index,
			     buffer->receive_depth);
	if (!found.slot || !cte_is_empty(found.slot))
		return NULL;
	return found.slot;
}

/* Look up the sender's extra capabilities; one that fails drops them all. */
static unsigned int find_extra(struct tcb *from,
			       const struct abi_ipc_buffer *buffer,
			       struct cte *slots[ABI_EXTRA_CAPS_MAX])
{
	unsigned int n = abi_info_extra(from->context.x[1]);
	unsigned int i;

	if (!buffer)
		return 0;
	for (i = 0; i < n; i++) {
		slots[i] = lookup_cap(from, buffer->caps_or_badges[i]).slot;
		if (!slots[i])
			return 0;
	}
	return n;
}

/* Derive the capability in @source into @dst; false if it does not derive. */
static bool give_cap(struct cte *source, struct cte *dst)
{
	struct cap cap;

	if (cap_derive(source, source->cap, &cap) || cap.w0 == 0)
		return false;
	cdt_insert_copy(dst, cap, source);
	return true;
}

/* Returns the extraCaps and capsUnwrapped bits of the delivered info. */
static uint64_t transfer_caps(struct cte **slots, unsigned int n,
			      const struct endpoint *ep, struct tcb *to,
			      struct abi_ipc_buffer *buffer)
{
	struct cte *dst;
	uint64_t unwrapped = 0;
	struct cap cap;
	unsigned int i;

	if (n == 0 || !buffer)
		return 0;
	dst = receive_slot(to, buffer);
	for (i = 0; i < n; i++) {
		cap = slots[i]->cap;
		if (ep && cap_is(cap, ABI_CAP_ENDPOINT) &&
		    cap_ptr(cap) == (const void *)ep) {
			buffer->caps_or_badges[i] = cap.w1;
			unwrapped |= 1u << i;
			continue;
		}
		if (!dst || !give_cap(slots[i], dst))
			break;
		dst = NULL;
	}
	return unwrapped << ABI_INFO_UNWRAP_SHIFT |
	       (uint64_t)i << ABI_INFO_EXTRA_SHIFT;
}

static uint64_t transfer_message(struct tcb *from, struct tcb *to,
				 const struct endpoint *ep, bool grant)
{
	uint64_t info = from->context.x[1];
	unsigned int length = abi_info_length(info);
	unsigned int n_extra = 0;
	struct abi_ipc_buffer *src = NULL, *dst = NULL;
	struct cte *extra[ABI_EXTRA_CAPS_MAX];

	if (length > ABI_MSG_REGS || (grant && abi_info_extra(info))) {
		src = thread_buffer(from, false);
		dst = thread_buffer(to, true);
	}
	if (length > ABI_MSG_MAX)
		length = ABI_MSG_MAX;
	if (grant && abi_info_extra(info))
		n_extra = find_extra(from, src, extra);
	length = copy_words(from, src, to, dst, length);
	return abi_info_label(info) << ABI_INFO_LABEL_SHIFT | length |
	       transfer_caps(extra, n_extra, ep, to, dst);
}

void ipc_transfer(struct tcb *from, struct tcb *to, const struct endpoint *ep,
		  uint64_t badge, bool grant)
{
	if (from->fault.type == ABI_FAULT_NONE)
		to->context.x[1] = transfer_message(from, to, ep, grant);
	else
		to->context.x[1] = fault_write_message(from, to);
	to->context.x[0] = badge;
}

void ipc_give_reply_cap(struct tcb *from, struct tcb *to, bool grant)
{
	thread_set_state(from, THREAD_BLOCKED_REPLY);
	cdt_insert(&to->slot[TCB_CALLER],
		   cap_reply(from, grant ? REPLY_GRANT : 0),
		   &from->slot[TCB_REPLY], false);
}

void ipc_reply(struct tcb *from, struct tcb *caller, struct cte *slot,
	       bool grant)
{
	bool goes_on = true;

	if (caller->fault.type == ABI_FAULT_NONE) {
		ipc_transfer(from, caller, NULL, 0, grant);
		cdt_remove(slot);
		thread_set_state(caller, THREAD_RUNNING);
	} else {
		cdt_remove(slot);
		goes_on = fault_take_reply(caller, from);
		caller->fault.type = ABI_FAULT_NONE;
		thread_set_state(caller,
				 goes_on ? THREAD_RESTART : THREAD_INACTIVE);
	}
	if (goes_on)
		sched_wake(caller);
}

void ipc_abort_wait(struct tcb *tcb)
{
	tcb->fault.type = ABI_FAULT_NONE;
	thread_set_state(tcb, THREAD_RESTART);
	sched_reconsider(); /* there may be many: all are queued */
	sched_wake(tcb);
}
