/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_tree.c - the derivation list, finality, memory and zombies.
 *
 * What the kernel computes from neighbours in the list must be true of the
 * whole: "final" must mean that no other capability in the world names the
 * object, and whatever lies in an untyped must stand behind it, below its
 * watermark, and overlap nothing else.
 */
#include <stdlib.h>
#include <object/cap_ops.h>
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

static void check_links(const struct cte *slot)
{
	const struct cte *next = cte_next(slot);

	if (next) {
		assert_ptr_equal(next->prev, slot);
		assert_false(cte_is_empty(next));
	}
	if (slot->prev) {
		assert_ptr_equal(cte_next(slot->prev), slot);
		assert_true(slot->prev == &cdt_first ||
			    !cte_is_empty(slot->prev));
	}
}

static void check_final(const struct cte *slot)
{
	const struct check_object *object = check_object_of(slot->cap);

	if (!object)
		return;
	assert_int_equal(cdt_is_final(slot), object->caps == 1);
	if (object->zombie)
		assert_int_equal(object->caps, 1);
}

/* A zombie's slots from its count on are empty, or hold the zombie itself. */
static void check_zombie(const struct cte *slot)
{
	const struct check_object *object = check_object_of(slot->cap);
	const struct cte *slots = cap_ptr(slot->cap);
	uint64_t n = object->tag == ABI_CAP_THREAD ?
			     TCB_SLOTS :
			     1ull << (object->bits - ABI_SLOT_BITS);
	uint64_t i;

	assert_true(slot->cap.w1 <= n);
	for (i = slot->cap.w1; i < n; i++)
		assert_true(cte_is_empty(&slots[i]) || &slots[i] == slot);
}

static uint64_t end_of(struct cap cap)
{
	if (cap_is(cap, ABI_CAP_UNTYPED))
		return cap_addr(cap) + (1ull << untyped_bits(cap));
	return cap_addr(cap) + (1ull << check_object_of(cap)->bits);
}

/* Does @cap name memory that has been cut from this untyped? */
static bool is_cut_from(struct cap cap, struct cap untyped)
{
	if (cap_is(cap, ABI_CAP_UNTYPED) &&
	    cap_addr(cap) == cap_addr(untyped) &&
	    untyped_bits(cap) == untyped_bits(untyped))
		return false; /* a copy of it */
	return cap_same_region(untyped, cap);
}

/*
 * All that was cut from an untyped stands right behind it and lies below its
 * watermark: then "no children" does mean that all its memory is free.
 */
static void check_untyped(const struct cte *slot)
{
	struct cap untyped = slot->cap;
	const struct cte *at;
	unsigned int i, behind = 0, cut = 0;

	assert_true(cte_original(slot));
	for (at = cte_next(slot); at && cap_same_region(untyped, at->cap);
	     at = cte_next(at)) {
		behind += is_cut_from(at->cap, untyped);
		assert_true(end_of(at->cap) - cap_addr(untyped) <=
			    untyped_watermark(untyped));
	}
	for (i = 0; i < check_n_slots; i++)
		cut += is_cut_from(check_slots[i]->cap, untyped);
	assert_int_equal(behind, cut);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = ((const struct check_object *)a)->addr;
	uint64_t y = ((const struct check_object *)b)->addr;

	return x < y ? -1 : x > y;
}

/* Objects of different kinds or places share no byte. */
static void check_disjoint(void)
{
	static struct check_object sorted[1u << 16];
	unsigned int i;

	memcpy(sorted, check_objects, check_n_objects * sizeof(sorted[0]));
	qsort(sorted, check_n_objects, sizeof(sorted[0]), compare);
	for (i = 1; i < check_n_objects; i++)
		assert_true(sorted[i - 1].addr + (1ull << sorted[i - 1].bits) <=
			    sorted[i].addr);
}

void check_tree(void)
{
	unsigned int i;

	for (i = 0; i < check_n_slots; i++) {
		check_links(check_slots[i]);
		check_final(check_slots[i]);
		if (cap_is(check_slots[i]->cap, ABI_CAP_ZOMBIE))
			check_zombie(check_slots[i]);
		if (cap_is(check_slots[i]->cap, ABI_CAP_UNTYPED))
			check_untyped(check_slots[i]);
	}
	check_disjoint();
}
