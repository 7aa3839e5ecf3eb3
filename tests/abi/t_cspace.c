/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_cspace.c - section 5: lookup of invoked capabilities and of slots.
 *
 * A thread gets a CSpace of two levels: a root CNode of 16 slots with guard
 * 0xa (4 bits), and behind slot 3 a CNode of 256 slots with guard 0x5c.
 */
#include "sections.h"
#include "suite.h"

#define IN_ROOT(n)	(0xaull << 60 | (u64)(n) << 56)
#define IN_SECOND(g, n) (IN_ROOT(3) | (u64)(g) << 48 | (u64)(n) << 40)

static u64 root, second, ntfn, endpoint;

static void build_cspace(void)
{
	root = make(CNODE, 4);
	second = make(CNODE, 8);
	ntfn = make(NOTIFICATION, 0);
	endpoint = make(ENDPOINT, 0);
	try("7.1 Mint: guard into second level",
	    call(root, MINT, M(MY_CNODE),
		 M(3, 4, second, 64, ALL, 0x5cull << 6 | 8)));
	try("7.1 Mint",
	    call(root, MINT, M(MY_CNODE), M(1, 4, ntfn, 64, ALL, 0x11)));
	try("7.1 Mint",
	    call(second, MINT, M(MY_CNODE), M(9, 8, ntfn, 64, ALL, 0x99)));
	try("7.1 Copy",
	    call(root, COPY, M(MY_CNODE), M(4, 4, second, 64, ALL)));
	try("7.1 Mint: long guard",
	    call(root, MINT, M(MY_CNODE), M(5, 4, second, 64, ALL, 50)));
	try("7.1 Mint: write-only endpoint",
	    call(root, MINT, M(MY_CNODE), M(6, 4, endpoint, 64, WRITE, 0)));
}

static void give_cspace(const struct thread *t)
{
	u64 fault_slot = IN_ROOT(15);

	try("7.1 Copy of the handler",
	    call(root, COPY, M(MY_CNODE), M(15, 4, t->ep, 64, ALL)));
	try("7.2 SetSpace with a guard",
	    call(t->tcb, SET_SPACE, M(root, MY_VSPACE),
		 M(fault_slot, 0xaull << 6 | 4, 0)));
}

/* The fault of `svc #number` on a CPtr; words after the IP. */
static void lookup_fault(const char *what, const struct thread *t,
			 int64_t number, u64 cptr, struct words want)
{
	struct reply got = thread_fault(t, snip_svc,
					M(cptr, 0, 0, 0, 0, 0, 0, (u64)number));
	struct words all = M((u64)snip_svc, cptr, number == SYS_RECV);
	unsigned int i;

	for (i = 0; i < want.n; i++)
		all.w[all.n++] = want.w[i];
	expect_fault(what, CAP_FAULT, all, got);
}

/* The svc went through: the thread ran into the brk behind it. */
static void lookup_good(const char *what, const struct thread *t,
			int64_t number, u64 cptr)
{
	struct reply got = thread_fault(t, snip_svc,
					M(cptr, 0, 0, 0, 0, 0, 0, (u64)number));

	truth(what, label_of(got) == USER_EXCEPTION);
}

static void signalled(const char *what, u64 badge)
{
	equal(what, receive(SYS_NBRECV, ntfn).badge, badge);
}

