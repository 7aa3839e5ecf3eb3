/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_cap.c - derivation: what copies are, who is whose ancestor, finality.
 *
 * The rules are the tables of abi.md section 16, row by row.
 */
#include <object/cap_ops.h>
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

/* Is @b deleted when @a is revoked? */
static bool revoking_takes(uint64_t a, uint64_t b)
{
	assert_int_equal(cap_revoke(a), ABI_OK);
	check_world();
	return cte_is_empty(slot_at(b));
}

static void copies_of_an_original_are_its_children(void **state)
{
	uint64_t ep, a, b;

	(void)state;
	ep = new_object(ABI_OBJ_ENDPOINT, 0);
	a = new_copy(ep, ABI_RIGHT_ALL);
	b = new_copy(a, ABI_RIGHT_ALL);
	assert_true(cte_original(slot_at(ep)));
	assert_false(cte_original(slot_at(a)));
	assert_false(revoking_takes(a, b));
	assert_false(cte_is_empty(slot_at(a)));
	assert_true(revoking_takes(ep, b));
	assert_true(cte_is_empty(slot_at(a)));
	assert_false(cte_is_empty(slot_at(ep)));
}

static void badged_caps_are_families(void **state)
{
	uint64_t ep, five, five_copy, other_five, six;

	(void)state;
	ep = new_object(ABI_OBJ_ENDPOINT, 0);
	five = new_badged(ep, ABI_RIGHT_ALL, 5);
	five_copy = new_copy(five, ABI_RIGHT_ALL);
	six = new_badged(ep, ABI_RIGHT_ALL, 6);
	other_five = new_badged(ep, ABI_RIGHT_ALL, 5);
	assert_true(cte_original(slot_at(five)));
	assert_true(revoking_takes(five, five_copy));
	assert_false(cte_is_empty(slot_at(other_five)));
	assert_false(cte_is_empty(slot_at(six)));
	assert_true(revoking_takes(ep, five));
	assert_true(cte_is_empty(slot_at(other_five)));
	assert_true(cte_is_empty(slot_at(six)));
}

/* Two mints of one badge stand next to each other: neither owns the other. */
static void same_badge_neighbours(void **state)
{
	uint64_t ntfn = new_object(ABI_OBJ_NOTIFICATION, 0);
	uint64_t first, second, copy;

	(void)state;
	first = new_badged(ntfn, ABI_RIGHT_ALL, 9);
	second = new_badged(ntfn, ABI_RIGHT_ALL, 9);
	assert_false(revoking_takes(second, first));
	copy = new_copy(second, ABI_RIGHT_ALL);
	assert_false(revoking_takes(first, copy));
	assert_true(revoking_takes(second, copy));
	assert_int_equal(cap_delete(second), ABI_OK);
	check_world();
}

/* The original goes: its copies do not become children of a namesake. */
static void orphans_of_a_badge(void **state)
{
	uint64_t ep = new_object(ABI_OBJ_ENDPOINT, 0);
	uint64_t old, copy, young;

	(void)state;
	old = new_badged(ep, ABI_RIGHT_ALL, 5);
	copy = new_copy(old, ABI_RIGHT_ALL);
	young = new_badged(ep, ABI_RIGHT_ALL, 5);
	assert_int_equal(cap_delete(old), ABI_OK);
	assert_ptr_equal(cte_next(slot_at(young)), slot_at(copy));
	assert_false(revoking_takes(young, copy));
	assert_true(revoking_takes(ep, copy));
}

static void badge_is_set_once(void **state)
{
	uint64_t ep = new_object(ABI_OBJ_ENDPOINT, 0);
	uint64_t badged = new_badged(ep, ABI_RIGHT_ALL, 5);
	uint64_t dst = new_slot();

	(void)state;
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     cap_mint(dst, badged, ABI_RIGHT_ALL, 6));
	assert_error(ABI_ILLEGAL_OPERATION, NONE,
		     cap_mint(dst, badged, ABI_RIGHT_ALL, 5));
	assert_int_equal(cap_mint(dst, ep, ABI_RIGHT_ALL, 0), ABI_OK);
	assert_false(cte_original(slot_at(dst)));
	assert_int_equal(cap_at(badged).w1, 5);
}

