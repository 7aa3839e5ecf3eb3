/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_cnode.c - lookup failures, and each CNode invocation with its errors.
 *
 * Error words and the order of the checks: abi.md sections 5, 6 and 7.1.
 */
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

#define ROOT   ABI_SLOT_CNODE
#define SOURCE 1
#define TARGET 0

/* A CNode operation with the invoked root in @root. */
static uint64_t cnode_op(uint64_t root, uint64_t label, uint64_t index,
			 uint64_t depth)
{
	return user_call(root, label, WORDS(index, depth), NONE);
}

static void target_lookup_errors(void **state)
{
	uint64_t deep, got, empty = new_slot();

	(void)state;
	got = cnode_op(ROOT, ABI_CNODE_DELETE, 5, 0);
	assert_error(ABI_RANGE_ERROR, WORDS(1, 64), got);
	got = cnode_op(ROOT, ABI_CNODE_DELETE, 5, 65);
	assert_error(ABI_RANGE_ERROR, WORDS(1, 64), got);
	/* the root CNode has a guard of 52 zero bits */
	got = cnode_op(ROOT, ABI_CNODE_DELETE, 1ull << 63, 64);
	assert_error(ABI_FAILED_LOOKUP,
		     WORDS(TARGET, ABI_LOOKUP_GUARD, 64, 0, 52), got);
	got = cnode_op(ROOT, ABI_CNODE_DELETE, 5, 51);
	assert_error(ABI_FAILED_LOOKUP,
		     WORDS(TARGET, ABI_LOOKUP_GUARD, 51, 0, 52), got);
	got = cnode_op(ROOT, ABI_CNODE_DELETE, 5, 60);
	assert_error(ABI_FAILED_LOOKUP, WORDS(TARGET, ABI_LOOKUP_DEPTH, 60, 64),
		     got);
	deep = new_object(ABI_OBJ_CNODE, 4);
	got = cnode_op(deep, ABI_CNODE_DELETE, 5, 9);
	assert_error(ABI_FAILED_LOOKUP, WORDS(TARGET, ABI_LOOKUP_DEPTH, 5, 0),
		     got);
	assert_int_equal(cnode_op(deep, ABI_CNODE_DELETE, ~0xfull | 5, 4),
			 ABI_OK);
	assert_int_equal(cnode_op(ROOT, ABI_CNODE_DELETE, empty, 64), ABI_OK);
	got = user_call(ROOT, ABI_CNODE_DELETE, WORDS(empty), NONE);
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	got = user_call(ROOT, ABI_CNODE_SAVE_CALLER + 1, NONE, NONE);
	assert_error(ABI_ILLEGAL_OPERATION, NONE, got);
	got = user_call(empty, ABI_CNODE_DELETE, WORDS(1, 64), NONE);
	assert_error(ABI_INVALID_CAPABILITY, WORDS(0), got);
}

static uint64_t copy_op(uint64_t dst, uint64_t src_root, uint64_t src,
			uint64_t depth)
{
	return user_call(ROOT, ABI_CNODE_COPY,
			 WORDS(dst, 64, src, depth, ABI_RIGHT_ALL),
			 WORDS(src_root));
}

static void source_lookup_errors(void **state)
{
	uint64_t ep = new_object(ABI_OBJ_ENDPOINT, 0);
	uint64_t dst = new_slot(), empty = new_slot(), got;

	(void)state;
	got = copy_op(dst, ep, 5, 64);
	assert_error(ABI_FAILED_LOOKUP, WORDS(SOURCE, ABI_LOOKUP_INVALID_ROOT),
		     got);
	got = copy_op(dst, empty, 5, 0);
	assert_error(ABI_FAILED_LOOKUP, WORDS(SOURCE, ABI_LOOKUP_INVALID_ROOT),
		     got);
	got = copy_op(dst, ROOT, ep, 0);
	assert_error(ABI_RANGE_ERROR, WORDS(1, 64), got);
	got = copy_op(dst, ROOT, empty, 64);
	assert_error(ABI_FAILED_LOOKUP, WORDS(SOURCE, ABI_LOOKUP_MISSING, 64),
		     got);
	got = copy_op(ep, ROOT, empty, 64);
	assert_error(ABI_DELETE_FIRST, NONE, got);
	got = copy_op(1ull << 40, ep, empty, 64);
	assert_error(ABI_FAILED_LOOKUP,
		     WORDS(TARGET, ABI_LOOKUP_GUARD, 64, 0, 52), got);
	check_world();
}

