/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcb.c - thread control blocks: scheduling, life and binding invocations.
 *
 * A TCB is a thread: its registers, its place in one queue, and five slots of
 * its own that hold the root of its CSpace, its VSpace, its IPC buffer's frame,
 * the master of the reply capability others may hold, and the reply capability
 * of the client it serves. Because these are ordinary slots, revoking a CNode
 * also takes it from the threads that use it. Registers: tcb_registers.c;
 * address and capability spaces: tcb_space.c. Source: shared/abi.md 7.2.
 */
#include <abi/kaal.h>
#include <core/arch.h>
#include <core/sched.h>
#include <core/thread.h>
#include <object/objects.h>
#include <object/tcb_ops.h>

void tcb_init(struct tcb *tcb)
{
	tcb->context.spsr = USER_SPSR_DEFAULT;
	tcb->time_slice = 5;
	cdt_insert_master(&tcb->slot[TCB_REPLY],
			  cap_reply(tcb, REPLY_MASTER | REPLY_GRANT));
}

/* The authority's MCP bounds a new priority or MCP. */
static enum abi_error check_authority(struct call *call, uint64_t value)
{
	struct cap authority = call_extra(call, 0);
	const struct tcb *tcb = cap_ptr(authority);

	if (!cap_is(authority, ABI_CAP_THREAD))
		return call_fail_capability(call, 1);
	if (value > tcb->mcp)
		return call_fail_range(call, 0, tcb->mcp);
	return ABI_OK;
}

static enum abi_error set_one(struct call *call, struct tcb *tcb)
{
	enum abi_error err;

	if (!call_has(call, 1, 1))
		return ABI_TRUNCATED_MESSAGE;
	err = check_authority(call, call_arg(call, 0));
	if (err)
		return err;
	if (call->label == ABI_TCB_SET_MC_PRIORITY)
		tcb->mcp = (uint8_t)call_arg(call, 0);
	else
		sched_set_priority(tcb, (unsigned int)call_arg(call, 0));
	return ABI_OK;
}

static enum abi_error set_sched_params(struct call *call, struct tcb *tcb)
{
	enum abi_error err;

	if (!call_has(call, 2, 1))
		return ABI_TRUNCATED_MESSAGE;
	err = check_authority(call, call_arg(call, 0));
	if (!err)
		err = check_authority(call, call_arg(call, 1));
	if (err)
		return err;
	tcb->mcp = (uint8_t)call_arg(call, 0);
	sched_set_priority(tcb, (unsigned int)call_arg(call, 1));
	return ABI_OK;
}

static enum abi_error bind(struct call *call, struct tcb *tcb)
{
	struct notification *ntfn;
	struct cap cap;

	if (!call_has(call, 0, 1))
		return ABI_TRUNCATED_MESSAGE;
	cap = call_extra(call, 0);
	if (tcb->bound || !cap_is(cap, ABI_CAP_NOTIFICATION) ||
	    !(cap_rights(cap) & ABI_RIGHT_READ))
		return ABI_ILLEGAL_OPERATION;
	ntfn = cap_ptr(cap);
	if (ntfn->bound || notification_has_waiters(ntfn))
		return ABI_ILLEGAL_OPERATION;
	notification_bind(ntfn, tcb);
	return ABI_OK;
}

static enum abi_error unbind(struct tcb *tcb)
{
	if (!tcb->bound)
		return ABI_ILLEGAL_OPERATION;
	notification_unbind(tcb);
	return ABI_OK;
}

static enum abi_error set_tls_base(struct call *call, struct tcb *tcb)
{
	if (call->length < 1)
		return ABI_TRUNCATED_MESSAGE;
	if (tcb == sched_current)
		arch_context_sync(tcb);
	tcb->context.tpidr = call_arg(call, 0);
	if (tcb == sched_current)
		arch_context_reload(tcb);
	return ABI_OK;
}

static enum abi_error set_flags(struct call *call, struct tcb *tcb)
{
	uint64_t clear, set;

	if (call->length < 2)
		return ABI_TRUNCATED_MESSAGE;
	clear = call_arg(call, 0);
	set = call_arg(call, 1) & ABI_TCB_FLAG_FPU_OFF;
	tcb->flags = (uint32_t)((tcb->flags & ~clear) | set);
	if (tcb->flags & ABI_TCB_FLAG_FPU_OFF)
		arch_fpu_release(tcb, true);
	arch_fpu_update(sched_current);
	call_result(call, tcb->flags);
	return ABI_OK;
}

static enum abi_error resume(struct tcb *tcb)
{
	thread_restart(tcb);
	return ABI_OK;
}

static enum abi_error suspend(struct tcb *tcb)
{
	thread_suspend(tcb);
	return ABI_OK;
}

static enum abi_error cpu_time(struct call *call, const struct tcb *tcb)
{
	call_result(call, sched_cpu_ticks(tcb));
	return ABI_OK;
}

static enum abi_error set_limit(struct call *call, struct tcb *tcb)
{
	if (call->length < 1)
		return ABI_TRUNCATED_MESSAGE;
	tcb->turn_limit = call_arg(call, 0);
	return ABI_OK;
}

enum abi_error tcb_invoke(struct call *call)
{
	struct tcb *tcb = cap_ptr(call->cap);

	switch (call->label) {
	case ABI_TCB_READ_REGISTERS:
		return tcb_read_registers(call, tcb);
	case ABI_TCB_WRITE_REGISTERS:
		return tcb_write_registers(call, tcb);
	case ABI_TCB_COPY_REGISTERS:
		return tcb_copy_registers(call, tcb);
	case ABI_TCB_CONFIGURE:
		return tcb_configure(call, tcb);
	case ABI_TCB_SET_SPACE:
		return tcb_set_space(call, tcb);
	case ABI_TCB_SET_IPC_BUFFER:
		return tcb_set_ipc_buffer(call, tcb);
	case ABI_TCB_SET_PRIORITY:
	case ABI_TCB_SET_MC_PRIORITY:
		return set_one(call, tcb);
	case ABI_TCB_SET_SCHED_PARAMS:
		return set_sched_params(call, tcb);
	case ABI_TCB_SUSPEND:
		return suspend(tcb);
	case ABI_TCB_RESUME:
		return resume(tcb);
	case ABI_TCB_BIND_NOTIFICATION:
		return bind(call, tcb);
	case ABI_TCB_UNBIND_NOTIFICATION:
		return unbind(tcb);
	case ABI_TCB_SET_TLS_BASE:
		return set_tls_base(call, tcb);
	case ABI_TCB_SET_FLAGS:
		return set_flags(call, tcb);
	case ABI_KAAL_TCB_CPU_TIME:
		return cpu_time(call, tcb);
	case ABI_KAAL_TCB_SET_LIMIT:
		return set_limit(call, tcb);
	default:
		return ABI_ILLEGAL_OPERATION;
	}
}
