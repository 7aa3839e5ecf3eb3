/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_delete.c - section 16: preemption of long calls, nested deletion, FPU.
 */
#include "sections.h"
#include "suite.h"

#define TIMER 30u
#define MANY  4096u

static volatile u64 woken_at, woken_n;

static void timer_set(u64 ticks)
{
	__asm__ volatile("msr cntp_tval_el0, %0; msr cntp_ctl_el0, %1; isb"
			 :
			 : "r"(ticks), "r"(1ul));
}

/* Handle one timer interrupt above everybody else. */
static void handler_run(u64 ntfn, u64 handler, u64 unused)
{
	(void)unused;
	receive(SYS_RECV, ntfn);
	woken_at = now();
	woken_n++;
	__asm__ volatile("msr cntp_ctl_el0, xzr; isb");
	call(handler, IRQ_ACK, NONE, NONE);
}

struct watch {
	struct thread t;
	u64 ntfn, handler;
};

static struct watch watch_new(void)
{
	struct watch w = { thread_new(MAIN + 50), make(NOTIFICATION, 0),
			   slot_new() };

	try("15 Get",
	    call(IRQ_CONTROL, IRQ_GET, M(MY_CNODE), M(TIMER, w.handler, 64)));
	try("15 SetNotification", call(w.handler, IRQ_SET, M(w.ntfn), NONE));
	return w;
}

/* A long call with an interrupt due inside it. */
static void long_call(const char *what, const struct watch *w, u64 cap,
		      u64 label, struct words caps, struct words args)
{
	u64 begin, due, took;

	woken_n = 0;
	thread_run(&w->t, handler_run, w->ntfn, w->handler, 0);
	begin = now();
	due = ticks_per_ms() / 10;
	timer_set(due);
	expect(what, OK, NONE, call(cap, label, caps, args));
	took = now() - begin;
	while (woken_n == 0 && now() - begin < 100 * ticks_per_ms())
		;
	truth(what, woken_n == 1);
	if (took > 4 * due)
		truth(what, woken_at - begin - due < took / 2);
}

void test_preempt(void)
{
	struct watch w = watch_new();
	u64 node = make(CNODE, 12), ep = make(ENDPOINT, 0), i;
	u64 ut = make(UNTYPED, 23), s = next_slot;

	next_slot += 4;
	for (i = 0; i < MANY; i++)
		try("7.1 Copy",
		    call(node, COPY, M(MY_CNODE), M(i, 12, ep, 64, ALL)));
	long_call("16 Revoke is preemptible", &w, MY_CNODE, REVOKE, NONE,
		  M(ep, 64));
	expect("16 all are gone", LOOKUP, M(1, MISSING, 12),
	       call(MY_CNODE, COPY, M(node),
		    M(slot_new(), 64, MANY - 1, 12, ALL)));
	for (i = 0; i < MANY; i++)
		try("7.1 Mint",
		    call(node, MINT, M(MY_CNODE), M(i, 12, ep, 64, ALL, i)));
	long_call("16 Delete of a CNode is preemptible", &w, MY_CNODE, DELETE,
		  NONE, M(node, 64));
	truth("16 Delete of a CNode", !occupied(node));
	try("13 large frames", retype(ut, LARGE_FRAME, 0, s, 1));
	on_slot(DELETE, s);
	long_call("13 clearing is preemptible", &w, ut, RETYPE, M(MY_CNODE),
		  M(LARGE_FRAME, 0, 0, 0, s, 4));
	on_slot(DELETE, w.handler);
}