/* Each word too few, in the order in which the checks come. */
static void truncated_transfers(void **state)
{
	uint64_t ep = new_object(ABI_OBJ_ENDPOINT, 0);
	uint64_t dst = new_slot(), empty = new_slot(), label, got;
	static const unsigned int need[] = { 5, 6, 4, 5 };
	const uint64_t words[] = { dst, 64, ep, 64, 0, 0 };
	const uint64_t none[] = { dst, 64, empty, 64, 0, 0 };

	(void)state;
	for (label = ABI_CNODE_COPY; label <= ABI_CNODE_MUTATE; label++) {
		unsigned int n = need[label - ABI_CNODE_COPY] - 1;

		got = user_call(ROOT, label, words, 6, NONE);
		assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
		got = user_call(ROOT, label, words, 3, WORDS(ROOT));
		assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
		got = user_call(ROOT, label, words, n, WORDS(ROOT));
		assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
		if (n < 4)
			continue;
		got = user_call(ROOT, label, none, n, WORDS(ROOT));
		assert_error(ABI_FAILED_LOOKUP,
			     WORDS(SOURCE, ABI_LOOKUP_MISSING, 64), got);
	}
	got = user_call(ROOT, ABI_CNODE_ROTATE,
			WORDS(dst, 64, 0, ep, 64, 0, ep), WORDS(ROOT, ROOT));
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	got = user_call(ROOT, ABI_CNODE_ROTATE,
			WORDS(dst, 64, 0, ep, 64, 0, ep, 64), WORDS(ROOT));
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
}

static void move_and_mutate(void **state)
{
	uint64_t ep = new_object(ABI_OBJ_ENDPOINT, 0);
	uint64_t child = new_copy(ep, ABI_RIGHT_READ);
	uint64_t dst = new_slot(), got;
	struct cap cap = cap_at(ep);

	(void)state;
	assert_int_equal(cap_move(dst, ep), ABI_OK);
	assert_true(cte_is_empty(slot_at(ep)));
	assert_memory_equal(&slot_at(dst)->cap, &cap, sizeof(cap));
	check_world();
	got = user_call(ROOT, ABI_CNODE_MUTATE, WORDS(ep, 64, dst, 64, 7),
			WORDS(ROOT));
	assert_error(ABI_ILLEGAL_OPERATION, NONE, got);
	assert_int_equal(cap_revoke(dst), ABI_OK);
	assert_true(cte_is_empty(slot_at(child)));
}

static uint64_t rotate(uint64_t dst, uint64_t pivot, uint64_t src,
		       uint64_t pivot_data, uint64_t src_data)
{
	return user_call(ROOT, ABI_CNODE_ROTATE,
			 WORDS(dst, 64, pivot_data, pivot, 64, src_data, src,
			       64),
			 WORDS(ROOT, ROOT));
}

static void rotate_moves_three(void **state)
{
	uint64_t a = new_object(ABI_OBJ_CNODE, 3);
	uint64_t b = new_object(ABI_OBJ_TCB, 0);
	uint64_t dst = new_slot();
	struct cap cap_a = cap_at(a), cap_b = cap_at(b);

	(void)state;
	assert_int_equal(rotate(dst, a, b, 2, 0), ABI_OK);
	assert_int_equal(cap_at(dst).w0, cap_a.w0);
	assert_int_equal(cnode_guard_size(cap_at(dst)), 2);
	assert_int_equal(cap_at(a).w0, cap_b.w0);
	assert_true(cte_is_empty(slot_at(b)));
	check_world();
	assert_int_equal(rotate(dst, a, dst, 0, 0), ABI_OK); /* a swap */
	assert_int_equal(cap_at(a).w0, cap_a.w0);
	assert_int_equal(cap_at(dst).w0, cap_b.w0);
	check_world();
}

static void rotate_errors(void **state)
{
	uint64_t a = new_object(ABI_OBJ_CNODE, 3);
	uint64_t b = new_object(ABI_OBJ_TCB, 0);
	uint64_t ep = new_object(ABI_OBJ_ENDPOINT, 0);
	uint64_t dst = new_slot(), empty = new_slot();

	(void)state;
	assert_error(ABI_ILLEGAL_OPERATION, NONE, rotate(dst, a, a, 0, 0));
	assert_error(ABI_ILLEGAL_OPERATION, NONE, rotate(a, a, b, 0, 0));
	assert_error(ABI_ILLEGAL_OPERATION, NONE, rotate(ep, a, a, 0, 0));
	assert_error(ABI_DELETE_FIRST, NONE, rotate(ep, a, b, 0, 0));
	assert_error(ABI_DELETE_FIRST, NONE, rotate(ep, a, empty, 0, 0));
	assert_error(ABI_FAILED_LOOKUP, WORDS(SOURCE, ABI_LOOKUP_MISSING, 64),
		     rotate(dst, empty, new_slot(), 0, 0));
	assert_error(ABI_FAILED_LOOKUP, WORDS(TARGET, ABI_LOOKUP_MISSING, 64),
		     rotate(dst, empty, b, 0, 0));
	assert_error(ABI_ILLEGAL_OPERATION, NONE, rotate(dst, ep, b, 0, 0));
	assert_error(ABI_ILLEGAL_OPERATION, NONE, rotate(dst, a, b, 63, 0));
	assert_error(ABI_ILLEGAL_OPERATION, NONE, rotate(dst, b, ep, 0, 9));
	check_world();
}

