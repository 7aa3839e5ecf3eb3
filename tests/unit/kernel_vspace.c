/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_vspace.c - page tables and frames: mapping, rights, stale mappings.
 *
 * ASIDs and cache operations: kernel_asid.c. Rules: abi.md section 12.
 */
#include <arch/pte.h>
#include <object/vspace.h>
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

#define VSPACE ABI_SLOT_VSPACE
#define VADDR  0x40201000ull
#define RW     3

static uint64_t map_table(uint64_t table, uint64_t vaddr, uint64_t vspace)
{
	return user_call(table, ABI_PAGE_TABLE_MAP, WORDS(vaddr, 3),
			 WORDS(vspace));
}

static uint64_t map_frame(uint64_t frame, uint64_t vaddr, uint64_t rights,
			  uint64_t vspace)
{
	return user_call(frame, ABI_PAGE_MAP,
			 WORDS(vaddr, rights, ABI_VM_DEFAULT), WORDS(vspace));
}

static uint64_t unmap(uint64_t cap)
{
	bool table = cap_is(cap_at(cap), ABI_CAP_PAGE_TABLE);

	return user_call(cap, table ? ABI_PAGE_TABLE_UNMAP : ABI_PAGE_UNMAP,
			 NONE, NONE);
}

/* The first of three tables, in successive slots, that reach @vaddr. */
static uint64_t map_tables(uint64_t vaddr)
{
	uint64_t first = new_objects(ABI_OBJ_PAGE_TABLE, 0, 3);

	assert_int_equal(map_table(first, vaddr, VSPACE), ABI_OK);
	assert_int_equal(map_table(first + 1, vaddr, VSPACE), ABI_OK);
	assert_int_equal(map_table(first + 2, vaddr, VSPACE), ABI_OK);
	return first;
}

static uint64_t entry_of(uint64_t vaddr)
{
	return *vspace_walk((uint64_t)world.vspace, vaddr, LEAF_LEVEL).entry;
}

static uint64_t new_vspace(void)
{
	uint64_t vspace = new_object(ABI_OBJ_VSPACE, 0);

	assert_int_equal(user_call(ABI_SLOT_ASID_POOL, ABI_ASID_POOL_ASSIGN,
				   NONE, WORDS(vspace)),
			 ABI_OK);
	return vspace;
}

/* The failed lookup says which table is needed: 39, 30, 21. */
static void tables_then_a_frame(void **state)
{
	uint64_t frame = new_object(ABI_OBJ_FRAME_SMALL, 0);
	uint64_t table = new_objects(ABI_OBJ_PAGE_TABLE, 0, 4);
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_error(ABI_FAILED_LOOKUP,
			     WORDS(0, ABI_LOOKUP_MISSING, 39 - 9 * i),
			     map_frame(frame, VADDR, RW, VSPACE));
		assert_error(ABI_OK, NONE,
			     map_table(table + i, VADDR + 0x123, VSPACE));
		check_world();
	}
	assert_error(ABI_DELETE_FIRST, NONE,
		     map_table(table + 3, VADDR, VSPACE));
	assert_error(ABI_OK, NONE, map_frame(frame, VADDR, RW, VSPACE));
	assert_int_equal(pte_addr(entry_of(VADDR)), cap_addr(cap_at(frame)));
	assert_true(pte_user_writable(entry_of(VADDR)));
	check_world();
	assert_error(ABI_OK, NONE, unmap(frame));
	assert_int_equal(entry_of(VADDR), 0);
	assert_int_equal(fake.flushed_vaddr, VADDR);
	assert_int_equal(fake.flushed_asid, 1);
	assert_error(ABI_OK, NONE, unmap(frame));
}

static void table_errors(void **state)
{
	uint64_t table = new_objects(ABI_OBJ_PAGE_TABLE, 0, 2);
	uint64_t unassigned = new_object(ABI_OBJ_VSPACE, 0), copy, got;

	(void)state;
	assert_error(ABI_INVALID_CAPABILITY, WORDS(1),
		     map_table(table, ~0ull, unassigned));
	assert_error(ABI_INVALID_CAPABILITY, WORDS(1),
		     map_table(table, ~0ull, table + 1));
	assert_error(ABI_INVALID_ARGUMENT, WORDS(0),
		     map_table(table, ABI_USER_TOP + 1, VSPACE));
	got = user_call(table, ABI_PAGE_TABLE_MAP, WORDS(0), WORDS(VSPACE));
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	assert_error(ABI_OK, NONE, map_table(table, ABI_USER_TOP, VSPACE));
	assert_error(ABI_INVALID_CAPABILITY, WORDS(0),
		     map_table(table, ~0ull, unassigned));
	assert_error(ABI_OK, NONE, unmap(table + 1)); /* not mapped */
	copy = new_copy(table, 15);
	assert_error(ABI_REVOKE_FIRST, NONE, unmap(table));
	assert_int_equal(cap_delete(copy), ABI_OK);
	assert_error(ABI_OK, NONE, unmap(table));
	assert_int_equal(fake.flushed_asids, 1);
	check_world();
}

