/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.c - suspending, restarting and un-blocking threads.
 *
 * A thread leaves a wait in one of three ways: the other side comes, the object
 * it waits on goes, or somebody suspends or restarts it. The last is here. A
 * thread that waits for a reply is named by a reply capability in somebody
 * else's slot; leaving that wait deletes the capability wherever it is, which
 * the derivation tree makes easy: it is the child of our own master.
 */
#include <core/arch.h>
#include <core/sched.h>
#include <core/thread.h>
#include <object/endpoint.h>
#include <object/notification.h>

static void drop_reply(struct tcb *tcb)
{
	struct cte *master = &tcb->slot[TCB_REPLY];

	tcb->fault.type = ABI_FAULT_NONE;
	if (cdt_has_child(master))
		cdt_remove(cte_next(master));
}

void thread_cancel_ipc(struct tcb *tcb)
{
	switch (tcb->state) {
	case THREAD_BLOCKED_SEND:
	case THREAD_BLOCKED_RECV:
		endpoint_cancel(tcb);
		break;
	case THREAD_BLOCKED_NTFN:
		notification_cancel(tcb);
		break;
	case THREAD_BLOCKED_REPLY:
		drop_reply(tcb);
		break;
	default:
		break;
	}
	tcb->fault.type = ABI_FAULT_NONE;
}

void thread_suspend(struct tcb *tcb)
{
	/* it may not be in a system call: fault_pc is then an old one */
	if (tcb->state == THREAD_RUNNING)
		tcb->context.fault_pc = tcb->context.pc;
	thread_cancel_ipc(tcb);
	thread_set_state(tcb, THREAD_INACTIVE);
	sched_dequeue(tcb);
}

void thread_restart(struct tcb *tcb)
{
	if (thread_is_runnable(tcb))
		return;
	thread_cancel_ipc(tcb);
	thread_set_state(tcb, THREAD_RESTART);
	sched_wake(tcb);
}

void thread_drop_caller(struct tcb *tcb)
{
	struct cte *slot = &tcb->slot[TCB_CALLER];

	if (!cte_is_empty(slot))
		cdt_remove(slot);
}

struct abi_ipc_buffer *thread_buffer(const struct tcb *tcb, bool writing)
{
	return thread_buffer_find(tcb, writing);
}
