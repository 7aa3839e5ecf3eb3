/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_ipc.c - section 8: endpoints, calls, replies.
 *
 * Helpers run above us, so a job that can start has done its part when
 * job_start() comes back.
 */
#include "sections.h"
#include "suite.h"

static struct job jobs[4];
static struct thread helpers[4];

static void helpers_new(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		helpers[i] = thread_new(MAIN + 10 + 10 * i);
}

static void job(unsigned int i, int64_t number, u64 cap, u64 label,
		struct words args)
{
	jobs[i] = (struct job){ number,		cap,  label, NONE, args,
				{ 0, 0, NONE }, false };
	job_start(&helpers[i], &jobs[i]);
}

static struct reply without_ip(struct reply fault)
{
	fault.mr.w[0] = 0;
	return fault;
}

static void queue_order(u64 ep)
{
	unsigned int i;
	struct reply r;

	for (i = 0; i < 3; i++)
		job(2 - i, SYS_SEND, minted(ep, ALL, 0x20 + i), 3, M(i));
	for (i = 0; i < 3; i++) {
		r = receive(i == 1 ? SYS_NBRECV : SYS_RECV, ep);
		equal("8 senders in order of arrival", r.badge, 0x20 + i);
		equal("8 message", r.mr.w[0], i);
		truth("8 a sender goes on", jobs[2 - i].done);
	}
	equal("8 NBRecv of nothing", receive(SYS_NBRECV, ep).info, 0);
	job(0, SYS_RECV, ep, 0, NONE);
	job(1, SYS_RECV, ep, 0, NONE);
	truth("8 receivers wait", !jobs[0].done && !jobs[1].done);
	send(SYS_NBSEND, ep, 9, NONE, M(1));
	truth("8 NBSend reaches the first", jobs[0].done && !jobs[1].done);
	send(SYS_SEND, ep, 8, NONE, M(1));
	equal("8 Send reaches the second", label_of(jobs[1].got), 8);
	send(SYS_NBSEND, ep, 7, NONE, M(1));
	equal("8 NBSend to nobody is dropped", receive(SYS_NBRECV, ep).info, 0);
}

/* A Call through a capability that lets nobody answer. */
static void call_without_grant(u64 ep)
{
	u64 w = minted(ep, WRITE, 4);

	job(0, SYS_CALL, w, 5, M(6));
	equal("8 Call without Grant is delivered",
	      label_of(receive(SYS_RECV, ep)), 5);
	reply(1, NONE);
	truth("8 nobody can answer it", !jobs[0].done);
	try("7.2 Resume", call(helpers[0].tcb, RESUME, NONE, NONE));
	equal("11 Resume: the call is made again",
	      label_of(receive(SYS_RECV, ep)), 5);
}

static void cancel_badged(u64 ep)
{
	u64 five = minted(ep, ALL, 5), six = minted(ep, ALL, 6);

	job(0, SYS_SEND, five, 1, NONE);
	job(1, SYS_SEND, six, 1, NONE);
	expect("7.1 CancelBadgedSends", OK, NONE, on_slot(CANCEL_BADGED, five));
	equal("8 cancelled senders start again, at the tail",
	      receive(SYS_RECV, ep).badge, 6);
	equal("8 cancelled senders start again", receive(SYS_RECV, ep).badge,
	      5);
}

static void endpoint_ends(void)
{
	u64 ep = make(ENDPOINT, 0);
	struct reply r;

	job(0, SYS_RECV, ep, 0, NONE);
	on_slot(DELETE, ep);
	r = receive(SYS_RECV, helpers[0].ep);
	equal("16 endpoint deleted: the receiver restarts and faults",
	      label_of(r), CAP_FAULT);
	truth("9 CapFault", r.mr.w[1] == ep && r.mr.w[2] == 1 &&
				    r.mr.w[3] == MISSING && r.mr.w[4] == 0);
	try("13 again", retype(arena, ENDPOINT, 0, ep, 1));
	job(1, SYS_SEND, ep, 0, NONE);
	on_slot(DELETE, ep);
	truth("16 endpoint deleted: the sender's restarted Send is dropped",
	      jobs[1].done);
}

void test_endpoint(void)
{
	u64 ep = make(ENDPOINT, 0);

	helpers_new(3);
	queue_order(ep);
	call_without_grant(ep);
	cancel_badged(ep);
	endpoint_ends();
}

static void call_and_reply(u64 ep)
{
	struct reply r;

	job(0, SYS_CALL, minted(ep, WRITE | GRANT_REPLY, 0x31), 5, M(1, 2));
	r = receive(SYS_RECV, ep);
	equal("8 Call: badge", r.badge, 0x31);
	equal("8 Call: label and length", r.info, INFO(5, 0, 0, 2));
	truth("8 Call waits", !jobs[0].done);
	reply(0xfedcba, M(1, 2, 3, 4, 5, 6));
	truth("8 Reply", jobs[0].done);
	equal("8 Reply: badge 0", jobs[0].got.badge, 0);
	equal("8 Reply: info", jobs[0].got.info, INFO(0xfedcba, 0, 0, 6));
	equal("8 Reply: last word", jobs[0].got.mr.w[5], 6);
	reply(1, NONE);
	job(0, SYS_CALL, minted(ep, WRITE | GRANT, 0x32), 5, NONE);
	receive(SYS_RECV, ep);
	job(1, SYS_SEND, ep, 0x22, NONE);
	r = send(SYS_REPLY_RECV, ep, 6, NONE, M(9));
	equal("8 ReplyRecv replies", label_of(jobs[0].got), 6);
	equal("8 ReplyRecv receives", label_of(r), 0x22);
}

