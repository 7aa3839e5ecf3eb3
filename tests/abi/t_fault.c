/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_fault.c - section 9: every fault message, and what its reply does.
 */
#include "sections.h"
#include "suite.h"

#define NOWHERE 0x700000000000ull

static struct reply fault(const struct thread *t, const void *pc,
			  struct words x)
{
	return thread_fault(t, pc, x);
}

static void vm_faults(const struct thread *t)
{
	struct reply r = fault(t, snip_load, M(NOWHERE));

	expect_fault("9 load", VM_FAULT,
		     M((u64)snip_load, NOWHERE, 0, 0x92000004), r);
	r = fault(t, snip_store, M(NOWHERE + 8));
	expect_fault("9 store", VM_FAULT,
		     M((u64)snip_store, NOWHERE + 8, 0, 0x92000044), r);
	r = fault(t, snip_jump, M(NOWHERE));
	expect_fault("9 fetch", VM_FAULT, M(NOWHERE, NOWHERE, 1, 0x82000004),
		     r);
	r = fault(t, snip_load, M(0xffff000000000000));
	truth("12 kernel addresses fault",
	      faulted_with(r, VM_FAULT, 0xffff000000000000));
	r = fault(t, snip_load, M(0x800000000000));
	truth("12 above the user's 47 bits",
	      faulted_with(r, VM_FAULT, 0x800000000000));
	r = fault(t, snip_store, M((u64)snip_brk));
	truth("17 text is not writable", label_of(r) == VM_FAULT);
}

static void exceptions(const struct thread *t)
{
	struct reply r = fault(t, snip_undefined, NONE);
	u64 spsr = r.mr.w[2];

	expect_fault("9 undefined instruction", USER_EXCEPTION,
		     M((u64)snip_undefined, (u64)t->stack_top, spsr, 0x02000000,
		       0),
		     r);
	truth("9 SPSR", spsr == 0x140 || spsr == 0x40);
	r = fault(t, snip_brk, NONE);
	expect_fault("9 brk", USER_EXCEPTION,
		     M((u64)snip_brk, (u64)t->stack_top, spsr, 0xf2000007, 0),
		     r);
	try("7.2 SetFlags: FPU off", call(t->tcb, SET_FLAGS, NONE, M(0, 1)));
	r = fault(t, snip_fpu, M(5));
	equal("9 FPU disabled", label_of(r), USER_EXCEPTION);
	equal("9 FPU disabled", r.mr.w[0], (u64)snip_fpu);
	equal("9 FPU disabled: ESR", r.mr.w[3] >> 26, 7);
	try("7.2 SetFlags: FPU on", call(t->tcb, SET_FLAGS, NONE, M(1, 0)));
	r = fault(t, snip_fpu, M(5));
	equal("9 FPU on", r.mr.w[0], (u64)snip_fpu + 4);
	r = fault(t, snip_jump, M((u64)snip_brk + 2));
	equal("9 PC misaligned", label_of(r), USER_EXCEPTION);
}

static void unknown_syscalls(const struct thread *t)
{
	static const int numbers[] = { 0,   1,	 -17, -18,  -22,
				       -26, -30, -31, -100, 1000 };
	struct reply r;
	u64 n, at = (u64)snip_svc;
	unsigned int i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		n = (u64)(int64_t)numbers[i];
		r = fault(t, snip_svc, M(1, 2, 3, 4, 5, 6, 7, n));
		expect_fault("9 UnknownSyscall", UNKNOWN_SYSCALL,
			     M(1, 2, 3, 4, 5, 6, 7, n, at, (u64)t->stack_top,
			       at + 4, r.mr.w[11], n),
			     r);
	}
	equal("9 SPSR", r.mr.w[11] & ~0x100ull, 0x40);
}

/* The handler must be an endpoint with Write and Grant or GrantReply. */
static void bad_handlers(const struct thread *t)
{
	u64 rights[] = { WRITE, READ | GRANT, WRITE | READ };
	unsigned int i;

	for (i = 0; i < 3; i++) {
		try("7.2 SetSpace",
		    call(t->tcb, SET_SPACE, M(MY_CNODE, MY_VSPACE),
			 M(copied(t->ep, rights[i]), 0, 0)));
		thread_start(t, snip_brk, NONE);
		equal("9 handler without rights: nobody is told",
		      receive(SYS_NBRECV, t->ep).info, 0);
	}
	try("7.2 SetSpace: handler 0",
	    call(t->tcb, SET_SPACE, M(MY_CNODE, MY_VSPACE), M(0, 0, 0)));
	thread_start(t, snip_brk, NONE);
	equal("9 no handler", receive(SYS_NBRECV, t->ep).info, 0);
	try("7.2 SetSpace: badged handler",
	    call(t->tcb, SET_SPACE, M(MY_CNODE, MY_VSPACE),
		 M(minted(t->ep, WRITE | GRANT_REPLY, 0x99), 0, 0)));
	equal("9 badge of the handler's capability",
	      fault(t, snip_brk, NONE).badge, 0x99);
}

