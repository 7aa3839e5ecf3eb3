/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_asid.c - section 12: ASID pools, their ends, threads in a VSpace of theirs.
 */
#include "sections.h"
#include "suite.h"

#define CODE 0x400000ull

static struct reply make_pool(u64 untyped, u64 slot)
{
	return call(ASID_CONTROL, MAKE_POOL, M(untyped, MY_CNODE), M(slot, 64));
}

static struct reply assign(u64 asid_pool, u64 vspace)
{
	return call(asid_pool, ASSIGN, M(vspace), NONE);
}

/* Map the page of start.S's pieces into @vspace where it lies here. */
static void own_space(const struct thread *t, u64 vspace)
{
	u64 page = (u64)snip_load & ~(PAGE - 1);
	u64 code = copied(image_frame(snip_load), READ);

	truth("12 tables", map_tables(vspace, page));
	try("12 Map", map(code, vspace, page, READ, CACHEABLE));
	try("7.2 SetSpace",
	    call(t->tcb, SET_SPACE, M(MY_CNODE, vspace), M(t->ep, 0, 0)));
}

static bool alive(const struct thread *t)
{
	return label_of(thread_fault(t, snip_brk, NONE)) == USER_EXCEPTION;
}

static void own_address_space(void)
{
	struct thread t = thread_new(MAIN + 10);
	u64 vspace = make(VSPACE, 0), twin;

	expect("12 Assign: wrong capability", INVALID_CAPABILITY, M(1),
	       assign(MY_POOL, MY_CNODE));
	expect("12 Assign: none", TRUNCATED, NONE,
	       call(MY_POOL, ASSIGN, NONE, NONE));
	expect("12 Assign: label", ILLEGAL, NONE,
	       call(MY_POOL, MAKE_POOL, M(vspace), NONE));
	expect("12 Assign", OK, NONE, assign(MY_POOL, vspace));
	expect("12 Assign twice", INVALID_CAPABILITY, M(1),
	       assign(MY_POOL, vspace));
	expect("12 Assign: our own", INVALID_CAPABILITY, M(1),
	       assign(MY_POOL, MY_VSPACE));
	own_space(&t, vspace);
	truth("12 a thread in its own VSpace", alive(&t));
	truth("12 sees only its own",
	      label_of(thread_fault(&t, snip_load, M(info->ipc_buffer))) ==
		      VM_FAULT);
	twin = copied(vspace, ALL);
	on_slot(DELETE, vspace);
	truth("16 VSpace: a copy keeps it", alive(&t));
	on_slot(REVOKE, twin);
	on_slot(DELETE, twin);
	truth("16 VSpace deleted: the thread's copy keeps it", alive(&t));
}

static void pool_errors(void)
{
	u64 s = slot_new(), small = make(UNTYPED, 11), ut = make(UNTYPED, 12);
	u64 child = slot_new();

	expect("12 MakePool: label", ILLEGAL, NONE,
	       call(ASID_CONTROL, ASSIGN, M(ut, MY_CNODE), M(s, 64)));
	expect("12 MakePool: truncated", TRUNCATED, NONE,
	       call(ASID_CONTROL, MAKE_POOL, M(ut), M(s, 64)));
	expect("12 MakePool: size", INVALID_CAPABILITY, M(1),
	       make_pool(small, s));
	expect("12 MakePool: no untyped", INVALID_CAPABILITY, M(1),
	       make_pool(MY_CNODE, s));
	try("13 child", retype(ut, ENDPOINT, 0, child, 1));
	expect("12 MakePool: children", REVOKE_FIRST, NONE, make_pool(ut, s));
	on_slot(DELETE, child);
	expect("12 MakePool: destination", DELETE_FIRST, NONE,
	       make_pool(ut, MY_TCB));
	expect("12 MakePool: depth", RANGE, M(1, 64),
	       call(ASID_CONTROL, MAKE_POOL, M(ut, MY_CNODE), M(s, 0)));
	expect("12 MakePool", OK, NONE, make_pool(ut, s));
	expect("12 the untyped is full", NO_MEMORY, M(0),
	       retype(ut, ENDPOINT, 0, child, 1));
	on_slot(REVOKE, ut);
	truth("12 the pool is its child", !occupied(s));
}

/* Deleting a pool unassigns its VSpaces; the capabilities notice. */
static void pool_ends(void)
{
	struct thread t = thread_new(MAIN + 10);
	u64 ut = make(UNTYPED, 12), s = slot_new(), vspace = make(VSPACE, 0);

	try("12 MakePool", make_pool(ut, s));
	try("12 Assign", assign(s, vspace));
	own_space(&t, vspace);
	truth("12 alive", alive(&t));
	on_slot(DELETE, s);
	expect("12 pool gone: Map", LOOKUP, M(0, INVALID_ROOT),
	       map(make(FRAME, 0), vspace, CODE, 3, 1));
	thread_start(&t, snip_brk, NONE);
	equal("12 pool gone: the thread has no memory",
	      label_of(receive(SYS_RECV, t.ep)), VM_FAULT);
}

/* A new VSpace with an old one's number must not see the old one's pages. */
static void numbers_again(void)
{
	struct thread t = thread_new(MAIN + 10);
	u64 here = 0x600000000000, at = 0x500000000000, frame, vspace, turn;
	u64 regs[REGS];

	truth("12 tables", map_tables(MY_VSPACE, here));
	for (turn = 1; turn < 4; turn++) {
		frame = make(FRAME, 0);
		try("12 Map", map(frame, MY_VSPACE, here, 3, CACHEABLE));
		*(volatile u64 *)here = turn;
		vspace = make(VSPACE, 0);
		try("12 Assign", assign(MY_POOL, vspace));
		own_space(&t, vspace);
		truth("12 tables", map_tables(vspace, at));
		try("12 Map", map(copied(frame, ALL), vspace, at, READ, 1));
		thread_fault(&t, snip_load, M(at));
		thread_regs(&t, regs);
		equal("12 an ASID used again", regs[REG_X0], turn);
		try("7.2 SetSpace",
		    call(t.tcb, SET_SPACE, M(MY_CNODE, MY_VSPACE),
			 M(t.ep, 0, 0)));
		on_slot(DELETE, vspace);
	}
}

void test_asid(void)
{
	own_address_space();
	numbers_again();
	pool_errors();
	pool_ends();
}

static void fill_pool(void)
{
	u64 ut = make(UNTYPED, 12), s = slot_new(), vspaces, i;

	try("12 MakePool", make_pool(ut, s));
	vspaces = make_many(VSPACE, 0, 256);
	make_many(VSPACE, 0, 256);
	for (i = 0; i < 512; i++)
		try("12 Assign 512", assign(s, vspaces + i));
	expect("12 Assign: pool full", DELETE_FIRST, NONE,
	       assign(s, make(VSPACE, 0)));
	on_slot(DELETE, vspaces + 100);
	expect("12 a deleted VSpace frees its ASID", OK, NONE,
	       assign(s, next_slot - 1));
	on_slot(DELETE, s);
}

static void all_pools(void)
{
	u64 uts, i, s = next_slot, n;

	next_slot += 130;
	uts = make_many(UNTYPED, 12, 130);
	for (n = 0; n < 130 && label_of(make_pool(uts + n, s + n)) == OK; n++)
		;
	equal("12 128 pools", n, 127);
	expect("12 MakePool: table full", DELETE_FIRST, NONE,
	       make_pool(uts + n, s + n));
	for (i = 0; i < n; i++)
		on_slot(DELETE, s + i);
}

void test_asid_pools(void)
{
	fill_pool();
	all_pools();
}