/* Two levels, guards in between: the CPtr of a slot in a slot. */
static void levels_and_guards(void **state)
{
	uint64_t inner = new_object(ABI_OBJ_CNODE, 4);
	uint64_t outer = new_object(ABI_OBJ_CNODE, 4);
	uint64_t tcb = new_object(ABI_OBJ_TCB, 0), got;

	(void)state;
	got = user_call(outer, ABI_CNODE_MINT,
			WORDS(2, 4, inner, 64, 0, 0x5ull << 6 | 3),
			WORDS(ROOT));
	assert_int_equal(got, ABI_OK);
	got = user_call(outer, ABI_CNODE_COPY,
			WORDS(2 << 7 | 5 << 4 | 9, 11, tcb, 64, 0),
			WORDS(ROOT));
	assert_int_equal(got, ABI_OK);
	got = cnode_op(outer, ABI_CNODE_REVOKE, 2 << 7 | 4 << 4 | 9, 11);
	assert_error(ABI_FAILED_LOOKUP,
		     WORDS(TARGET, ABI_LOOKUP_GUARD, 7, 5, 3), got);
	got = cnode_op(outer, ABI_CNODE_REVOKE, 2 << 6 | 5 << 3 | 4, 10);
	assert_error(ABI_FAILED_LOOKUP, WORDS(TARGET, ABI_LOOKUP_DEPTH, 6, 7),
		     got);
	got = cnode_op(outer, ABI_CNODE_REVOKE, 2 << 9 | 5 << 6 | 9 << 2, 13);
	assert_error(ABI_FAILED_LOOKUP, WORDS(TARGET, ABI_LOOKUP_DEPTH, 2, 0),
		     got);
	check_world();
}

/* An invoked CPtr may have bits left over: they are ignored. */
static void left_over_bits_of_an_invoked_cap(void **state)
{
	uint64_t thread = new_thread(255);
	uint64_t cspace = new_object(ABI_OBJ_CNODE, 2), got;
	struct tcb *tcb = tcb_at(thread);

	(void)state;
	got = user_call(cspace, ABI_CNODE_COPY, WORDS(1, 2, thread, 64, 15),
			WORDS(ROOT));
	assert_int_equal(got, ABI_OK);
	got = user_call(thread, ABI_TCB_SET_SPACE, WORDS(0, 0, 0),
			WORDS(cspace, ABI_SLOT_VSPACE));
	assert_int_equal(got, ABI_OK);
	thread_start(thread);
	user_become(tcb);
	got = user_call(1ull << 62 | 12345, ABI_TCB_SET_FLAGS, WORDS(0, 0),
			NONE);
	assert_error(ABI_OK, WORDS(0), got);
	user_become(world.root);
}

static void cancel_badged_needs_all_rights(void **state)
{
	uint64_t ep = new_object(ABI_OBJ_ENDPOINT, 0);
	uint64_t weak = new_copy(ep, ABI_RIGHT_ALL & ~ABI_RIGHT_GRANT_REPLY);
	uint64_t label = ABI_CNODE_CANCEL_BADGED_SENDS;

	(void)state;
	assert_error(ABI_OK, NONE, cnode_op(ROOT, label, ep, 64));
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     cnode_op(ROOT, label, weak, 64));
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     cnode_op(ROOT, label, ABI_SLOT_TCB, 64));
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     cnode_op(ROOT, label, new_slot(), 64));
}

static void save_caller_without_one(void **state)
{
	uint64_t empty = new_slot();

	(void)state;
	assert_error(ABI_OK, NONE,
		     cnode_op(ROOT, ABI_CNODE_SAVE_CALLER, empty, 64));
	assert_true(cte_is_empty(slot_at(empty)));
	assert_error(ABI_DELETE_FIRST, NONE,
		     cnode_op(ROOT, ABI_CNODE_SAVE_CALLER, ROOT, 64));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(target_lookup_errors),
		world_test(source_lookup_errors),
		world_test(truncated_transfers),
		world_test(move_and_mutate),
		world_test(rotate_moves_three),
		world_test(rotate_errors),
		world_test(levels_and_guards),
		world_test(left_over_bits_of_an_invoked_cap),
		world_test(cancel_badged_needs_all_rights),
		world_test(save_caller_without_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
