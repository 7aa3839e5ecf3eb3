/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_mappings.c - nothing is mapped that a capability does not answer for.
 *
 * Walks every VSpace that has an ASID. A table entry must be known to the
 * capability of that table, and a leaf to a frame capability that covers it
 * with these rights, or deleting the capability would leave the access behind.
 */
#include <arch/pte.h>
#include <object/vspace.h>
#include "tests/unit/kernel/check.h"
#include "tests/unit/kernel/world.h"

struct place {
	uint64_t asid;
	uint64_t vaddr;
	unsigned int level;
};

/* Is there a capability of this kind that says: mapped here? */
static bool answered(enum abi_cap_tag tag, uint64_t paddr, struct place place)
{
	struct cap cap;
	unsigned int i;

	for (i = 0; i < check_n_slots; i++) {
		cap = check_slots[i]->cap;
		if (cap_is(cap, tag) && cap_addr(cap) == paddr &&
		    cap_asid(cap) == place.asid &&
		    cap_vaddr(cap) == place.vaddr)
			return true;
	}
	return false;
}

static void check_leaf(uint64_t entry, struct place place)
{
	uint64_t paddr = pte_addr(entry);

	assert_int_equal(paddr & ((1ull << level_shift(place.level)) - 1), 0);
	assert_true(answered(ABI_CAP_FRAME, paddr, place));
	assert_true(entry & PTE_PXN);
	assert_true(entry & PTE_NG);
}

/* One table; what lies below it is pushed onto the stack of the caller. */
static void check_table(uint64_t table, struct place place,
			void (*below)(uint64_t table, struct place place))
{
	const uint64_t *entries = phys_to_virt(table);
	struct place at = place;
	unsigned int i;

	for (i = 0; i < 512; i++) {
		if (!pte_valid(entries[i]))
			continue;
		at.vaddr = place.vaddr | (uint64_t)i
						 << level_shift(place.level);
		assert_true(at.vaddr <= ABI_USER_TOP);
		if (place.level == LEAF_LEVEL || !pte_is_table(entries[i])) {
			check_leaf(entries[i], at);
			continue;
		}
		assert_true(
			answered(ABI_CAP_PAGE_TABLE, pte_addr(entries[i]), at));
		at.level = place.level + 1;
		below(pte_addr(entries[i]), at);
		at.level = place.level;
	}
}

static void check_level3(uint64_t table, struct place place)
{
	check_table(table, place, NULL);
}

static void check_level2(uint64_t table, struct place place)
{
	check_table(table, place, check_level3);
}

static void check_level1(uint64_t table, struct place place)
{
	check_table(table, place, check_level2);
}

void check_mappings(void)
{
	struct place place = { 0 };
	unsigned int i;
	struct cap cap;

	for (i = 0; i < check_n_slots; i++) {
		cap = check_slots[i]->cap;
		if (!cap_is(cap, ABI_CAP_VSPACE) ||
		    asid_find(cap_asid(cap)) != cap_addr(cap))
			continue;
		place.asid = cap_asid(cap);
		check_table(cap_addr(cap), place, check_level1);
	}
}
