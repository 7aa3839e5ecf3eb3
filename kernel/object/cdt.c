/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cdt.c - the capability derivation tree: an ordered list that acts as a tree.
 *
 * Every occupied slot is in one doubly linked list, from cdt_first on. A slot's
 * descendants come right after it; a subtree ends at the first slot that is not
 * a descendant. So insertion, removal and "has children" look at neighbours only.
 * A capability can be an ancestor only if it is original. A badged endpoint or
 * notification capability is the ancestor of its copies, but not of a sibling
 * that was minted with the same badge on its own: that one is "first", and when
 * it goes, the slot after it takes the mark over. Only reply capabilities stand
 * apart: each TCB's master and its one child are a list of their own.
 */
#include <object/cap_ops.h>

struct cte cdt_first;

static void set_next(struct cte *slot, struct cte *next)
{
	slot->next = (slot->next & CTE_FLAGS) | (uintptr_t)next;
}

void cdt_insert_root(struct cte *slot, struct cap cap)
{
	cdt_insert(slot, cap, &cdt_first, true);
}

void cdt_insert_master(struct cte *slot, struct cap cap)
{
	slot->cap = cap;
	slot->prev = NULL;
	slot->next = CTE_ORIGINAL | CTE_FIRST;
}

void cdt_insert(struct cte *slot, struct cap cap, struct cte *parent,
		bool original)
{
	struct cte *next = cte_next(parent);

	slot->cap = cap;
	slot->prev = parent;
	slot->next = (uintptr_t)next | (original ? CTE_FLAGS : 0);
	if (next)
		next->prev = slot;
	set_next(parent, slot);
}

void cdt_insert_copy(struct cte *slot, struct cap cap, struct cte *src)
{
	cdt_insert(slot, cap, src, cap_starts_generation(cap, src->cap));
	if (cap_is(src->cap, ABI_CAP_UNTYPED))
		src->cap.w1 = untyped_fill(1ull << untyped_bits(src->cap), 0);
}

/* Make the neighbours of a slot that has just been written point at it. */
static void link_neighbours(struct cte *slot)
{
	struct cte *next = cte_next(slot);

	if (slot->prev)
		set_next(slot->prev, slot);
	if (next)
		next->prev = slot;
}

static void clear_slot(struct cte *slot)
{
	*slot = (struct cte){ .cap = CAP_NULL };
}

void cdt_move(struct cte *dst, struct cte *src, struct cap cap)
{
	*dst = *src;
	dst->cap = cap;
	clear_slot(src);
	link_neighbours(dst);
}

/* The place of @peer in the list, as seen from a slot that will be @self. */
static void take_place(struct cte *self, struct cte old, struct cte *peer)
{
	*self = old;
	if (self->prev == self)
		self->prev = peer;
	if (cte_next(self) == self)
		set_next(self, peer);
}

void cdt_swap(struct cte *a, struct cap to_a, struct cte *b, struct cap to_b)
{
	struct cte old_a = *a;
	struct cte old_b = *b;

	take_place(a, old_b, b);
	take_place(b, old_a, a);
	a->cap = to_a;
	b->cap = to_b;
	link_neighbours(a);
	link_neighbours(b);
}

void cdt_remove(struct cte *slot)
{
	struct cte *next = cte_next(slot);

	if (slot->prev)
		set_next(slot->prev, next);
	if (next) {
		next->prev = slot->prev;
		next->next |= slot->next & CTE_FIRST;
	}
	clear_slot(slot);
}

bool cdt_is_ancestor(const struct cte *a, const struct cte *b)
{
	if (!cte_original(a) || !cap_same_region(a->cap, b->cap))
		return false;
	switch (cap_tag(a->cap)) {
	case ABI_CAP_ENDPOINT:
	case ABI_CAP_NOTIFICATION:
		if (a->cap.w1 == 0)
			return true;
		return a->cap.w1 == b->cap.w1 && !(b->next & CTE_FIRST);
	default:
		return true;
	}
}

bool cdt_has_child(const struct cte *slot)
{
	const struct cte *next = cte_next(slot);

	return next && cdt_is_ancestor(slot, next);
}

bool cdt_is_final(const struct cte *slot)
{
	const struct cte *next = cte_next(slot);

	if (slot->prev && cap_same_object(slot->prev->cap, slot->cap))
		return false;
	return !next || !cap_same_object(slot->cap, next->cap);
}
