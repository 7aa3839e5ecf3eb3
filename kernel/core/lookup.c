/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookup.c - capability lookup: guards and radixes, level by level.
 *
 * Each level consumes its guard and then `radix` bits of the CPtr, from the
 * top. The order of the checks and the values of the failures are ABI:
 * shared/abi.md section 5.
 */
#include <core/lookup.h>

static struct lookup fail(enum abi_lookup_failure type, unsigned int n,
			  uint64_t v0, uint64_t v1, uint64_t v2)
{
	return (struct lookup){
		.failure = { type, n, { v0, v1, v2 } },
	};
}

/* Do the top bits of what is left equal the CNode's guard? */
static bool guard_matches(struct cap cnode, uint64_t cptr, unsigned int left)
{
	unsigned int size = cnode_guard_size(cnode);

	if (size == 0)
		return true;
	if (size > left)
		return false;
	return (cptr >> (left - size) & ((1ull << size) - 1)) ==
	       cnode_guard(cnode);
}

struct lookup lookup_resolve(struct cap root, uint64_t cptr, unsigned int depth)
{
	unsigned int left = depth;
	unsigned int guard, radix;
	struct cte *slot = NULL;

	if (!cap_is(root, ABI_CAP_CNODE))
		return fail(ABI_LOOKUP_INVALID_ROOT, 0, 0, 0, 0);
	do {
		guard = cnode_guard_size(root);
		radix = cnode_radix(root);
		if (!guard_matches(root, cptr, left))
			return fail(ABI_LOOKUP_GUARD, 3, left,
				    cnode_guard(root), guard);
		if (guard + radix > left)
			return fail(ABI_LOOKUP_DEPTH, 2, left, guard + radix,
				    0);
		left -= guard + radix;
		slot = (struct cte *)cap_ptr(root) +
		       (cptr >> left & ((1ull << radix) - 1));
		root = slot->cap;
	} while (left > 0 && cap_is(root, ABI_CAP_CNODE));
	return (struct lookup){ .slot = slot, .bits_left = left };
}

struct lookup lookup_cap(struct tcb *tcb, uint64_t cptr)
{
	return lookup_resolve(tcb->slot[TCB_CSPACE].cap, cptr, 64);
}

struct lookup lookup_exact(struct cap root, uint64_t index, uint64_t depth)
{
	struct lookup found = lookup_resolve(root, index, (unsigned int)depth);

	if (found.slot && found.bits_left > 0)
		return fail(ABI_LOOKUP_DEPTH, 2, found.bits_left, 0, 0);
	return found;
}
