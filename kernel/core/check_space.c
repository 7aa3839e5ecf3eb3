/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_space.c - invariants of ASIDs and page tables.
 *
 * What must hold: each ASID that is taken belongs to one VSpace object, whose
 * capability says so; and each entry of a table in use is answered for by a
 * capability of that very table or frame, mapped at that place, which allows at
 * least the access that the entry gives. Else deleting all capabilities would
 * leave the access behind. The converse need not hold: a capability's memory of
 * its mapping may be stale (object/asid.c).
 *
 * A page that is writable and executable at once is allowed: the ABI lets a
 * user ask for it. The kernel's own tables are stricter: arch_check_kernel_map.
 *
 * Two passes. First every capability marks, in a bit that the processor
 * ignores, the entry it made; then the tables are walked, each valid entry must
 * carry the mark, and loses it.
 */
#include <arch/pte.h>
#include <core/arch.h>
#include <core/check.h>
#include <object/asid.h>
#include <object/vspace.h>

#define ENTRIES	   512u
#define USER_ROOTS 256u /* level-0 entries below ABI_USER_TOP */

/* Left to software in every kind of descriptor: Arm ARM D8.3.1, [58:55]. */
#define PTE_MARK (1ull << 56)

static struct {
	uint64_t pools;	  /* ASID pool objects */
	uint64_t vspaces; /* VSpace objects that have their ASID */
} count;

void check_space_begin(void)
{
	count.pools = count.vspaces = 0;
}

/* --- first pass: capabilities --- */

/* Does the entry give no more than the capability allows? */
static bool allows(struct cap frame, uint64_t entry)
{
	unsigned int rights = frame_rights(frame);

	if ((entry & PTE_AP_EL0) && !(rights & ABI_RIGHT_READ))
		return false;
	if (pte_user_writable(entry) && !(rights & ABI_RIGHT_WRITE))
		return false;
	return frame_is_device(frame) == !!(entry & PTE_DEVICE);
}

static void mark_frame(struct cap frame)
{
	uint64_t root = asid_find(cap_asid(frame));
	unsigned int level = LEAF_LEVEL - (cap_aux(frame) & 3);
	struct walk walk;

	if (!root)
		return;
	walk = vspace_walk(root, cap_vaddr(frame), level);
	if (walk.level != level || !pte_valid(*walk.entry) ||
	    (level < LEAF_LEVEL && pte_is_table(*walk.entry)))
		return;
	if (pte_addr(*walk.entry) == cap_addr(frame) &&
	    allows(frame, *walk.entry))
		*walk.entry |= PTE_MARK;
}

static void mark_table(struct cap table)
{
	uint64_t root = asid_find(cap_asid(table));
	unsigned int level;
	struct walk walk;

	for (level = 0; root && level < LEAF_LEVEL; level++) {
		walk = vspace_walk(root, cap_vaddr(table), level);
		if (walk.level != level || !pte_is_table(*walk.entry))
			return;
		if (pte_addr(*walk.entry) == cap_addr(table)) {
			*walk.entry |= PTE_MARK;
			return;
		}
	}
}

static void check_pool(const struct cte *slot)
{
	const uint64_t *pool = asid_pool_at(slot->cap.w1 >> ASID_POOL_BITS);

	count.pools++;
	check_that(pool == cap_ptr(slot->cap),
		   "check: ASID pool is not in the table", slot,
		   (uintptr_t)pool, cap_addr(slot->cap));
}

/* @first: the first capability of its object */
void check_space_mark(const struct cte *slot, bool first)
{
	struct cap cap = slot->cap;

	if (cap_is(cap, ABI_CAP_FRAME) && cap_asid(cap))
		mark_frame(cap);
	else if (cap_is(cap, ABI_CAP_PAGE_TABLE) && cap_asid(cap))
		mark_table(cap);
	else if (cap_is(cap, ABI_CAP_ASID_POOL) && first)
		check_pool(slot);
}

/* --- second pass: tables --- */

static void check_entry(uint64_t *entry, unsigned int level)
{
	bool leaf = level == LEAF_LEVEL || !pte_is_table(*entry);
	uint64_t size = 1ull << level_shift(level);

	check_that(*entry & PTE_MARK,
		   leaf ? "check: mapped page that no capability allows" :
			  "check: page table that no capability maps",
		   entry, *entry, level);
	*entry &= ~PTE_MARK;
	if (!leaf)
		return;
	check_that(level > 0 && (pte_addr(*entry) & (size - 1)) == 0,
		   "check: mapped page is not aligned", entry, *entry, level);
	check_that((*entry & PTE_PXN) && (*entry & PTE_NG),
		   "check: user page is global or executable in the kernel",
		   entry, *entry, level);
}

/* At most four levels deep. */
static void check_table(uint64_t table, unsigned int level)
{
	uint64_t *entries = phys_to_virt(table);
	unsigned int i;

	for (i = 0; i < ENTRIES; i++) {
		if (!pte_valid(entries[i]))
			continue;
		check_that(level > 0 || i < USER_ROOTS,
			   "check: user mapping above the user's addresses",
			   &entries[i], entries[i], i);
		check_entry(&entries[i], level);
		if (level < LEAF_LEVEL && pte_is_table(entries[i]))
			check_table(pte_addr(entries[i]), level + 1);
	}
}

void check_space_vspace(const struct cte *slot)
{
	uint64_t asid = cap_asid(slot->cap);

	if (!asid || asid_find(asid) != cap_addr(slot->cap))
		return;
	count.vspaces++;
	check_table(cap_addr(slot->cap), 0);
}

/* Taken ASIDs are those of the VSpaces found, pools those of the table. */
void check_space_end(void)
{
	uint64_t pools = 0, taken = 0;
	const uint64_t *pool;
	unsigned int i, j;

	for (i = 0; i < ASID_POOLS; i++) {
		pool = asid_pools[i];
		pools += pool != NULL;
		for (j = 0; pool && j < 1u << ASID_POOL_BITS; j++)
			taken += pool[j] != 0;
	}
	check_that(pools == count.pools,
		   "check: ASID pools in the table, and those alive", NULL,
		   pools, count.pools);
	check_that(taken == count.vspaces,
		   "check: taken ASIDs, and VSpaces that have one", NULL, taken,
		   count.vspaces);
}