/* Faulters above us find the handler busy, those below find it waiting. */
void test_faults(void)
{
	struct thread t = thread_new(MAIN + 10), low = thread_new(MAIN - 10);

	vm_faults(&t);
	vm_faults(&low);
	exceptions(&t);
	unknown_syscalls(&t);
	bad_handlers(&t);
}

/* After the reply the thread must be at the brk behind its instruction. */
static void resumed_at(const char *what, const struct thread *t, u64 pc)
{
	struct reply r = receive(SYS_RECV, t->ep);

	equal(what, label_of(r), USER_EXCEPTION);
	equal(what, r.mr.w[0], pc);
}

static void reply_to_syscall(const struct thread *t)
{
	struct words m = M(11, 12, 13, 14, 15, 16, 17, 18, (u64)snip_brk,
			   (u64)t->stack_top - 32, 0x99, 0xffffffff);
	u64 regs[REGS];
	unsigned int i;

	fault(t, snip_svc, M(1, 2, 3, 4, 5, 6, 7, 0));
	reply(0, m);
	resumed_at("9 UnknownSyscall: FaultIP from the reply", t,
		   (u64)snip_brk);
	thread_regs(t, regs);
	for (i = 0; i < 8; i++)
		equal("9 UnknownSyscall: x0..x7 from the reply",
		      regs[REG_X0 + i], 11 + i);
	equal("9 UnknownSyscall: SP", regs[REG_SP], (u64)t->stack_top - 32);
	equal("9 UnknownSyscall: SPSR", regs[REG_SPSR] & ~0x100ull, 0xf0000040);
	fault(t, snip_svc, M(1, 2, 3, 4, 5, 6, 7, 0));
	reply(0, M(41, 42));
	equal("9 UnknownSyscall, two words: the svc again",
	      label_of(receive(SYS_RECV, t->ep)), UNKNOWN_SYSCALL);
	thread_regs(t, regs);
	truth("9 UnknownSyscall, two words",
	      regs[REG_X0] == 41 && regs[REG_X0 + 2] == 3);
	fault(t, snip_svc, M(1, 2, 3, 4, 5, 6, 7, 0));
	reply(1, NONE);
	equal("9 UnknownSyscall, label 1: Inactive",
	      receive(SYS_NBRECV, t->ep).info, 0);
}

static void reply_to_exception(const struct thread *t)
{
	u64 regs[REGS];

	fault(t, snip_undefined, M(1));
	reply(0, M((u64)snip_undefined + 4, (u64)t->stack_top - 64, 0x50000000,
		   7));
	resumed_at("9 UserException: FaultIP from the reply", t,
		   (u64)snip_undefined + 4);
	thread_regs(t, regs);
	equal("9 UserException: SP", regs[REG_SP], (u64)t->stack_top - 64);
	equal("9 UserException: SPSR", regs[REG_SPSR] & ~0x100ull, 0x50000040);
	equal("9 UserException: x0 stays", regs[REG_X0], 1);
	fault(t, snip_brk, NONE);
	reply(0, NONE);
	resumed_at("9 UserException, no words: again", t, (u64)snip_brk);
	fault(t, snip_brk, NONE);
	reply(7, NONE);
	equal("9 UserException, label 7: Inactive",
	      receive(SYS_NBRECV, t->ep).info, 0);
}

static void reply_to_others(const struct thread *t)
{
	u64 frame = make(FRAME, 0);

	fault(t, snip_load, M(NOWHERE));
	truth("12 tables", map_tables(MY_VSPACE, NOWHERE));
	try("12 Map", map(frame, MY_VSPACE, NOWHERE, READ, CACHEABLE));
	reply(5, M(1, 2, 3));
	resumed_at("9 VMFault: always restart", t, (u64)snip_load + 4);
	fault(t, snip_svc, M(5, 0, 0, 0, 0, 0, 0, (u64)SYS_RECV));
	reply(6, M(1, 2));
	equal("9 CapFault: always restart", label_of(receive(SYS_RECV, t->ep)),
	      CAP_FAULT);
	try("7.2 Suspend", call(t->tcb, SUSPEND, NONE, NONE));
	reply(0, NONE);
	equal("8 Suspend of a faulter takes the reply",
	      receive(SYS_NBRECV, t->ep).info, 0);
}

/* The same through ReplyRecv, as a pager does it, in its own address range. */
static void pager(const struct thread *t)
{
	u64 frame = make(FRAME, 0), at = NOWHERE + (1ull << 39);
	struct reply r = fault(t, snip_store, M(at, 0x77));

	equal("9 pager: VMFault", label_of(r), VM_FAULT);
	truth("12 tables", map_tables(MY_VSPACE, at));
	try("12 Map", map(frame, MY_VSPACE, at, READ | WRITE, CACHEABLE));
	r = send(SYS_REPLY_RECV, t->ep, 0, NONE, NONE);
	equal("9 pager: the store is done again", r.mr.w[0],
	      (u64)snip_store + 4);
	equal("9 pager: the store is done again", *(volatile u64 *)at, 0x77);
}

void test_fault_replies(void)
{
	struct thread t = thread_new(MAIN + 10), low = thread_new(MAIN - 10);

	pager(&low);
	reply_to_syscall(&t);
	reply_to_exception(&t);
	reply_to_others(&t);
}
