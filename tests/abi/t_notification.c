/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_notification.c - section 8: the states of notifications, and binding.
 */
#include "sections.h"
#include "suite.h"

static struct job jobs[3];
static struct thread helpers[3];
static u64 ntfn;

static void job(unsigned int i, int64_t number, u64 cap)
{
	jobs[i] = (struct job){ number,		cap,  0x55, NONE, M(1, 2),
				{ 0, 0, NONE }, false };
	job_start(&helpers[i], &jobs[i]);
}

static void signal(u64 badge)
{
	u64 cap = minted(ntfn, WRITE, badge);

	send(SYS_SEND, cap, 0, NONE, NONE);
	on_slot(DELETE, cap);
}

static void states(void)
{
	equal("8 Poll, idle", receive(SYS_NBRECV, ntfn).badge, 0);
	signal(0x1);
	signal(0x4);
	signal(0x4);
	equal("8 badges are collected", receive(SYS_RECV, ntfn).badge, 0x5);
	equal("8 and taken", receive(SYS_NBRECV, ntfn).badge, 0);
	job(0, SYS_RECV, ntfn);
	job(1, SYS_RECV, ntfn);
	signal(0x10);
	truth("8 the first waiter runs", jobs[0].done && !jobs[1].done);
	equal("8 the first waiter's badge", jobs[0].got.badge, 0x10);
	equal("8 x1 is kept", jobs[0].got.info, INFO(0x55, 0, 0, 2));
	equal("8 MRs are kept", jobs[0].got.mr.w[1], 2);
	signal(0x20);
	equal("8 the second waiter's badge", jobs[1].got.badge, 0x20);
	equal("8 idle again", receive(SYS_NBRECV, ntfn).badge, 0);
	signal(0);
	equal("8 badge 0", receive(SYS_RECV, ntfn).badge, 0);
}

static void notification_ends(void)
{
	u64 own = make(NOTIFICATION, 0);

	job(0, SYS_RECV, own);
	expect("7.2 Bind: threads wait on it", ILLEGAL, NONE,
	       call(helpers[1].tcb, BIND, M(own), NONE));
	on_slot(DELETE, own);
	equal("16 notification deleted: the waiter restarts and faults",
	      label_of(receive(SYS_RECV, helpers[0].ep)), CAP_FAULT);
}

void test_notification(void)
{
	unsigned int i;

	for (i = 0; i < 3; i++)
		helpers[i] = thread_new(MAIN + 10);
	ntfn = make(NOTIFICATION, 0);
	states();
	notification_ends();
}

static void bound_receives(u64 ep)
{
	job(0, SYS_RECV, ep);
	signal(0x8);
	truth("8 bound: a Recv on an endpoint ends", jobs[0].done);
	equal("8 bound: badge", jobs[0].got.badge, 0x8);
	job(1, SYS_SEND, ep);
	signal(0x2);
	job(0, SYS_RECV, ep);
	equal("8 bound and active: the notification comes first",
	      jobs[0].got.badge, 0x2);
	job(0, SYS_NBRECV, ep);
	equal("8 then the message", label_of(jobs[0].got), 0x55);
	signal(0x80);
	job(0, SYS_RECV, ep);
	equal("8 bound and active: Recv does not wait", jobs[0].got.badge,
	      0x80);
	job(0, SYS_RECV, ntfn);
	signal(0x40);
	equal("8 the bound thread may wait itself", jobs[0].got.badge, 0x40);
	job(2, SYS_RECV, ntfn);
	equal("8 others may not", label_of(receive(SYS_RECV, helpers[2].ep)),
	      CAP_FAULT);
}

static void bound_not_woken(u64 ep)
{
	job(0, SYS_CALL, ep);
	signal(0x3);
	truth("8 bound: a blocked Call is not woken", !jobs[0].done);
	receive(SYS_RECV, ep);
	signal(0x4);
	truth("8 bound: BlockedOnReply is not woken", !jobs[0].done);
	reply(0, NONE);
	truth("8 bound: the reply wakes it", jobs[0].done);
	job(0, SYS_NBRECV, ep);
	equal("8 bound: the signals were kept", jobs[0].got.badge, 0x7);
	try("7.2 Unbind", call(helpers[0].tcb, UNBIND, NONE, NONE));
	job(0, SYS_RECV, ep);
	signal(0x9);
	truth("8 unbound: a Recv does not end", !jobs[0].done);
	equal("8 unbound: anybody may wait", receive(SYS_RECV, ntfn).badge,
	      0x9);
}

void test_bound(void)
{
	u64 ep = make(ENDPOINT, 0);
	unsigned int i;

	for (i = 0; i < 3; i++)
		helpers[i] = thread_new(MAIN + 10);
	ntfn = make(NOTIFICATION, 0);
	try("7.2 Bind", call(helpers[0].tcb, BIND, M(ntfn), NONE));
	bound_receives(ep);
	bound_not_woken(ep);
}
