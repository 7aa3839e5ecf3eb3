/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_asid.c - ASID pools and assignments, and cache maintenance.
 *
 * Rules: abi.md section 12.
 */
#include <arch/pte.h>
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

#define ROOT   ABI_SLOT_CNODE
#define POOL   ABI_SLOT_ASID_POOL
#define VSPACE ABI_SLOT_VSPACE
#define VADDR  0x1000ull

static uint64_t make_pool(uint64_t untyped, uint64_t dst)
{
	return user_call(ABI_SLOT_ASID_CONTROL, ABI_ASID_CONTROL_MAKE_POOL,
			 WORDS(dst, 64), WORDS(untyped, ROOT));
}

static uint64_t assign(uint64_t pool, uint64_t vspace)
{
	return user_call(pool, ABI_ASID_POOL_ASSIGN, NONE, WORDS(vspace));
}

static void pool_errors(void **state)
{
	uint64_t good = new_object(ABI_OBJ_UNTYPED, 12), dst, got;
	uint64_t bad = new_object(ABI_OBJ_UNTYPED, 13);

	(void)state;
	dst = new_slot();
	got = user_call(ABI_SLOT_ASID_CONTROL, ABI_ASID_CONTROL_MAKE_POOL,
			WORDS(dst), WORDS(good, ROOT));
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	got = user_call(ABI_SLOT_ASID_CONTROL, ABI_ASID_CONTROL_MAKE_POOL,
			WORDS(dst, 64), WORDS(good));
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     user_call(ABI_SLOT_ASID_CONTROL, 48, NONE, NONE));
	assert_error(ABI_INVALID_CAPABILITY, WORDS(1), make_pool(bad, dst));
	assert_error(ABI_INVALID_CAPABILITY, WORDS(1), make_pool(ROOT, dst));
	assert_error(ABI_INVALID_CAPABILITY, WORDS(1),
		     make_pool(WORLD_UART, dst));
	assert_error(ABI_DELETE_FIRST, NONE, make_pool(good, bad));
	assert_int_equal(cap_copy(dst, good, 0), ABI_OK);
	assert_error(ABI_REVOKE_FIRST, NONE, make_pool(good, bad));
	assert_int_equal(cap_delete(dst), ABI_OK);
	assert_error(ABI_OK, NONE, make_pool(good, dst));
	got = user_call(good, ABI_UNTYPED_RETYPE,
			WORDS(ABI_OBJ_ENDPOINT, 0, 0, 0, new_slot(), 1),
			WORDS(ROOT));
	assert_error(ABI_NOT_ENOUGH_MEMORY, WORDS(0), got);
	check_world();
	assert_int_equal(cap_revoke(good), ABI_OK);
	assert_true(cte_is_empty(slot_at(dst)));
}

static void table_of_pools_is_full(void **state)
{
	uint64_t first = new_objects(ABI_OBJ_UNTYPED, 12, 128), i;
	uint64_t dst = world.next_slot;

	(void)state;
	for (i = 0; i < 127; i++)
		assert_int_equal(make_pool(first + i, new_slot()), ABI_OK);
	assert_error(ABI_DELETE_FIRST, NONE, make_pool(ROOT, dst + 127));
	assert_int_equal(cap_at(dst + 126).w1, 127 << ASID_POOL_BITS);
	assert_int_equal(cap_delete(dst + 3), ABI_OK);
	assert_int_equal(make_pool(first + 127, dst + 127), ABI_OK);
	assert_int_equal(cap_at(dst + 127).w1, 4 << ASID_POOL_BITS);
	world.next_slot++;
}

static void assigning(void **state)
{
	uint64_t a = new_object(ABI_OBJ_VSPACE, 0), got;

	(void)state;
	got = user_call(POOL, ABI_ASID_POOL_ASSIGN, NONE, NONE);
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	assert_error(ABI_INVALID_CAPABILITY, WORDS(1), assign(POOL, ROOT));
	assert_error(ABI_INVALID_CAPABILITY, WORDS(1), assign(POOL, VSPACE));
	assert_error(ABI_OK, NONE, assign(POOL, a));
	assert_int_equal(cap_asid(cap_at(a)), 2);
	assert_int_equal(asid_find(2), cap_addr(cap_at(a)));
	assert_int_equal(asid_find(0), 0);
	assert_int_equal(cap_copy(new_slot(), a, 0), ABI_OK);
	assert_int_equal(cap_delete(a), ABI_OK);
	assert_int_equal(asid_find(2), cap_addr(cap_at(a + 1)));
	assert_int_equal(cap_delete(a + 1), ABI_OK);
	assert_int_equal(asid_find(2), 0);
	assert_int_equal(fake.flushed_asid, 2);
}