static void rights_are_masked(void **state)
{
	uint64_t ep = new_object(ABI_OBJ_ENDPOINT, 0);
	uint64_t ntfn = new_object(ABI_OBJ_NOTIFICATION, 0);
	uint64_t frame = new_object(ABI_OBJ_FRAME_SMALL, 0);
	uint64_t tcb = new_object(ABI_OBJ_TCB, 0);
	unsigned int rights;
	uint64_t copy;

	(void)state;
	for (rights = 0; rights <= ABI_RIGHT_ALL; rights++) {
		copy = new_copy(ep, rights);
		assert_int_equal(cap_rights(cap_at(copy)), rights);
		copy = new_copy(ntfn, rights | 0xf0);
		assert_int_equal(cap_rights(cap_at(copy)), rights & 3);
		copy = new_copy(frame, rights);
		assert_int_equal(frame_rights(cap_at(copy)), rights & 3);
		assert_int_equal(cap_addr(cap_at(copy)),
				 cap_addr(cap_at(frame)));
		copy = new_copy(tcb, rights);
		assert_int_equal(cap_at(copy).w0, cap_at(tcb).w0);
	}
	copy = new_copy(new_copy(ep, ABI_RIGHT_READ), ABI_RIGHT_ALL);
	assert_int_equal(cap_rights(cap_at(copy)), ABI_RIGHT_READ);
}

static void cnode_data_is_a_guard(void **state)
{
	uint64_t cnode = new_object(ABI_OBJ_CNODE, 4);
	uint64_t dst = new_slot();

	(void)state;
	assert_int_equal(cap_mint(dst, cnode, 0, 0xabcull << 6 | 8), ABI_OK);
	assert_int_equal(cnode_guard_size(cap_at(dst)), 8);
	assert_int_equal(cnode_guard(cap_at(dst)), 0xbc);
	assert_int_equal(cnode_radix(cap_at(dst)), 4);
	dst = new_slot();
	assert_int_equal(cap_mint(dst, cnode, 0, 60), ABI_OK);
	dst = new_slot();
	assert_error(ABI_ILLEGAL_OPERATION, NONE, cap_mint(dst, cnode, 0, 61));
	assert_int_equal(user_call(ABI_SLOT_CNODE, ABI_CNODE_MUTATE,
				   WORDS(dst, 64, cnode, 64, 3),
				   WORDS(ABI_SLOT_CNODE)),
			 ABI_OK);
	assert_int_equal(cnode_guard_size(cap_at(dst)), 3);
	assert_true(cte_is_empty(slot_at(cnode)));
}

static void kinds_that_cannot_be_copied(void **state)
{
	uint64_t dst = new_slot();
	uint64_t untyped = new_object(ABI_OBJ_UNTYPED, 12);
	uint64_t vspace = new_object(ABI_OBJ_VSPACE, 0);
	uint64_t table = new_object(ABI_OBJ_PAGE_TABLE, 0);
	uint64_t got;

	(void)state;
	got = cap_copy(dst, ABI_SLOT_IRQ_CONTROL, ABI_RIGHT_ALL);
	assert_error(ABI_ILLEGAL_OPERATION, NONE, got);
	got = cap_copy(dst, vspace, ABI_RIGHT_ALL);
	assert_error(ABI_ILLEGAL_OPERATION, NONE, got);
	got = cap_copy(dst, table, ABI_RIGHT_ALL);
	assert_error(ABI_ILLEGAL_OPERATION, NONE, got);
	got = cap_copy(dst, WORLD_RAM, ABI_RIGHT_ALL);
	assert_error(ABI_REVOKE_FIRST, NONE, got);
	assert_int_equal(cap_move(dst, ABI_SLOT_IRQ_CONTROL), ABI_OK);
	assert_int_equal(cap_move(ABI_SLOT_IRQ_CONTROL, dst), ABI_OK);
	assert_int_equal(cap_copy(dst, ABI_SLOT_DOMAIN, 0), ABI_OK);
	assert_int_equal(cap_copy(new_slot(), ABI_SLOT_ASID_CONTROL, 0),
			 ABI_OK);
	assert_int_equal(cap_copy(new_slot(), ABI_SLOT_ASID_POOL, 0), ABI_OK);
	assert_int_equal(cap_copy(new_slot(), ABI_SLOT_VSPACE, 0), ABI_OK);
	assert_int_equal(cap_copy(new_slot(), untyped, 0), ABI_OK);
}

