/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcb.h - the thread control block: registers, state, queues, own capabilities.
 *
 * The five internal slots come first, so that a zombie of a TCB and one of a
 * CNode look alike (an array of slots). All fields belong to the kernel's one
 * flow of control; there are no locks.
 */
#ifndef OBJECT_TCB_H
#define OBJECT_TCB_H

#include <arch/context.h>
#include <object/cdt.h>

/* clang-format off */
enum tcb_slot {
	TCB_CSPACE = 0,
	TCB_VSPACE = 1,
	TCB_REPLY = 2,         /* master of the reply cap others hold      */
	TCB_CALLER = 3,        /* reply cap of the thread we serve         */
	TCB_IPC_FRAME = 4,
	TCB_SLOTS = 5
};

enum thread_state {
	THREAD_INACTIVE = 0,
	THREAD_RUNNING,
	THREAD_RESTART,
	THREAD_BLOCKED_RECV,
	THREAD_BLOCKED_SEND,
	THREAD_BLOCKED_REPLY,
	THREAD_BLOCKED_NTFN,
	THREAD_IDLE,
};
/* clang-format on */

struct endpoint;
struct notification;

/* A pending fault: its message is made when the handler receives it. */
struct fault {
	uint32_t type;	     /* enum abi_fault, ABI_KAAL_FAULT_LIMIT */
	uint32_t in_receive; /* CapFault: phase */
	uint64_t address;    /* VMFault: address; CapFault: CPtr; */
			     /* UnknownSyscall: number; exception: ESR;  */
			     /* limit: ticks                             */
	uint64_t detail[4];  /* CapFault: lookup failure; VM: prefetch, FSR */
};

struct tcb {
	struct cte slot[TCB_SLOTS];
	struct context context; /* at TCB_CONTEXT, for vectors.S */
	uint8_t state;		/* enum thread_state */
	uint8_t priority;
	uint8_t mcp;
	uint8_t queued;		/* 1: in a run queue */
	uint32_t flags;		/* ABI_TCB_FLAG_* */
	uint32_t time_slice;	/* ticks left */
	uint32_t block_flags;	/* BLOCK_*, how it waits on an endpoint */
	uint64_t block_badge;	/* of the capability it sent through */
	void *blocked_on;	/* endpoint or notification */
	uint64_t ipc_buffer;	/* vaddr, 0 none */
	uint64_t fault_handler; /* CPtr in its own CSpace */
	struct notification *bound;
	struct tcb *sched_next, *sched_prev; /* run queue */
	struct tcb *ep_next, *ep_prev; /* endpoint or notification queue */
	struct fault fault;
	uint64_t cpu_ticks;  /* CNTVCT ticks consumed */
	uint64_t turn_limit; /* kernel ticks in one turn, 0 any */
	char name[32];
	struct fpu_state fpu __attribute__((aligned(16)));
};

#define BLOCK_CALL	  1u
#define BLOCK_GRANT	  2u
#define BLOCK_GRANT_REPLY 4u

#define TCB_CONTEXT 160
_Static_assert(offsetof(struct tcb, context) == TCB_CONTEXT, "vectors.S");
_Static_assert(sizeof(struct tcb) <= 1 << ABI_TCB_BITS, "abi.md section 3");

static inline bool thread_is_runnable(const struct tcb *tcb)
{
	return tcb->state == THREAD_RUNNING || tcb->state == THREAD_RESTART;
}

/* tcb_init - fill a cleared TCB with what a new thread starts from. */
void tcb_init(struct tcb *tcb);

#endif