static void full_pool(void **state)
{
	uint64_t vspace = new_object(ABI_OBJ_VSPACE, 0);
	unsigned int i;

	(void)state;
	for (i = 2; i < 512; i++)
		world.pool[i] = 0x1000;
	assert_error(ABI_DELETE_FIRST, NONE, assign(POOL, vspace));
	for (i = 2; i < 511; i++)
		world.pool[i] = 0;
	assert_error(ABI_OK, NONE, assign(POOL, vspace));
	world.pool[511] = 0;
}

/* The pool goes: its VSpaces are unassigned, capabilities become stale. */
static void deleted_pool(void **state)
{
	uint64_t ut = new_object(ABI_OBJ_UNTYPED, 12), pool = new_slot(), got;
	uint64_t vspace = new_object(ABI_OBJ_VSPACE, 0);
	uint64_t table = new_object(ABI_OBJ_PAGE_TABLE, 0);

	(void)state;
	assert_int_equal(make_pool(ut, pool), ABI_OK);
	assert_int_equal(assign(pool, vspace), ABI_OK);
	assert_int_equal(cap_asid(cap_at(vspace)), 512);
	got = user_call(table, ABI_PAGE_TABLE_MAP, WORDS(0, 0), WORDS(vspace));
	assert_error(ABI_OK, NONE, got);
	assert_int_equal(cap_delete(pool), ABI_OK);
	assert_int_equal(fake.flushed_asid, 512);
	table = new_object(ABI_OBJ_PAGE_TABLE, 0);
	got = user_call(table, ABI_PAGE_TABLE_MAP, WORDS(0, 0), WORDS(vspace));
	assert_error(ABI_FAILED_LOOKUP, WORDS(0, ABI_LOOKUP_INVALID_ROOT), got);
	assert_int_equal(make_pool(ut, pool), ABI_OK);
	ut = new_object(ABI_OBJ_VSPACE, 0);
	assert_int_equal(assign(pool, ut), ABI_OK);
	got = user_call(table, ABI_PAGE_TABLE_MAP, WORDS(0, 0), WORDS(vspace));
	assert_error(ABI_INVALID_CAPABILITY, WORDS(1), got);
	assert_int_equal(cap_delete(vspace), ABI_OK); /* not the new one's */
	assert_int_equal(asid_find(512), cap_addr(cap_at(ut)));
	check_world();
}

static uint64_t cache_op(uint64_t cap, uint64_t label, uint64_t start,
			 uint64_t end)
{
	return user_call(cap, label, WORDS(start, end), NONE);
}

static void map_page(uint64_t frame, uint64_t rights)
{
	uint64_t table = new_objects(ABI_OBJ_PAGE_TABLE, 0, 3), i;

	for (i = 0; i < 3; i++)
		user_call(table + i, ABI_PAGE_TABLE_MAP, WORDS(VADDR, 0),
			  WORDS(VSPACE));
	assert_int_equal(user_call(frame, ABI_PAGE_MAP, WORDS(VADDR, rights, 3),
				   WORDS(VSPACE)),
			 ABI_OK);
}

