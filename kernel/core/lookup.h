/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lookup.h - from a CPtr to a slot, through guards and levels of CNodes.
 */
#ifndef CORE_LOOKUP_H
#define CORE_LOOKUP_H

#include <object/tcb.h>

/* Why a lookup failed, in the words an error reply or a fault carries. */
struct lookup_failure {
	enum abi_lookup_failure type;
	unsigned int n_values;
	uint64_t value[3];
};

struct lookup {
	struct cte *slot;	/* NULL: failed */
	unsigned int bits_left; /* not consumed when it stopped */
	struct lookup_failure failure;
};

/**
 * lookup_resolve - walk CNodes from @root, using the low @depth bits of @cptr.
 *
 * Stops at the first slot that holds no CNode, or when the bits are used up.
 */
struct lookup lookup_resolve(struct cap root, uint64_t cptr,
			     unsigned int depth);

/**
 * lookup_direct - the usual case of lookup_resolve(): the guard and the radix
 * of one CNode are all @depth bits (1..64), and the guard is right.
 *
 * Return: the slot, or NULL: ask lookup_resolve(), which tells what is wrong.
 */
static inline struct cte *lookup_direct(struct cap root, uint64_t cptr,
					unsigned int depth)
{
	unsigned int radix = cnode_radix(root);
	uint64_t guard = cptr << (64 - depth) >> (64 - depth) >> radix;

	if (!cap_is(root, ABI_CAP_CNODE) ||
	    cnode_guard_size(root) + radix != depth ||
	    guard != cnode_guard(root))
		return NULL;
	return (struct cte *)cap_ptr(root) + (cptr & ((1ull << radix) - 1));
}

/* lookup_cap - the slot of a CPtr in the thread's CSpace, at 64 bits. */
struct lookup lookup_cap(struct tcb *tcb, uint64_t cptr);

/* lookup_exact - as lookup_resolve, but every bit must be used. */
struct lookup lookup_exact(struct cap root, uint64_t index, uint64_t depth);

#endif
