/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_state.c - sections 10 and 11: what Suspend, Resume and the register calls
 * do to threads that run, are blocked, or stopped inside a system call.
 */
#include "sections.h"
#include "suite.h"

static u64 pc_of(const struct thread *t)
{
	u64 regs[REGS];

	thread_regs(t, regs);
	return regs[REG_PC];
}

static void block(const struct thread *t, u64 cap)
{
	thread_start(t, snip_svc, M(cap, 0, 0, 0, 0, 0, 0, (u64)SYS_RECV));
}

static bool at_the_brk(const struct thread *t)
{
	struct reply r = receive(SYS_RECV, t->ep);

	return label_of(r) == USER_EXCEPTION && r.mr.w[0] == (u64)snip_svc_next;
}

static void blocked(const struct thread *t, u64 ep)
{
	block(t, ep);
	equal("10 pc of a thread stopped in a system call", pc_of(t),
	      (u64)snip_svc);
	try("7.2 Suspend", call(t->tcb, SUSPEND, NONE, NONE));
	send(SYS_NBSEND, ep, 0, NONE, NONE);
	equal("11 suspended: it left the queue", pc_of(t), (u64)snip_svc);
	try("7.2 Resume", call(t->tcb, RESUME, NONE, NONE));
	send(SYS_NBSEND, ep, 0, NONE, NONE);
	truth("11 resumed: it receives again", at_the_brk(t));
	block(t, ep);
	try("7.2 Resume", call(t->tcb, RESUME, NONE, NONE));
	equal("11 Resume of a blocked thread: the svc again", pc_of(t),
	      (u64)snip_svc);
	try("7.2 ReadRegisters with suspend",
	    call(t->tcb, READ_REGS, NONE, M(1, 1)));
	send(SYS_NBSEND, ep, 0, NONE, NONE);
	equal("7.2 ReadRegisters bit 0 suspends", pc_of(t), (u64)snip_svc);
	try("7.2 Resume", call(t->tcb, RESUME, NONE, NONE));
	send(SYS_NBSEND, ep, 0, NONE, NONE);
	truth("11 and it goes on", at_the_brk(t));
}

/* WriteRegisters without resume: the state stays, the pc changes. */
static void written(const struct thread *t, u64 ep)
{
	struct words none = M(0, 0), pc = M(0, 1, (u64)snip_brk);
	struct words too_many = M(1, 38);
	unsigned int i;

	block(t, ep);
	try("7.2 WriteRegisters, no word",
	    call(t->tcb, WRITE_REGS, NONE, none));
	try("7.2 WriteRegisters, pc", call(t->tcb, WRITE_REGS, NONE, pc));
	equal("11 it is still blocked", receive(SYS_NBRECV, t->ep).info, 0);
	send(SYS_NBSEND, ep, 0, NONE, NONE);
	equal("10 writing pc sets the next pc",
	      receive(SYS_RECV, t->ep).mr.w[0], (u64)snip_brk);
	for (i = 0; i < 38; i++)
		too_many.w[2 + i] = i == 0 ? (u64)snip_brk : 0x40 + i;
	too_many.n = 40;
	expect("7.2 WriteRegisters, 38 words: cut to 36", OK, NONE,
	       call(t->tcb, WRITE_REGS, NONE, too_many));
	equal("7.2 WriteRegisters bit 0 resumes",
	      receive(SYS_RECV, t->ep).mr.w[0], (u64)snip_brk);
}

static void copied_state(const struct thread *t, u64 ep)
{
	struct thread other = thread_new(MAIN + 10);

	block(t, ep);
	try("7.2 CopyRegisters: suspend source, resume target, all",
	    call(other.tcb, COPY_REGS, M(t->tcb), M(15)));
	send(SYS_NBSEND, ep, 0, NONE, NONE);
	truth("7.2 CopyRegisters: the target runs the svc", at_the_brk(&other));
	send(SYS_NBSEND, ep, 0, NONE, NONE);
	equal("7.2 CopyRegisters: the source is suspended",
	      receive(SYS_NBRECV, t->ep).info, 0);
}

/* A thread preempted while it ran goes on where it was. */
static void preempted(void)
{
	static volatile u64 count;
	struct thread t = thread_new(MAIN);
	u64 at;

	count = 0;
	thread_start(&t, snip_count, M((u64)&count));
	while (count == 0)
		receive(SYS_NBRECV, t.ep);
	try("7.2 Suspend", call(t.tcb, SUSPEND, NONE, NONE));
	at = count;
	truth("10 pc of a preempted thread", pc_of(&t) - (u64)snip_count < 16);
	spin_ms(25);
	equal("11 suspended: it does not run", count, at);
	try("7.2 Resume", call(t.tcb, RESUME, NONE, NONE));
	spin_ms(25);
	truth("11 resumed: it counts on", count > at);
	try("7.2 Suspend", call(t.tcb, SUSPEND, NONE, NONE));
}

static void own_suspend(const struct thread *t)
{
	struct job job = { SYS_CALL, t->tcb,	     SUSPEND, NONE,
			   NONE,     { 0, 0, NONE }, false };

	job_start(t, &job);
	truth("11 a thread suspends itself", !job.done);
}

void test_states(void)
{
	struct thread t = thread_new(MAIN + 10);
	u64 ep = make(ENDPOINT, 0);

	blocked(&t, ep);
	written(&t, ep);
	copied_state(&t, ep);
	preempted();
	own_suspend(&t);
}
