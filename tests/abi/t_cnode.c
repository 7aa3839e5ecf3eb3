/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_cnode.c - section 7.1: the CNode invocations, their checks in order.
 *
 * Frames stand for "some capability": GetAddress tells which one it is.
 */
#include "sections.h"
#include "suite.h"

static u64 address(u64 frame)
{
	return call(frame, PAGE_ADDRESS, NONE, NONE).mr.w[0];
}

static void transfer_checks(void)
{
	u64 f = make(FRAME, 0), free = slot_new(), label;

	for (label = COPY; label <= MUTATE; label++) {
		expect("7.1 one word", TRUNCATED, NONE,
		       call(MY_CNODE, label, M(MY_CNODE), M(free)));
		expect("7.1 target before length", RANGE, M(1, 64),
		       call(MY_CNODE, label, NONE, M(free, 0)));
		expect("7.1 three words", TRUNCATED, NONE,
		       call(MY_CNODE, label, M(MY_CNODE), M(f, 64, f)));
		expect("7.1 no source root", TRUNCATED, NONE,
		       call(MY_CNODE, label, NONE, M(f, 64, f, 0)));
		expect("7.1 destination before source", DELETE_FIRST, NONE,
		       call(MY_CNODE, label, M(MY_CNODE), M(f, 64, f, 0)));
		expect("7.1 source depth", RANGE, M(1, 64),
		       call(MY_CNODE, label, M(MY_CNODE), M(free, 64, f, 0)));
		expect("7.1 source empty", LOOKUP, M(1, MISSING, 64),
		       call(MY_CNODE, label, M(MY_CNODE),
			    M(free, 64, free, 64)));
	}
	expect("7.1 Copy: length", TRUNCATED, NONE,
	       call(MY_CNODE, COPY, M(MY_CNODE), M(free, 64, f, 64)));
	expect("7.1 Mint: length", TRUNCATED, NONE,
	       call(MY_CNODE, MINT, M(MY_CNODE), M(free, 64, f, 64, ALL)));
	expect("7.1 Mutate: length", TRUNCATED, NONE,
	       call(MY_CNODE, MUTATE, M(MY_CNODE), M(free, 64, f, 64)));
	truth("7.1 errors change nothing", occupied(f) && !occupied(free));
}

static void transfers(void)
{
	u64 f = make(FRAME, 0), a = slot_new(), b = slot_new();
	u64 place = address(f);

	expect("7.1 Copy", OK, NONE, copy(a, f, ALL));
	equal("7.1 Copy names the same frame", address(a), place);
	expect("7.1 Move", OK, NONE,
	       call(MY_CNODE, MOVE, M(MY_CNODE), M(b, 64, a, 64)));
	truth("7.1 Move empties the source", !occupied(a));
	equal("7.1 Move", address(b), place);
	expect("7.1 Mutate of a frame", OK, NONE,
	       call(MY_CNODE, MUTATE, M(MY_CNODE), M(a, 64, b, 64, 5)));
	equal("7.1 Mutate", address(a), place);
	expect("7.1 Delete", OK, NONE, on_slot(DELETE, a));
	expect("7.1 Delete of an empty slot", OK, NONE, on_slot(DELETE, a));
	expect("7.1 Revoke of an empty slot", OK, NONE, on_slot(REVOKE, a));
	expect("7.1 Delete: one word", TRUNCATED, NONE,
	       call(MY_CNODE, DELETE, NONE, M(a)));
}

static void cancel_and_save(void)
{
	u64 ep = make(ENDPOINT, 0), partial = copied(ep, WRITE | READ | GRANT);
	u64 free = slot_new();

	expect("7.1 CancelBadgedSends, badge 0", OK, NONE,
	       on_slot(CANCEL_BADGED, ep));
	expect("7.1 CancelBadgedSends needs all rights", ILLEGAL, NONE,
	       on_slot(CANCEL_BADGED, partial));
	expect("7.1 CancelBadgedSends of a TCB", ILLEGAL, NONE,
	       on_slot(CANCEL_BADGED, MY_TCB));
	expect("7.1 CancelBadgedSends of an empty slot", ILLEGAL, NONE,
	       on_slot(CANCEL_BADGED, free));
	expect("7.1 SaveCaller without caller", OK, NONE,
	       on_slot(SAVE_CALLER, free));
	truth("7.1 SaveCaller without caller", !occupied(free));
	expect("7.1 SaveCaller to a full slot", DELETE_FIRST, NONE,
	       on_slot(SAVE_CALLER, ep));
}

void test_cnode(void)
{
	transfer_checks();
	transfers();
	cancel_and_save();
}

static struct reply rotate(u64 dst, u64 dst_data, u64 pivot, u64 pivot_data,
			   u64 src)
{
	return call(MY_CNODE, ROTATE, M(MY_CNODE, MY_CNODE),
		    M(dst, 64, dst_data, pivot, 64, pivot_data, src, 64));
}

static void rotate_errors(u64 a, u64 b, u64 free)
{
	u64 ep = make(ENDPOINT, 0), second = slot_new();

	expect("7.1 Rotate: 7 words", TRUNCATED, NONE,
	       call(MY_CNODE, ROTATE, M(MY_CNODE, MY_CNODE),
		    M(free, 64, 0, a, 64, 0, b)));
	expect("7.1 Rotate: one root", TRUNCATED, NONE,
	       call(MY_CNODE, ROTATE, M(MY_CNODE),
		    M(free, 64, 0, a, 64, 0, b, 64)));
	expect("7.1 Rotate: pivot is the source", ILLEGAL, NONE,
	       rotate(free, 0, a, 0, a));
	expect("7.1 Rotate: pivot is the destination", ILLEGAL, NONE,
	       rotate(a, 0, a, 0, b));
	expect("7.1 Rotate: destination taken", DELETE_FIRST, NONE,
	       rotate(ep, 0, a, 0, b));
	expect("7.1 Rotate: source empty", LOOKUP, M(1, MISSING, 64),
	       rotate(free, 0, a, 0, second));
	expect("7.1 Rotate: pivot empty", LOOKUP, M(0, MISSING, 64),
	       rotate(free, 0, second, 0, a));
	expect("7.1 Rotate: source lookup", RANGE, M(1, 64),
	       call(MY_CNODE, ROTATE, M(MY_CNODE, MY_CNODE),
		    M(free, 64, 0, a, 64, 0, b, 0)));
	expect("16 Rotate of an endpoint", ILLEGAL, NONE,
	       rotate(free, 0, a, 0, ep));
	expect("16 Mutate of an endpoint", ILLEGAL, NONE,
	       call(MY_CNODE, MUTATE, M(MY_CNODE), M(free, 64, ep, 64, 3)));
}

void test_rotate(void)
{
	u64 a = make(FRAME, 0), b = make(FRAME, 0), free = slot_new();
	u64 at_a = address(a), at_b = address(b);

	rotate_errors(a, b, free);
	expect("7.1 Rotate", OK, NONE, rotate(free, 0, a, 0, b));
	equal("7.1 Rotate: pivot to destination", address(free), at_a);
	equal("7.1 Rotate: source to pivot", address(a), at_b);
	truth("7.1 Rotate: source is empty", !occupied(b));
	expect("7.1 Rotate as swap", OK, NONE, rotate(free, 0, a, 0, free));
	equal("7.1 swap", address(free), at_b);
	equal("7.1 swap", address(a), at_a);
}