static void page_cache_ops(void **state)
{
	uint64_t frame = new_object(ABI_OBJ_FRAME_SMALL, 0), label;

	(void)state;
	for (label = ABI_PAGE_CLEAN_DATA; label <= ABI_PAGE_UNIFY_INSTRUCTION;
	     label++) {
		assert_error(ABI_TRUNCATED_MESSAGE, NONE,
			     user_call(frame, label, WORDS(0), NONE));
		assert_error(ABI_INVALID_ARGUMENT, WORDS(1),
			     cache_op(frame, label, 8, 8));
		assert_error(ABI_INVALID_ARGUMENT, WORDS(0),
			     cache_op(frame, label, 4096, 4097));
		assert_error(ABI_INVALID_ARGUMENT, WORDS(0),
			     cache_op(frame, label, 0, 4097));
		assert_error(ABI_ILLEGAL_OPERATION, NONE,
			     cache_op(frame, label, 0, 4096));
	}
	map_page(frame, 2);
	assert_error(ABI_OK, NONE,
		     cache_op(frame, ABI_PAGE_CLEAN_DATA, 64, 4096));
	assert_int_equal(fake.cache_label, ABI_PAGE_CLEAN_DATA);
	assert_int_equal(fake.cache_start, cap_addr(cap_at(frame)) + 64);
	assert_int_equal(fake.cache_bytes, 4032);
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     cache_op(frame, ABI_PAGE_INVALIDATE_DATA, 0, 8));
	map_page(frame, 3);
	assert_error(ABI_OK, NONE,
		     cache_op(frame, ABI_PAGE_INVALIDATE_DATA, 0, 8));
	map_page(new_object(ABI_OBJ_FRAME_SMALL, 0), 3);
	assert_error(ABI_INVALID_CAPABILITY, WORDS(0),
		     cache_op(frame, ABI_PAGE_CLEAN_DATA, 0, 8));
}

static void vspace_cache_ops(void **state)
{
	uint64_t frame = new_object(ABI_OBJ_FRAME_SMALL, 0);
	uint64_t none = new_object(ABI_OBJ_VSPACE, 0);
	const uint64_t label = ABI_VSPACE_CLEAN_INVALIDATE_DATA;

	(void)state;
	map_page(frame, 3);
	assert_error(ABI_INVALID_ARGUMENT, WORDS(1),
		     cache_op(none, label, 8, 7));
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     cache_op(none, label, 8, ABI_USER_TOP + 1));
	assert_error(ABI_INVALID_CAPABILITY, WORDS(0),
		     cache_op(none, label, 8, 9));
	assert_error(ABI_OK, NONE, cache_op(VSPACE, label, 0x800000, 0x900000));
	assert_int_equal(fake.cache_bytes, 0);
	assert_error(ABI_RANGE_ERROR, WORDS(VADDR + 8, VADDR + 4095),
		     cache_op(VSPACE, label, VADDR + 8, VADDR + 4097));
	assert_error(ABI_OK, NONE,
		     cache_op(VSPACE, label, VADDR + 8, VADDR + 4096));
	assert_int_equal(fake.cache_label, ABI_PAGE_CLEAN_INVALIDATE_DATA);
	assert_int_equal(fake.cache_start, cap_addr(cap_at(frame)) + 8);
	assert_int_equal(fake.cache_bytes, 4088);
	assert_error(ABI_TRUNCATED_MESSAGE, NONE,
		     user_call(VSPACE, label, WORDS(8), NONE));
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     user_call(VSPACE, ABI_PAGE_MAP, NONE, NONE));
}

/* The kernel does not map device memory: nothing may be done there. */
static void device_memory_is_not_touched(void **state)
{
	uint64_t frame = new_slot();

	(void)state;
	assert_int_equal(user_call(WORLD_UART, ABI_UNTYPED_RETYPE,
				   WORDS(ABI_OBJ_FRAME_SMALL, 0, 0, 0, frame,
					 1),
				   WORDS(ROOT)),
			 ABI_OK);
	map_page(frame, 3);
	assert_error(ABI_OK, NONE, cache_op(frame, ABI_PAGE_CLEAN_DATA, 0, 8));
	assert_error(ABI_OK, NONE,
		     cache_op(VSPACE, ABI_VSPACE_CLEAN_DATA, VADDR, VADDR + 8));
	assert_int_equal(fake.cache_bytes, 0);
	check_world();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(pool_errors),
		world_test(table_of_pools_is_full),
		world_test(assigning),
		world_test(full_pool),
		world_test(deleted_pool),
		world_test(page_cache_ops),
		world_test(vspace_cache_ops),
		world_test(device_memory_is_not_touched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