static void frame_errors(void **state)
{
	uint64_t frame = new_object(ABI_OBJ_FRAME_SMALL, 0), other, got;

	(void)state;
	map_tables(VADDR);
	other = new_vspace();
	got = user_call(frame, ABI_PAGE_MAP, WORDS(VADDR, 3), WORDS(VSPACE));
	assert_error(ABI_TRUNCATED_MESSAGE, NONE, got);
	assert_error(ABI_INVALID_CAPABILITY, WORDS(1),
		     map_frame(frame, VADDR + 1, RW, frame));
	assert_error(ABI_ALIGNMENT_ERROR, NONE,
		     map_frame(frame, ~0ull - 0xffe, RW, VSPACE));
	assert_error(ABI_INVALID_ARGUMENT, WORDS(0),
		     map_frame(frame, ~0xfffull, RW, VSPACE));
	assert_error(ABI_INVALID_ARGUMENT, WORDS(0),
		     map_frame(frame, ABI_USER_TOP + 1, RW, VSPACE));
	assert_error(ABI_OK, NONE, map_frame(frame, VADDR, RW, VSPACE));
	assert_error(ABI_INVALID_CAPABILITY, WORDS(1),
		     map_frame(frame, VADDR, RW, other));
	assert_error(ABI_ALIGNMENT_ERROR, NONE,
		     map_frame(frame, VADDR + 8, RW, VSPACE));
	assert_error(ABI_INVALID_ARGUMENT, WORDS(0),
		     map_frame(frame, VADDR + 4096, RW, VSPACE));
	assert_error(ABI_OK, NONE, map_frame(frame, VADDR, 2, VSPACE));
	assert_false(pte_user_writable(entry_of(VADDR)));
	got = user_call(frame, ABI_PAGE_GET_ADDRESS, NONE, NONE);
	assert_error(ABI_OK, WORDS(cap_addr(cap_at(frame))), got);
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     user_call(frame, 99, NONE, NONE));
	check_world();
}

/* Capability rights and argument rights together: 16 cases. */
static void effective_rights(void **state)
{
	uint64_t frame = new_object(ABI_OBJ_FRAME_SMALL, 0), copy, entry;
	unsigned int cap_has, asked, both;

	(void)state;
	map_tables(VADDR);
	for (cap_has = 0; cap_has < 4; cap_has++) {
		copy = new_copy(frame, cap_has);
		for (asked = 0; asked < 4; asked++) {
			assert_int_equal(map_frame(copy, VADDR, asked | 0xf0,
						   VSPACE),
					 ABI_OK);
			entry = entry_of(VADDR);
			both = cap_has & asked;
			assert_int_equal(!!(entry & PTE_AP_EL0), both >= 2);
			assert_int_equal(pte_user_writable(entry), both == 3);
		}
		assert_int_equal(cap_delete(copy), ABI_OK);
	}
}

static void attributes(void **state)
{
	uint64_t frame = new_object(ABI_OBJ_FRAME_SMALL, 0), attr, entry;

	(void)state;
	map_tables(VADDR);
	for (attr = 0; attr < 8; attr++) {
		assert_int_equal(user_call(frame, ABI_PAGE_MAP,
					   WORDS(VADDR, RW, attr),
					   WORDS(VSPACE)),
				 ABI_OK);
		entry = entry_of(VADDR);
		assert_int_equal(!!(entry & PTE_UXN), attr >> 2);
		assert_int_equal(!!(entry & PTE_ATTR(MAIR_NORMAL_WB)),
				 attr & 1);
	}
}

