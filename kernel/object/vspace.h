/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vspace.h - page tables of an address space: finding and changing entries.
 */
#ifndef OBJECT_VSPACE_H
#define OBJECT_VSPACE_H

#include <core/invoke.h>

#define LEAF_LEVEL 3u

/*
 * A leaf that maps device memory, which the kernel itself cannot reach. One of
 * the bits that descriptors leave to software: Arm ARM D8.3.1, bits [58:55].
 */
#define PTE_DEVICE (1ull << 55)

/* An entry found by walking a VSpace. */
struct walk {
	uint64_t *entry;
	unsigned int level; /* 0..3: the level of the table it lies in */
};

/* vspace_walk - go down from @root until level @stop, a leaf or a hole. */
struct walk vspace_walk(uint64_t root, uint64_t vaddr, unsigned int stop);

/* Address bits below an entry of a level: 39, 30, 21, 12. */
static inline unsigned int level_shift(unsigned int level)
{
	return 39 - 9 * level;
}

/* vspace_check - C0-style check of a VSpace argument (@index in errors). */
enum abi_error vspace_check(struct call *call, struct cap vspace,
			    unsigned int index);

/* frame_unmap - remove the mapping that this capability made, if it stands. */
void frame_unmap(struct cap frame);

/* page_table_unmap - take the table out of its VSpace, if it is there. */
void page_table_unmap(struct cap table);

#endif
