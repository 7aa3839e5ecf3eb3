/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.h - changes of a thread's life that many objects cause.
 */
#ifndef CORE_THREAD_H
#define CORE_THREAD_H

#include <abi/syscall.h>
#include <object/tcb.h>

/* thread_set_state - the only way to change a state; tells the scheduler. */
void thread_set_state(struct tcb *tcb, enum thread_state state);

/* thread_suspend - leave any queue, drop reply and fault: Inactive. */
void thread_suspend(struct tcb *tcb);

/* thread_restart - from Inactive or blocked: run again at fault_pc. */
void thread_restart(struct tcb *tcb);

/* thread_cancel_ipc - leave the wait the thread is in; state is the caller's. */
void thread_cancel_ipc(struct tcb *tcb);

/* thread_drop_caller - delete an unused reply capability in the caller slot. */
void thread_drop_caller(struct tcb *tcb);

/**
 * thread_buffer - the thread's IPC buffer in kernel addresses.
 * @writing: the kernel is going to write (receive, results)
 *
 * Return: NULL when there is no usable one (abi.md section 2).
 */
struct abi_ipc_buffer *thread_buffer(const struct tcb *tcb, bool writing);

/* thread_buffer_find - the same, inline. */
static inline struct abi_ipc_buffer *thread_buffer_find(const struct tcb *tcb,
							bool writing)
{
	struct cap frame = tcb->slot[TCB_IPC_FRAME].cap;
	unsigned int need = ABI_RIGHT_READ | (writing ? ABI_RIGHT_WRITE : 0);
	uint64_t offset;

	if (!tcb->ipc_buffer || !cap_is(frame, ABI_CAP_FRAME) ||
	    (frame_rights(frame) & need) != need)
		return NULL;
	offset = tcb->ipc_buffer & ((1ull << frame_bits(frame)) - 1);
	return (struct abi_ipc_buffer *)((char *)cap_ptr(frame) + offset);
}

/* sched_vspace_changed - its VSpace slot or ASID changed: load it anew. */
void sched_vspace_changed(struct tcb *tcb);

/* sched_cpu_ticks - CNTVCT ticks the thread has run. */
uint64_t sched_cpu_ticks(const struct tcb *tcb);

#endif
