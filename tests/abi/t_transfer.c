/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_transfer.c - section 8: capabilities in messages, unwrapping, replies.
 */
#include "sections.h"
#include "suite.h"

static struct job work;
static u64 ep, slot, frame;

/* A helper receives through @cap with @where as its receive slot. */
static struct reply transfer_to(const struct thread *t, u64 cap, u64 where,
				u64 depth, u64 from, struct words caps)
{
	t->ipc->receive_cnode = MY_CNODE;
	t->ipc->receive_index = where;
	t->ipc->receive_depth = depth;
	t->ipc->caps[0] = t->ipc->caps[1] = t->ipc->caps[2] = 0xdead;
	work = (struct job){
		SYS_RECV, cap, 0, NONE, NONE, { 0, 0, NONE }, false
	};
	job_start(t, &work);
	send(SYS_SEND, from, 2, caps, M(1));
	return work.got;
}

static void one_cap(const struct thread *t)
{
	struct reply r = transfer_to(t, ep, slot, 64, ep, M(frame));

	equal("8 one capability: info", r.info, INFO(2, 0, 1, 1));
	truth("8 one capability arrives", occupied(slot));
	equal("8 and names the frame",
	      call(slot, PAGE_ADDRESS, NONE, NONE).mr.w[0],
	      call(frame, PAGE_ADDRESS, NONE, NONE).mr.w[0]);
	r = transfer_to(t, ep, slot, 64, ep, M(frame));
	equal("8 receive slot taken: none", r.info, INFO(2, 0, 0, 1));
	on_slot(DELETE, slot);
	r = transfer_to(t, ep, slot, 0, ep, M(frame));
	equal("8 receive depth 0: none", r.info, INFO(2, 0, 0, 1));
	r = transfer_to(t, ep, slot, 64, copied(ep, WRITE | GRANT_REPLY),
			M(frame));
	equal("8 without Grant: none", r.info, INFO(2, 0, 0, 1));
	r = transfer_to(t, copied(ep, READ), slot, 64, ep, M(frame));
	equal("8 the receiver needs no Grant", r.info, INFO(2, 0, 1, 1));
	on_slot(DELETE, slot);
}

static void many_caps(const struct thread *t)
{
	u64 badged = minted(ep, WRITE, 0x66), null = slot_new();
	struct reply r = transfer_to(t, ep, slot, 64, ep, M(badged));

	equal("8 unwrapped: info", r.info, INFO(2, 1, 1, 1));
	equal("8 unwrapped: badge", t->ipc->caps[0], 0x66);
	truth("8 unwrapped: no slot used", !occupied(slot));
	r = transfer_to(t, ep, slot, 64, ep, M(badged, frame, ep));
	equal("8 badge, capability, badge", r.info, INFO(2, 5, 3, 1));
	equal("8 badge 0 unwrapped", t->ipc->caps[2], 0);
	on_slot(DELETE, slot);
	r = transfer_to(t, ep, slot, 64, ep, M(frame, frame, ep));
	equal("8 one slot for each message", r.info, INFO(2, 0, 1, 1));
	on_slot(DELETE, slot);
	r = transfer_to(t, ep, slot, 64, ep, M(null, frame));
	equal("8 an empty slot stops", r.info, INFO(2, 0, 0, 1));
	r = transfer_to(t, ep, slot, 64, ep, M(IRQ_CONTROL));
	equal("8 what does not derive stops", r.info, INFO(2, 0, 0, 1));
	truth("8 no slot used", !occupied(slot));
}

/* Our own receive slot, for replies. */
static struct reply reply_with(const struct thread *t, u64 server_cap,
			       struct words caps)
{
	t->ipc->receive_cnode = MY_CNODE;
	t->ipc->receive_index = slot;
	t->ipc->receive_depth = 64;
	work = (struct job){
		SYS_CALL, ep, 0, NONE, NONE, { 0, 0, NONE }, false
	};
	job_start(t, &work);
	receive(SYS_RECV, server_cap);
	send(SYS_REPLY, 0, 4, caps, NONE);
	return work.got;
}

static void replies(const struct thread *t)
{
	struct reply r = reply_with(t, ep, M(frame));

	equal("8 Reply with a capability", r.info, INFO(4, 0, 1, 0));
	truth("8 Reply with a capability", occupied(slot));
	on_slot(DELETE, slot);
	r = reply_with(t, copied(ep, READ), M(frame));
	equal("8 Reply: received without Grant", r.info, INFO(4, 0, 0, 0));
	r = reply_with(t, ep, M(ep));
	equal("8 Reply never unwraps", r.info, INFO(4, 0, 1, 0));
	truth("8 Reply never unwraps", occupied(slot));
	on_slot(DELETE, slot);
}

/* A server that waits first, then answers with a capability. */
static void serve_cap(u64 server_cap, u64 gift, u64 unused)
{
	(void)unused;
	receive(SYS_RECV, server_cap);
	send(SYS_REPLY, 0, 4, M(gift), NONE);
}

static void server_waits(const struct thread *t)
{
	struct reply r;

	buffer()->receive_cnode = MY_CNODE;
	buffer()->receive_index = slot;
	buffer()->receive_depth = 64;
	thread_run(t, serve_cap, copied(ep, READ), frame, 0);
	r = call(ep, 1, NONE, NONE);
	equal("8 server without Grant: no capability", r.info,
	      INFO(4, 0, 0, 0));
	thread_run(t, serve_cap, ep, frame, 0);
	r = call(ep, 1, NONE, NONE);
	equal("8 server with Grant: a capability", r.info, INFO(4, 0, 1, 0));
	truth("8 server with Grant: a capability", occupied(slot));
	on_slot(DELETE, slot);
}

/* The caller lets nobody answer, the server waits already. */
static void no_answer(const struct thread *t)
{
	struct thread caller = thread_new(MAIN + 20);

	thread_run(t, serve_cap, ep, frame, 0);
	work = (struct job){ SYS_CALL, copied(ep, WRITE), 0,	NONE,
			     NONE,     { 0, 0, NONE },	  false };
	job_start(&caller, &work);
	truth("8 Call without Grant to a waiting server", !work.done);
}

void test_transfer(void)
{
	struct thread t = thread_new(MAIN + 10);

	ep = make(ENDPOINT, 0);
	frame = make(FRAME, 0);
	slot = slot_new();
	one_cap(&t);
	many_caps(&t);
	replies(&t);
	server_waits(&t);
	no_answer(&t);
}
