/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cdt.h - slots, and the capability derivation tree that links them.
 *
 * The tree is an ordered doubly linked list through the slots: descendants
 * follow their ancestor directly. Whether one slot is an ancestor of another
 * is computed from the two capabilities and the "original" flag
 * (shared/abi.md section 16), so no depth is stored.
 */
#ifndef OBJECT_CDT_H
#define OBJECT_CDT_H

#include <object/cap.h>

/* 32 bytes. `next` carries two flags in its low bits. */
struct cte {
	struct cap cap;
	struct cte *prev;
	uintptr_t next;
};

_Static_assert(sizeof(struct cte) == 1 << ABI_SLOT_BITS, "abi.md section 3");

#define CTE_ORIGINAL 1ul /* may be an ancestor */
#define CTE_FIRST    2ul /* first of its badge: no sibling's child */
#define CTE_FLAGS    3ul

static inline struct cte *cte_next(const struct cte *slot)
{
	return (struct cte *)(slot->next & ~CTE_FLAGS);
}

static inline bool cte_original(const struct cte *slot)
{
	return slot->next & CTE_ORIGINAL;
}

static inline bool cte_is_empty(const struct cte *slot)
{
	return slot->cap.w0 == 0;
}

/* Before the first slot of the list; never occupied. */
extern struct cte cdt_first;

/**
 * cdt_insert_root - put a capability without ancestor into an empty slot.
 * For the capabilities of the boot; marked original, first in the list.
 */
void cdt_insert_root(struct cte *slot, struct cap cap);

/* cdt_insert_master - a TCB's reply master: a list of its own. */
void cdt_insert_master(struct cte *slot, struct cap cap);

/**
 * cdt_insert - put a capability derived from @parent into the empty @slot.
 * @original: the new capability starts a generation of its own
 */
void cdt_insert(struct cte *slot, struct cap cap, struct cte *parent,
		bool original);

/**
 * cdt_insert_copy - put @cap, derived from the capability in @src, into @slot.
 * Two untypeds would share memory, so the source gives no more from now on.
 */
void cdt_insert_copy(struct cte *slot, struct cap cap, struct cte *src);

/* cdt_move - move the capability and its place in the tree; @dst is empty. */
void cdt_move(struct cte *dst, struct cte *src, struct cap cap);

/* cdt_swap - exchange two slots' places in the tree, giving each a new cap. */
void cdt_swap(struct cte *a, struct cap to_a, struct cte *b, struct cap to_b);

/* cdt_remove - unlink and empty the slot; its children join its parent. */
void cdt_remove(struct cte *slot);

/* cdt_is_ancestor - is @a the ancestor of @b, given that @a precedes @b? */
bool cdt_is_ancestor(const struct cte *a, const struct cte *b);

bool cdt_has_child(const struct cte *slot);

/* cdt_is_final - no other capability names the same object. */
bool cdt_is_final(const struct cte *slot);

#endif
