/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * invoke.c - from a capability in a register to the object's own code.
 *
 * Order of an invocation: look up the capability, look up the extra ones,
 * decode, perform (shared/abi.md section 6). While the object's code runs, the
 * caller is in state Restart: whoever changes it (blocks it, suspends it) wins,
 * and if nothing did, the caller gets its reply here and goes on.
 */
#include <core/arch.h>
#include <core/fault.h>
#include <core/invoke.h>
#include <core/ipc.h>
#include <core/sched.h>
#include <core/thread.h>
#include <object/objects.h>

#define WORK_BETWEEN_CHECKS 100u

bool preempt_due(void)
{
	static unsigned int work;

	if (++work < WORK_BETWEEN_CHECKS)
		return false;
	work = 0;
	return arch_irq_pending();
}

static enum abi_error invoke_endpoint(struct call *call)
{
	unsigned int rights = cap_rights(call->cap);
	unsigned int flags = call->is_call ? BLOCK_CALL : 0;

	if (!(rights & ABI_RIGHT_WRITE))
		return call_fail_capability(call, 0);
	if (rights & ABI_RIGHT_GRANT)
		flags |= BLOCK_GRANT;
	if (rights & ABI_RIGHT_GRANT_REPLY)
		flags |= BLOCK_GRANT_REPLY;
	thread_set_state(call->caller, THREAD_RUNNING);
	call->is_call = false; /* the answer comes from the receiver */
	endpoint_send(cap_ptr(call->cap), call->caller, call->cap.w1, flags,
		      call->blocking);
	return ABI_OK;
}

static enum abi_error invoke_notification(struct call *call)
{
	if (!(cap_rights(call->cap) & ABI_RIGHT_WRITE))
		return call_fail_capability(call, 0);
	notification_signal(cap_ptr(call->cap), call->cap.w1);
	return ABI_OK;
}

static enum abi_error invoke_reply(struct call *call)
{
	unsigned int flags = cap_aux(call->cap);

	if (flags & REPLY_MASTER)
		return call_fail_capability(call, 0);
	ipc_reply(call->caller, cap_ptr(call->cap), call->slot,
		  flags & REPLY_GRANT);
	return ABI_OK;
}

static enum abi_error dispatch(struct call *call)
{
	switch (cap_tag(call->cap)) {
	case ABI_CAP_ENDPOINT:
		return invoke_endpoint(call);
	case ABI_CAP_NOTIFICATION:
		return invoke_notification(call);
	case ABI_CAP_REPLY:
		return invoke_reply(call);
	case ABI_CAP_UNTYPED:
		return untyped_invoke(call);
	case ABI_CAP_CNODE:
		return cnode_invoke(call);
	case ABI_CAP_THREAD:
		return tcb_invoke(call);
	case ABI_CAP_FRAME:
		return frame_invoke(call);
	case ABI_CAP_PAGE_TABLE:
		return page_table_invoke(call);
	case ABI_CAP_VSPACE:
		return vspace_invoke(call);
	case ABI_CAP_ASID_CONTROL:
		return asid_control_invoke(call);
	case ABI_CAP_ASID_POOL:
		return asid_pool_invoke(call);
	case ABI_CAP_IRQ_CONTROL:
		return irq_control_invoke(call);
	case ABI_CAP_IRQ_HANDLER:
		return irq_handler_invoke(call);
	case ABI_CAP_SGI_SIGNAL:
		return sgi_invoke(call);
	case ABI_CAP_DOMAIN:
		return domain_invoke(call);
	default:
		return call_fail_capability(call, 0);
	}
}

/* The kernel's own answer to a Call. */
static void answer(struct call *call, enum abi_error err)
{
	struct context *context = &call->caller->context;
	struct abi_ipc_buffer *buffer = NULL;
	unsigned int i;

	if (err) {
		if (call->n_error > ABI_MSG_REGS)
			buffer = thread_buffer(call->caller, true);
		for (i = 0; i < call->n_error; i++) {
			if (!ipc_set_word(call->caller, buffer, i,
					  call->error[i]))
				break;
		}
		call->n_results = i;
	}
	context->x[0] = 0;
	context->x[1] = abi_info(err, 0, call->n_results);
}

static void finish(struct call *call, enum abi_error err)
{
	struct tcb *caller = call->caller;

	if (err == CALL_PREEMPTED || caller->state != THREAD_RESTART)
		return;
	if (call->is_call)
		answer(call, err);
	caller->state = THREAD_RUNNING;
}

/* What a lookup in more than one step finds; if nothing, raise the fault. */
static __attribute__((noinline)) struct cte *find_far(struct call *call,
						      uint64_t cptr)
{
	struct lookup found = lookup_cap(call->caller, cptr);

	if (!found.slot && call->blocking)
		fault_raise_cap(call->caller, cptr, false, &found.failure);
	return found.slot;
}

/* The slot of a CPtr, or NULL: then the fault has been raised. */
static inline struct cte *find(struct call *call, uint64_t cptr)
{
	struct cte *slot = lookup_direct(call->caller->slot[TCB_CSPACE].cap,
					 cptr, 64);

	return slot ? slot : find_far(call, cptr);
}

static bool find_extra(struct call *call, uint64_t info)
{
	unsigned int i, n = call->buffer ? abi_info_extra(info) : 0;

	for (i = 0; i < n; i++) {
		call->extra[i] = find(call, call->buffer->caps_or_badges[i]);
		if (!call->extra[i])
			return false;
	}
	call->n_extra = n;
	return true;
}

static void read_info(struct call *call, uint64_t info)
{
	unsigned int max = ABI_MSG_MAX;

	call->buffer = NULL;
	call->n_extra = 0;
	call->n_error = 0;
	call->n_results = 0;
	call->label = abi_info_label(info);
	call->length = abi_info_length(info);
	if (call->length > ABI_MSG_REGS || abi_info_extra(info))
		call->buffer = thread_buffer_find(call->caller, false);
	if (!call->buffer)
		max = ABI_MSG_REGS;
	if (call->length > max)
		call->length = max;
}

void invoke(uint64_t cptr, bool is_call, bool blocking)
{
	struct tcb *caller = sched_current;
	uint64_t info = caller->context.x[1];
	struct call call; /* `extra` and `error` are written before read */

	call.caller = caller;
	call.is_call = is_call;
	call.blocking = blocking;
	call.slot = find(&call, cptr);
	if (!call.slot)
		return;
	call.cap = call.slot->cap;
	read_info(&call, info);
	if (!find_extra(&call, info))
		return;
	caller->state = THREAD_RESTART;
	finish(&call, dispatch(&call));
}
