/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * root_plan.h - what the root task needs, where it goes: numbers only.
 *
 * Portable: the unit tests run it on the host.
 */
#ifndef BOOT_ROOT_PLAN_H
#define BOOT_ROOT_PLAN_H

#include <stdint.h>
#include <boot/root_elf.h>

/* Page-table levels 1..3 below the VSpace; index 0 is not used. */
#define ROOT_LEVELS 4u

/*
 * Virtual: image, IPC buffer, boot info, extra boot info, without gaps.
 * Physical: one region of @bytes, in the order of the fields below; its last
 * object is the TCB.
 */
struct root_plan {
	unsigned int cnode_bits; /* log2 of the root CNode's slots */
	uint64_t image_vaddr;
	uint64_t ipc_vaddr;
	uint64_t info_vaddr;
	uint64_t extra_vaddr;
	uint64_t end_vaddr;
	uint64_t image_pages;
	uint64_t extra_pages;
	uint64_t tables[ROOT_LEVELS]; /* how many at each level */
	uint64_t slots;		      /* occupied, without untypeds */

	/* Physical addresses, filled in by root_plan_place. */
	uint64_t cnode;
	uint64_t vspace;
	uint64_t asid_pool;
	uint64_t table[ROOT_LEVELS];
	uint64_t image;
	uint64_t ipc;
	uint64_t info;
	uint64_t extra;
	uint64_t tcb;
	uint64_t bytes; /* of the whole region */
};

/**
 * root_plan_count - all sizes and virtual addresses.
 * @extra_bytes: extra boot info, header included
 * @cnode_bits:  wanted; grows if the image needs more slots
 */
void root_plan_count(struct root_plan *plan, const struct root_elf *elf,
		     uint64_t extra_bytes, unsigned int cnode_bits);

/* root_plan_place - all physical addresses, from the page-aligned @base. */
void root_plan_place(struct root_plan *plan, uint64_t base);

/* root_plan_table - the table at @level (1..3) that serves @vaddr. */
uint64_t root_plan_table(const struct root_plan *plan, unsigned int level,
			 uint64_t vaddr);

/* root_plan_level_shift - log2 of what one table at @level serves. */
static inline unsigned int root_plan_level_shift(unsigned int level)
{
	return 48 - 9 * level;
}

#endif