/* The source of an untyped copy is full: the memory belongs to one of them. */
static void untyped_copies_share_no_memory(void **state)
{
	uint64_t untyped = new_object(ABI_OBJ_UNTYPED, 12);
	uint64_t copy = new_copy(untyped, 0);
	uint64_t got, dst = new_slot();

	(void)state;
	assert_int_equal(untyped_bits(cap_at(copy)), 12);
	got = user_call(untyped, ABI_UNTYPED_RETYPE,
			WORDS(ABI_OBJ_ENDPOINT, 0, 0, 0, dst, 1),
			WORDS(ABI_SLOT_CNODE));
	assert_error(ABI_NOT_ENOUGH_MEMORY, WORDS(0), got);
	got = user_call(copy, ABI_UNTYPED_RETYPE,
			WORDS(ABI_OBJ_ENDPOINT, 0, 0, 0, dst, 1),
			WORDS(ABI_SLOT_CNODE));
	assert_int_equal(got, ABI_OK);
	check_world();
	assert_true(revoking_takes(untyped, copy));
	assert_true(cte_is_empty(slot_at(dst)));
}

static void regions(void **state)
{
	struct cap ut = cap_untyped(0x100000, 16, false, 0);
	struct cap dev = cap_untyped(0x100000, 16, true, 0);
	struct cap in = cap_frame(0x10f000, FRAME_SMALL, 3, false);
	struct cap above = cap_frame(0x110000, FRAME_SMALL, 3, false);
	struct cap large = cap_frame(0x100000, FRAME_LARGE, 3, false);

	(void)state;
	assert_true(cap_same_region(ut, in));
	assert_true(cap_same_region(dev, in));
	assert_false(cap_same_region(ut, above));
	assert_false(cap_same_region(ut, large));
	assert_true(cap_same_region(ut, cap_untyped(0x108000, 15, false, 0)));
	assert_true(cap_same_region(ut, cap_zombie(0x100800, ZOMBIE_TCB, 5)));
	assert_true(cap_same_region(ut, cap_zombie(0x108000, 10, 3)));
	assert_false(cap_same_region(ut, cap_zombie(0x100000, 12, 3)));
	assert_false(cap_same_region(ut, cap_irq_handler(0x20)));
	assert_false(cap_same_region(ut, cap_control(ABI_CAP_DOMAIN)));
	assert_true(cap_same_region(large, in));
	assert_false(cap_same_region(in, large));
	assert_false(cap_same_object(ut, ut));
	assert_false(cap_same_object(in, large));
	assert_false(cap_same_object(cap_zombie(0x100800, ZOMBIE_TCB, 5),
				     cap_zombie(0x100800, ZOMBIE_TCB, 5)));
	assert_true(cap_same_region(cap_control(ABI_CAP_IRQ_CONTROL),
				    cap_irq_handler(40)));
	assert_true(cap_same_region(cap_control(ABI_CAP_IRQ_CONTROL),
				    cap_sgi_signal(1, 0)));
	assert_false(
		cap_same_object(cap_sgi_signal(1, 0), cap_sgi_signal(1, 1)));
	assert_false(cap_same_object(cap_cnode((void *)0x1000, 4, 0),
				     cap_cnode((void *)0x1000, 5, 0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(copies_of_an_original_are_its_children),
		world_test(badged_caps_are_families),
		world_test(same_badge_neighbours),
		world_test(orphans_of_a_badge),
		world_test(badge_is_set_once),
		world_test(rights_are_masked),
		world_test(cnode_data_is_a_guard),
		world_test(kinds_that_cannot_be_copied),
		world_test(untyped_copies_share_no_memory),
		world_test(regions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