void test_cspace(void)
{
	struct thread t = thread_new(MAIN + 10);

	build_cspace();
	give_cspace(&t);
	lookup_good("5 one level", &t, SYS_SEND, IN_ROOT(1));
	signalled("5 one level", 0x11);
	lookup_good("5 bits left over are ignored", &t, SYS_SEND,
		    IN_ROOT(1) | 0xffffff);
	signalled("5 bits left over are ignored", 0x11);
	lookup_good("5 two levels", &t, SYS_SEND, IN_SECOND(0x5c, 9));
	signalled("5 two levels", 0x99);
	lookup_good("5 empty slot resolves", &t, SYS_SEND, IN_ROOT(8));
	lookup_fault("5 guard of the root", &t, SYS_SEND, 0,
		     M(GUARD, 64, 0xa, 4));
	lookup_fault("5 guard of the second level", &t, SYS_CALL,
		     IN_SECOND(0x5d, 9), M(GUARD, 56, 0x5c, 8));
	lookup_fault("5 depth", &t, SYS_SEND, IN_ROOT(5), M(DEPTH, 56, 58));
	lookup_fault("9 receive: guard", &t, SYS_RECV, 5, M(GUARD, 64, 0xa, 4));
	lookup_fault("8 receive: null capability", &t, SYS_RECV, IN_ROOT(8),
		     M(MISSING, 0));
	lookup_fault("8 receive: without Read", &t, SYS_RECV, IN_ROOT(6),
		     M(MISSING, 0));
	lookup_fault("8 receive: wrong type", &t, SYS_RECV, IN_ROOT(4),
		     M(MISSING, 0));
	lookup_good("6 NBSend ignores a failed lookup", &t, SYS_NBSEND, 0);
}

static struct reply copy_from(u64 from_root, u64 index, u64 depth)
{
	return call(MY_CNODE, COPY, M(from_root),
		    M(next_slot, 64, index, depth, ALL));
}

static struct reply delete_in(u64 cnode, u64 index, u64 depth)
{
	return call(cnode, DELETE, NONE, M(index, depth));
}

/* Slot addresses of CNode operations; target side: MR0 0, source side: 1. */
void test_lookup(void)
{
	u64 guarded = slot_new();

	build_cspace();
	try("7.1 Mint: guard", mint(guarded, root, ALL, 0xaull << 6 | 4));
	expect("5 depth 0", RANGE, M(1, 64), delete_in(root, 1, 0));
	expect("5 depth 65", RANGE, M(1, 64), delete_in(root, 1, 65));
	expect("5 depth 2^32+4", RANGE, M(1, 64),
	       delete_in(root, 1, 1ull << 32 | 4));
	expect("5 depth too small", LOOKUP, M(0, DEPTH, 3, 4),
	       delete_in(root, 1, 3));
	expect("5 bits left over", LOOKUP, M(0, DEPTH, 4, 0),
	       delete_in(root, 0x80, 8));
	expect("5 bits left over behind a capability", LOOKUP,
	       M(0, DEPTH, 2, 0), delete_in(root, 4, 6));
	expect("5 guard", LOOKUP, M(0, GUARD, 16, 0x5c, 8),
	       delete_in(root, 0x3 << 16 | 0x5d << 8 | 9, 20));
	expect("5 second level", OK, NONE,
	       delete_in(root, 0x3 << 16 | 0x5c << 8 | 7, 20));
	expect("5 high bits of the index are ignored", OK, NONE,
	       delete_in(root, 0xfff8, 4));
	expect("5 guard too long", LOOKUP, M(0, GUARD, 2, 0xa, 4),
	       delete_in(guarded, 0, 2));
	try("7.1 Mint: guard 0", mint(slot_new(), root, ALL, 4));
	expect("5 guard of zeros too long", LOOKUP, M(0, GUARD, 2, 0, 4),
	       delete_in(next_slot - 1, 0, 2));
	expect("5 source: root is no CNode", LOOKUP, M(1, INVALID_ROOT),
	       copy_from(ntfn, 1, 64));
	expect("5 source: depth", LOOKUP, M(1, DEPTH, 3, 4),
	       copy_from(root, 1, 3));
	expect("5 source: depth 0", RANGE, M(1, 64), copy_from(root, 1, 0));
	expect("7.1 source empty", LOOKUP, M(1, MISSING, 4),
	       copy_from(root, 9, 4));
	expect("6 null capability invoked", INVALID_CAPABILITY, M(0),
	       call(next_slot, COPY, NONE, NONE));
	expect("6 unknown label", ILLEGAL, NONE,
	       call(root, RETYPE, NONE, NONE));
	expect("6 unknown label, TCB", ILLEGAL, NONE,
	       call(MY_TCB, REVOKE, NONE, M(1, 2)));
	expect("6 unknown label, huge", ILLEGAL, NONE,
	       call(MY_TCB, 0x123456789a, NONE, NONE));
}
