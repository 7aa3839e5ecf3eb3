/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syscall.c - the system calls, and the other ways into the kernel.
 *
 * Each entry does its work on sched_current and ends in sched_run(), which
 * settles who runs next. Numbers: shared/abi.md section 1.
 */
#include <abi/kaal.h>
#include <core/arch.h>
#include <core/debug.h>
#include <core/entry.h>
#include <core/fastpath.h>
#include <core/fault.h>
#include <core/invoke.h>
#include <core/ipc.h>
#include <core/sched.h>
#include <core/thread.h>
#include <core/trace.h>
#include <object/irq.h>
#include <object/objects.h>

static const struct lookup_failure no_right = { ABI_LOOKUP_MISSING,
						1,
						{ 0, 0, 0 } };

static void receive_endpoint(struct tcb *tcb, struct cap cap, bool blocking)
{
	unsigned int grant = cap_rights(cap) & ABI_RIGHT_GRANT;

	thread_drop_caller(tcb);
	endpoint_receive(cap_ptr(cap), tcb, grant ? BLOCK_GRANT : 0, blocking);
}

/* May @tcb receive through this capability? */
static bool may_receive(const struct tcb *tcb, struct cap cap)
{
	const struct notification *ntfn;

	if (!(cap_rights(cap) & ABI_RIGHT_READ))
		return false;
	if (cap_is(cap, ABI_CAP_ENDPOINT))
		return true;
	if (!cap_is(cap, ABI_CAP_NOTIFICATION))
		return false;
	ntfn = cap_ptr(cap);
	return !ntfn->bound || ntfn->bound == tcb;
}

static void receive(bool blocking)
{
	struct tcb *tcb = sched_current;
	uint64_t cptr = tcb->context.x[0];
	struct lookup found = lookup_cap(tcb, cptr);

	if (!found.slot) {
		fault_raise_cap(tcb, cptr, true, &found.failure);
		return;
	}
	if (!may_receive(tcb, found.slot->cap)) {
		fault_raise_cap(tcb, cptr, true, &no_right);
		return;
	}
	if (cap_is(found.slot->cap, ABI_CAP_ENDPOINT))
		receive_endpoint(tcb, found.slot->cap, blocking);
	else
		notification_wait(cap_ptr(found.slot->cap), tcb, blocking);
}

static void reply(void)
{
	struct tcb *tcb = sched_current;
	struct cte *slot = &tcb->slot[TCB_CALLER];

	if (cap_is(slot->cap, ABI_CAP_REPLY))
		ipc_reply(tcb, cap_ptr(slot->cap), slot,
			  cap_aux(slot->cap) & REPLY_GRANT);
}

static void unknown_syscall(int64_t number)
{
	struct fault fault = {
		.type = ABI_FAULT_UNKNOWN_SYSCALL,
		.address = (uint64_t)number,
	};

	if (!debug_syscall(number))
		fault_raise(sched_current, &fault);
}

static void dispatch(int64_t number)
{
	uint64_t cptr = sched_current->context.x[0];

	switch (number) {
	case ABI_SYS_CALL:
		invoke(cptr, true, true);
		break;
	case ABI_SYS_REPLY_RECV:
		reply();
		receive(true);
		break;
	case ABI_SYS_SEND:
		invoke(cptr, false, true);
		break;
	case ABI_SYS_NBSEND:
		invoke(cptr, false, false);
		break;
	case ABI_SYS_RECV:
		receive(true);
		break;
	case ABI_SYS_REPLY:
		reply();
		break;
	case ABI_SYS_YIELD:
		sched_requeue_current();
		break;
	case ABI_SYS_NBRECV:
		receive(false);
		break;
	default:
		unknown_syscall(number);
	}
}

void kernel_syscall(int64_t number)
{
	dispatch(number);
	sched_run();
}

/* The current thread's turn goes on, ends, or has been too long. */
static void tick(void)
{
	struct tcb *tcb = sched_current;
	struct fault fault = {
		.type = ABI_KAAL_FAULT_LIMIT,
		.address = sched_turn_ticks(),
	};

	if (!tcb->turn_limit || fault.address <= tcb->turn_limit) {
		sched_tick();
		return;
	}
	tcb->context.fault_pc = tcb->context.pc;
	fault_raise(tcb, &fault);
}

void kernel_interrupt(void)
{
	unsigned int irq = arch_irq_take();

	trace(TRACE_IRQ, irq, 0);
	if (irq == arch_irq_timer()) {
		tick();
		arch_timer_rearm();
		arch_irq_deactivate(irq);
		sched_run();
	} else if (irq != ARCH_IRQ_NONE) {
		irq_deliver(irq);
	}
}

void kernel_vm_fault(uint64_t address, uint64_t esr, bool prefetch)
{
	struct fault fault = {
		.type = ABI_FAULT_VM,
		.address = address,
		.detail = { prefetch, esr & 0xffffffff },
	};

	if (fastpath_vm_fault(address, esr, prefetch))
		return;
	fault_raise(sched_current, &fault);
	sched_run();
}

void kernel_user_exception(uint64_t esr)
{
	struct fault fault = {
		.type = ABI_FAULT_USER_EXCEPTION,
		.address = esr,
	};

	fault_raise(sched_current, &fault);
	sched_run();
}
