/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_untyped.c - sections 3 and 13: Retype of every type, sizes, errors, reset.
 */
#include "sections.h"
#include "suite.h"

static struct reply retype_at(u64 untyped, u64 type, u64 bits, u64 root,
			      u64 index, u64 depth, u64 offset, u64 n)
{
	return call(untyped, RETYPE, M(root),
		    M(type, bits, index, depth, offset, n));
}

static void errors_of_types(u64 ut)
{
	u64 s = slot_new();

	expect("13 label", ILLEGAL, NONE, call(ut, 2, M(MY_CNODE), NONE));
	expect("13 no words", TRUNCATED, NONE,
	       call(ut, RETYPE, M(MY_CNODE), M(0, 4, 0, 0, s)));
	expect("13 no root", TRUNCATED, NONE,
	       call(ut, RETYPE, NONE, M(0, 4, 0, 0, s, 1)));
	expect("13 type 10", INVALID_ARGUMENT, M(0), retype(ut, 10, 99, s, 1));
	expect("13 type -1", INVALID_ARGUMENT, M(0),
	       retype(ut, ~0ull, 4, s, 1));
	expect("13 size 64", RANGE, M(0, 47), retype(ut, UNTYPED, 64, s, 1));
	expect("13 size 64 of a TCB", RANGE, M(0, 47),
	       retype(ut, TCB, 64, s, 1));
	expect("13 size 48", RANGE, M(0, 47), retype(ut, UNTYPED, 48, s, 1));
	expect("13 CNode 43", RANGE, M(0, 47), retype(ut, CNODE, 43, s, 1));
	expect("13 CNode 0", INVALID_ARGUMENT, M(1),
	       retype(ut, CNODE, 0, s, 1));
	expect("13 untyped 3", INVALID_ARGUMENT, M(1),
	       retype(ut, UNTYPED, 3, s, 1));
	expect("13 untyped 47: no memory", NO_MEMORY, M(1 << 14),
	       retype(ut, UNTYPED, 47, s, 1));
}

static void errors_of_slots(u64 ut)
{
	u64 s = slot_new(), node = make(CNODE, 4);
	u64 slots = 1ull << info->cnode_bits;

	try("7.1 CNode in a CNode",
	    call(node, COPY, M(MY_CNODE), M(2, 4, node, 64, ALL)));
	expect("13 depth 65", RANGE, M(1, 64),
	       retype_at(ut, TCB, 0, MY_CNODE, 0, 65, s, 1));
	expect("13 root is no CNode", LOOKUP, M(0, MISSING, 0),
	       retype_at(ut, TCB, 0, MY_TCB, 0, 0, s, 1));
	expect("13 root is no CNode, depth 4", LOOKUP, M(0, INVALID_ROOT),
	       retype_at(ut, TCB, 0, MY_TCB, 0, 4, s, 1));
	expect("13 slot is no CNode", LOOKUP, M(0, MISSING, 64),
	       retype_at(ut, TCB, 0, MY_CNODE, MY_TCB, 64, 0, 1));
	expect("13 slot is empty", LOOKUP, M(0, MISSING, 4),
	       retype_at(ut, TCB, 0, node, 5, 4, 0, 1));
	expect("13 bits left", LOOKUP, M(0, DEPTH, 2, 4),
	       retype_at(ut, TCB, 0, node, 5, 2, 0, 1));
	expect("13 offset", RANGE, M(0, 15),
	       retype_at(ut, TCB, 0, node, 2, 4, 16, 0));
	expect("13 num 0", RANGE, M(1, 256), retype(ut, TCB, 0, s, 0));
	expect("13 num 257", RANGE, M(1, 256), retype(ut, TCB, 0, s, 257));
	expect("13 num > slots", RANGE, M(1, 3),
	       retype_at(ut, TCB, 0, node, 2, 4, 13, 4));
	expect("13 offset at the end", RANGE, M(0, slots - 1),
	       retype(ut, TCB, 0, slots, 1));
	expect("13 slot taken", DELETE_FIRST, NONE,
	       retype_at(ut, TCB, 0, node, 2, 4, 1, 2));
	expect("13 through depth 64", OK, NONE,
	       retype_at(ut, ENDPOINT, 0, MY_CNODE, node, 64, 14, 2));
}

static void out_of_memory(void)
{
	u64 ut = make(UNTYPED, 12), s = next_slot;

	next_slot += 5;
	expect("13 two TCBs", OK, NONE, retype(ut, TCB, 0, s, 2));
	expect("13 full", NO_MEMORY, M(0), retype(ut, ENDPOINT, 0, s + 2, 1));
	on_slot(DELETE, s);
	expect("13 one child left", NO_MEMORY, M(0),
	       retype(ut, ENDPOINT, 0, s + 2, 1));
	on_slot(DELETE, s + 1);
	expect("13 reset", OK, NONE, retype(ut, ENDPOINT, 0, s, 1));
	expect("13 left", NO_MEMORY, M(4096 - 16),
	       retype(ut, TCB, 0, s + 1, 2));
	expect("13 frame does not fit any more", NO_MEMORY, M(4096 - 16),
	       retype(ut, FRAME, 0, s + 1, 1));
	expect("13 aligned", OK, NONE, retype(ut, TCB, 0, s + 1, 1));
	expect("13 watermark is behind it", NO_MEMORY, M(0),
	       retype(ut, NOTIFICATION, 0, s + 2, 1));
}