static void saved_replies(u64 ep)
{
	u64 a = slot_new(), b = slot_new(), client = minted(ep, ALL, 1);

	job(0, SYS_CALL, client, 5, NONE);
	receive(SYS_RECV, ep);
	expect("7.1 SaveCaller", OK, NONE, on_slot(SAVE_CALLER, a));
	truth("7.1 SaveCaller fills the slot", occupied(a));
	expect("16 copy of a reply", ILLEGAL, NONE, copy(b, a, ALL));
	expect("16 Move of a reply", OK, NONE,
	       call(MY_CNODE, MOVE, M(MY_CNODE), M(b, 64, a, 64)));
	job(1, SYS_CALL, client, 6, NONE);
	receive(SYS_RECV, ep);
	send(SYS_SEND, b, 0x41, NONE, M(7));
	equal("8 Send on a saved reply", label_of(jobs[0].got), 0x41);
	truth("8 it vanishes on use", !occupied(b));
	reply(0x42, NONE);
	equal("8 the other caller", label_of(jobs[1].got), 0x42);
	job(0, SYS_CALL, client, 5, NONE);
	receive(SYS_RECV, ep);
	on_slot(SAVE_CALLER, a);
	expect("8 Call on a saved reply", OK, NONE, call(a, 0x43, NONE, NONE));
	equal("8 Call on a saved reply", label_of(jobs[0].got), 0x43);
}

/* A caller's reply capability dies with its wait. */
static void dropped_replies(u64 ep)
{
	u64 a = slot_new(), client = minted(ep, ALL, 1);
	u64 ntfn = make(NOTIFICATION, 0);

	job(0, SYS_CALL, client, 5, NONE);
	receive(SYS_RECV, ep);
	on_slot(SAVE_CALLER, a);
	call(helpers[0].tcb, SUSPEND, NONE, NONE);
	truth("8 Suspend of the caller takes the reply", !occupied(a));
	job(0, SYS_CALL, client, 5, NONE);
	receive(SYS_RECV, ep);
	on_slot(SAVE_CALLER, a);
	on_slot(DELETE, a);
	truth("8 reply deleted: the caller stays blocked", !jobs[0].done);
	job(0, SYS_CALL, client, 5, NONE);
	receive(SYS_RECV, ep);
	receive(SYS_NBRECV, ntfn);
	reply(3, NONE);
	truth("8 receiving on a notification keeps the caller", jobs[0].done);
	job(0, SYS_CALL, client, 5, NONE);
	receive(SYS_RECV, ep);
	receive(SYS_NBRECV, ep);
	reply(3, NONE);
	truth("8 receiving on an endpoint drops the caller", !jobs[0].done);
	job(0, SYS_CALL, client, 5, NONE);
	receive(SYS_RECV, ep);
	try("7.2 SetPriority: a sender below us",
	    call(helpers[1].tcb, SET_PRIORITY, M(MY_TCB), M(MAIN - 10)));
	job(1, SYS_SEND, ep, 6, NONE);
	equal("8 Recv waits", label_of(receive(SYS_RECV, ep)), 6);
	reply(3, NONE);
	truth("8 waiting on an endpoint drops the caller", !jobs[0].done);
	try("7.2 SetPriority: back above us",
	    call(helpers[1].tcb, SET_PRIORITY, M(MY_TCB), M(MAIN + 20)));
}

/* A server that itself calls keeps its caller; a fault is a call too. */
static void nested_calls(u64 ep)
{
	u64 second = make(ENDPOINT, 0), a = slot_new();

	jobs[1] = (struct job){ SYS_RECV, second,	  0,	NONE,
				NONE,	  { 0, 0, NONE }, false };
	job(0, SYS_CALL, ep, 5, NONE);
	receive(SYS_RECV, ep);
	thread_start(&helpers[1], snip_brk, NONE);
	truth("8 caller slot is taken", !jobs[0].done);
	reply(2, NONE);
	truth("8 Reply goes to the caller, not to a waiting fault",
	      jobs[0].done);
	receive(SYS_RECV, helpers[1].ep);
	expect("7.1 SaveCaller of a faulter", OK, NONE,
	       on_slot(SAVE_CALLER, a));
	send(SYS_SEND, a, 0, NONE, M((u64)snip_brk));
	equal("9 saved reply to a fault: restarted",
	      label_of(receive(SYS_RECV, helpers[1].ep)), USER_EXCEPTION);
	truth("9 saved reply is gone", !occupied(a));
}

/* Extra capabilities that do not resolve: the sender faults, NBSend not. */
static void bad_extra(u64 ep)
{
	u64 bad = 1ull << 40;

	jobs[0] = (struct job){ SYS_SEND,	ep,   1, M(ep, bad), NONE,
				{ 0, 0, NONE }, false };
	job_start(&helpers[0], &jobs[0]);
	expect_fault("6 extra capability does not resolve", CAP_FAULT,
		     M(0, bad, 0, GUARD, 64, 0, 64 - info->cnode_bits),
		     without_ip(receive(SYS_RECV, helpers[0].ep)));
	jobs[0].number = SYS_NBSEND;
	job_start(&helpers[0], &jobs[0]);
	truth("6 NBSend: ignored", jobs[0].done);
}

void test_reply(void)
{
	u64 ep = make(ENDPOINT, 0);

	helpers_new(2);
	call_and_reply(ep);
	saved_replies(ep);
	dropped_replies(ep);
	nested_calls(ep);
	bad_extra(ep);
}