/* A chain of CNodes, each in the one before; the first has ours. */
static void chain(u64 ut, bool cycle)
{
	u64 outer = slot_new(), node = slot_new(), spare = slot_new(), i;

	try("13 CNode", retype(ut, CNODE, 4, outer, 1));
	try("7.1 Copy", copy(node, outer, ALL));
	for (i = 0; i < 20; i++) {
		try("13 CNode", retype(ut, CNODE, 4, spare, 1));
		try("7.1 Copy", call(node, COPY, M(MY_CNODE),
				     M(15 - i % 3, 4, spare, 64, ALL)));
		on_slot(DELETE, node);
		try("7.1 Move",
		    call(MY_CNODE, MOVE, M(MY_CNODE), M(node, 64, spare, 64)));
	}
	if (cycle)
		try("7.1 Copy",
		    call(node, COPY, M(MY_CNODE), M(1, 4, outer, 64, ALL)));
	on_slot(DELETE, node);
	expect("16 Delete of a chain of CNodes", OK, NONE,
	       on_slot(DELETE, outer));
	truth("16 Delete of a chain of CNodes", !occupied(outer));
	if (cycle)
		expect("16 Revoke ends a cycle", OK, NONE, on_slot(REVOKE, ut));
	expect("16 nothing is left in the untyped", OK, NONE,
	       retype(ut, UNTYPED, 15, outer, 1));
	on_slot(DELETE, outer);
}

/* A CNode that holds itself, and threads that hold their own TCB. */
static void self_held(u64 ut)
{
	u64 node = slot_new(), tcb = slot_new(), whole = slot_new();

	try("13 CNode", retype(ut, CNODE, 4, node, 1));
	try("13 TCB", retype(ut, TCB, 0, tcb, 1));
	try("7.1 Copy", call(node, COPY, M(MY_CNODE), M(3, 4, tcb, 64, ALL)));
	try("7.1 Copy", call(node, COPY, M(MY_CNODE), M(15, 4, node, 64, ALL)));
	try("7.2 SetSpace",
	    call(tcb, SET_SPACE, M(node, MY_VSPACE), M(0, 0, 0)));
	on_slot(DELETE, tcb);
	on_slot(DELETE, node);
	expect("16 Revoke of what holds itself", OK, NONE, on_slot(REVOKE, ut));
	expect("16 nothing is left", OK, NONE,
	       retype(ut, UNTYPED, 15, whole, 1));
	on_slot(DELETE, whole);
}

/* The thread that deletes the CNode it uses, its own TCB. */
static void suicide(void)
{
	struct thread t = thread_new(MAIN + 10);
	struct job job = { SYS_CALL,	 MY_CNODE,	 DELETE, NONE,
			   M(t.tcb, 64), { 0, 0, NONE }, false };

	job_start(&t, &job);
	truth("16 a thread that deletes itself stops", !job.done);
	truth("16 a thread that deletes itself", !occupied(t.tcb));
}

void test_delete(void)
{
	u64 ut = make(UNTYPED, 15);

	chain(ut, false);
	chain(ut, true);
	self_held(ut);
	suicide();
}

static void fpu_other(u64 unused0, u64 unused1, u64 unused2)
{
	(void)unused0;
	(void)unused1;
	(void)unused2;
	__asm__ volatile("fmov d8, %0; fmov d0, %0; dup v31.2d, %0"
			 :
			 : "r"(0x5555ul)
			 : "v8", "v0", "v31");
}

/* Section 1: V registers and TPIDR belong to the thread. */
void test_fpu(void)
{
	struct thread t = thread_new(MAIN + 10);
	u64 d, high, tpidr = (u64)buffer(), fpcr, ro;

	__asm__ volatile("dup v31.2d, %0; fmov d8, %0"
			 :
			 : "r"(0x1234ul)
			 : "v31", "v8");
	thread_run(&t, fpu_other, 0, 0, 0);
	__asm__ volatile("fmov %0, d8" : "=r"(d));
	equal("1 d8 over a switch", d, 0x1234);
	__asm__ volatile("fmov %0, v31.d[1]" : "=r"(high));
	equal("1 v31 over a switch", high, 0x1234);
	__asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
	equal("1 FPCR starts at 0", fpcr, 0);
	equal("1 TPIDR_EL0 over a switch", (u64)buffer(), tpidr);
	__asm__ volatile("mrs %0, tpidrro_el0" : "=r"(ro));
	equal("1 TPIDRRO_EL0 is readable", ro, 0);
}