static void untyped_copies(void)
{
	u64 ut = make(UNTYPED, 12), twin = copied(ut, ALL), s = next_slot;

	next_slot += 3;
	expect("13 copying marks the source full", NO_MEMORY, M(0),
	       retype(ut, ENDPOINT, 0, s, 1));
	expect("13 the copy gives", OK, NONE, retype(twin, ENDPOINT, 0, s, 1));
	expect("16 copy of an untyped with children", REVOKE_FIRST, NONE,
	       copy(s + 1, twin, ALL));
	expect("16 the copy is a child", REVOKE_FIRST, NONE,
	       copy(s + 1, ut, ALL));
	try("16 Revoke", on_slot(REVOKE, ut));
	truth("16 Revoke takes copy and object",
	      !occupied(twin) && !occupied(s));
	expect("13 reset", OK, NONE, retype(ut, ENDPOINT, 0, s, 1));
}

void test_untyped(void)
{
	u64 ut = make(UNTYPED, 14);

	errors_of_types(ut);
	errors_of_slots(ut);
	out_of_memory();
	untyped_copies();
}

/* Size of each type: two of them and the untyped must fit exactly. */
static void size_of(const char *what, u64 type, u64 arg, unsigned int bits)
{
	u64 ut = make(UNTYPED, bits + 1), s = next_slot;

	next_slot += 3;
	expect(what, OK, NONE, retype(ut, type, arg, s, 2));
	expect(what, NO_MEMORY, M(0), retype(ut, UNTYPED, 4, s + 2, 1));
	try("16 Revoke", on_slot(REVOKE, ut));
}

static void frame_addresses(void)
{
	u64 ut = make(UNTYPED, 14), s = next_slot;
	u64 first;

	next_slot += 4;
	try("13 endpoint before a frame", retype(ut, ENDPOINT, 0, s, 1));
	try("13 frames", retype(ut, FRAME, 0, s + 1, 3));
	first = call(s + 1, PAGE_ADDRESS, NONE, NONE).mr.w[0];
	equal("13 a frame is aligned", first & (PAGE - 1), 0);
	equal("13 frames follow each other",
	      call(s + 2, PAGE_ADDRESS, NONE, NONE).mr.w[0], first + PAGE);
	equal("13 frames follow each other",
	      call(s + 3, PAGE_ADDRESS, NONE, NONE).mr.w[0], first + 2 * PAGE);
}

static void memory_is_zero(void)
{
	volatile u64 *at = (volatile u64 *)0x600000000000;
	u64 ut = make(UNTYPED, 12), s = slot_new();
	unsigned int turn, i;
	u64 sum;

	truth("12 tables", map_tables(MY_VSPACE, (u64)at));
	for (turn = 0; turn < 2; turn++) {
		try("13 frame", retype(ut, FRAME, 0, s, 1));
		try("12 Map",
		    map(s, MY_VSPACE, (u64)at, READ | WRITE, CACHEABLE));
		for (i = 0, sum = 0; i < 512; i++) {
			sum |= at[i];
			at[i] = ~0ull;
		}
		equal("13 memory handed out is zero", sum, 0);
		try("16 Delete", on_slot(DELETE, s));
	}
}

static void device_untyped(void)
{
	u64 page = device_page(0x0a000000), ut = device_parent, s = slot_new();

	if (!page)
		return truth("13 device frame of the virtio page", false);
	equal("13 device frame", call(page, PAGE_ADDRESS, NONE, NONE).mr.w[0],
	      0x0a000000);
	expect("7.2 device frame as IPC buffer", ILLEGAL, NONE,
	       call(make(TCB, 0), SET_BUFFER, M(page), M(0x1000)));
	try("16 Delete", on_slot(DELETE, page));
	expect("13 device: endpoint", INVALID_ARGUMENT, M(1),
	       retype(ut, ENDPOINT, 0, s, 1));
	expect("13 device: TCB", INVALID_ARGUMENT, M(1),
	       retype(ut, TCB, 0, s, 1));
	expect("13 device: untyped", OK, NONE, retype(ut, UNTYPED, 12, s, 1));
	expect("13 device: untyped of it gives no endpoint", INVALID_ARGUMENT,
	       M(1), retype(s, ENDPOINT, 0, slot_new(), 1));
}

void test_retype(void)
{
	size_of("3 TCB is 2 KiB", TCB, 63, 11);
	size_of("3 endpoint is 16 bytes", ENDPOINT, 47, 4);
	size_of("3 notification is 32 bytes", NOTIFICATION, 0, 5);
	size_of("3 CNode of 2 is 64 bytes", CNODE, 1, 6);
	size_of("3 CNode of 1024 is 32 KiB", CNODE, 10, 15);
	size_of("3 VSpace is 4 KiB", VSPACE, 5, 12);
	size_of("3 page table is 4 KiB", PAGE_TABLE, 0, 12);
	size_of("3 small frame is 4 KiB", FRAME, 1, 12);
	size_of("3 large frame is 2 MiB", LARGE_FRAME, 0, 21);
	size_of("3 untyped is what is asked", UNTYPED, 13, 13);
	frame_addresses();
	memory_is_zero();
	device_untyped();
	expect("13 256 at once", OK, NONE,
	       retype(arena, ENDPOINT, 0, next_slot, 256));
	next_slot += 256;
}