/* Deleting any mapped capability unmaps, also when copies remain. */
static void copies_of_frames(void **state)
{
	uint64_t frame = new_object(ABI_OBJ_FRAME_SMALL, 0), copy;

	(void)state;
	map_tables(VADDR);
	assert_int_equal(map_frame(frame, VADDR, RW, VSPACE), ABI_OK);
	copy = new_copy(frame, RW);
	assert_int_equal(cap_asid(cap_at(copy)), 0);
	assert_int_equal(map_frame(copy, VADDR + 4096, RW, VSPACE), ABI_OK);
	check_world();
	assert_int_equal(cap_delete(copy), ABI_OK);
	assert_int_equal(entry_of(VADDR + 4096), 0);
	assert_int_not_equal(entry_of(VADDR), 0);
}

/* Another frame took the entry: the old capability must leave it alone. */
static void stale_mappings(void **state)
{
	uint64_t old = new_object(ABI_OBJ_FRAME_SMALL, 0);
	uint64_t young = new_object(ABI_OBJ_FRAME_SMALL, 0), tables;

	(void)state;
	tables = map_tables(VADDR);
	assert_int_equal(map_frame(old, VADDR, RW, VSPACE), ABI_OK);
	assert_int_equal(map_frame(young, VADDR, RW, VSPACE), ABI_OK);
	assert_int_equal(pte_addr(entry_of(VADDR)), cap_addr(cap_at(young)));
	assert_int_equal(unmap(old), ABI_OK);
	assert_int_equal(pte_addr(entry_of(VADDR)), cap_addr(cap_at(young)));
	assert_int_equal(unmap(tables + 2), ABI_OK);
	assert_int_equal(*(uint64_t *)cap_ptr(cap_at(tables + 2)), 0);
	check_world();
	assert_error(ABI_FAILED_LOOKUP, WORDS(0, ABI_LOOKUP_MISSING, 21),
		     map_frame(young, VADDR, RW, VSPACE));
	assert_int_equal(map_table(tables + 2, VADDR, VSPACE), ABI_OK);
	assert_int_equal(unmap(young), ABI_OK);
	assert_int_equal(cap_delete(tables), ABI_OK); /* the topmost */
	assert_int_equal(world.vspace[0], 0);
	assert_int_equal(unmap(tables + 1), ABI_OK);
	check_world();
}

static void big_frames(void **state)
{
	uint64_t large = new_object(ABI_OBJ_FRAME_LARGE, 0), huge = new_slot();
	uint64_t small = new_object(ABI_OBJ_FRAME_SMALL, 0), table;
	const uint64_t far = 0x80000000ull;

	(void)state;
	table = map_tables(VADDR);
	assert_int_equal(user_call(WORLD_DEVICE, ABI_UNTYPED_RETYPE,
				   WORDS(ABI_OBJ_FRAME_HUGE, 0, 0, 0, huge, 1),
				   WORDS(ABI_SLOT_CNODE)),
			 ABI_OK);
	assert_error(ABI_FAILED_LOOKUP, WORDS(0, ABI_LOOKUP_MISSING, 12),
		     map_frame(large, VADDR & ~0x1fffffull, RW, VSPACE));
	assert_error(ABI_FAILED_LOOKUP, WORDS(0, ABI_LOOKUP_MISSING, 21),
		     map_frame(huge, 0x40000000, RW, VSPACE));
	assert_error(ABI_OK, NONE, map_frame(huge, far, RW, VSPACE));
	assert_error(ABI_FAILED_LOOKUP, WORDS(0, ABI_LOOKUP_MISSING, 30),
		     map_frame(small, far, RW, VSPACE));
	assert_error(ABI_OK, NONE,
		     map_frame(large, VADDR + (2 << 20) - 0x1000, RW, VSPACE));
	assert_error(ABI_INVALID_ARGUMENT, WORDS(0),
		     map_frame(new_copy(large, 3), ABI_USER_TOP + 1, RW,
			       VSPACE));
	check_world();
	assert_error(ABI_OK, NONE, unmap(table + 2));
	assert_error(ABI_OK, NONE, unmap(large));
	assert_error(ABI_DELETE_FIRST, NONE, map_table(table + 2, far, VSPACE));
	assert_error(ABI_OK, NONE, unmap(huge));
	assert_int_equal(fake.flushed_vaddr, far);
	check_world();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(tables_then_a_frame), world_test(table_errors),
		world_test(frame_errors),	 world_test(effective_rights),
		world_test(attributes),		 world_test(copies_of_frames),
		world_test(stale_mappings),	 world_test(big_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
