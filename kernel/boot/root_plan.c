/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * root_plan.c - what the root task needs, where it goes: numbers only.
 *
 * Sizes are known before anything is made, so one piece of memory is taken for
 * all of it and the rest of RAM stays in large pieces for the untypeds.
 */
#include <abi/bootinfo.h>
#include <abi/object.h>
#include <boot/root_plan.h>

#define PAGE_BITS 12u

static uint64_t pages(uint64_t bytes)
{
	return (bytes + (1u << PAGE_BITS) - 1) >> PAGE_BITS;
}

static void count_tables(struct root_plan *plan)
{
	unsigned int level, shift;

	for (level = 1; level < ROOT_LEVELS; level++) {
		shift = root_plan_level_shift(level);
		plan->tables[level] = ((plan->end_vaddr - 1) >> shift) -
				      (plan->image_vaddr >> shift) + 1;
	}
}

/* At least as many slots stay free as are taken: the root task needs room. */
static void count_slots(struct root_plan *plan, unsigned int cnode_bits)
{
	plan->slots = ABI_SLOT_FIRST_FREE + plan->tables[1] + plan->tables[2] +
		      plan->tables[3] + plan->extra_pages + plan->image_pages;
	plan->cnode_bits = cnode_bits;
	while (plan->slots + ABI_BOOT_UNTYPEDS_MAX >
	       1ull << (plan->cnode_bits - 1))
		plan->cnode_bits++;
}

void root_plan_count(struct root_plan *plan, const struct root_elf *elf,
		     uint64_t extra_bytes, unsigned int cnode_bits)
{
	plan->image_vaddr = elf->start;
	plan->image_pages = pages(elf->end - elf->start);
	plan->extra_pages = pages(extra_bytes);
	plan->ipc_vaddr = elf->end;
	plan->info_vaddr = plan->ipc_vaddr + (1u << PAGE_BITS);
	plan->extra_vaddr = plan->info_vaddr + (1u << PAGE_BITS);
	plan->end_vaddr = plan->extra_vaddr + (plan->extra_pages << PAGE_BITS);
	count_tables(plan);
	count_slots(plan, cnode_bits);
	root_plan_place(plan, 0);
}

static uint64_t take(uint64_t *at, uint64_t bytes)
{
	uint64_t place = *at;

	*at += bytes;
	return place;
}

void root_plan_place(struct root_plan *plan, uint64_t base)
{
	unsigned int level;
	uint64_t at = base;

	plan->cnode = take(&at, 1ull << (plan->cnode_bits + ABI_SLOT_BITS));
	plan->vspace = take(&at, 1u << ABI_VSPACE_BITS);
	plan->asid_pool = take(&at, 1u << ABI_ASID_POOL_BITS);
	for (level = 1; level < ROOT_LEVELS; level++)
		plan->table[level] = take(&at, plan->tables[level]
						       << ABI_PAGE_TABLE_BITS);
	plan->image = take(&at, plan->image_pages << PAGE_BITS);
	plan->ipc = take(&at, 1u << PAGE_BITS);
	plan->info = take(&at, 1u << PAGE_BITS);
	plan->extra = take(&at, plan->extra_pages << PAGE_BITS);
	plan->tcb = take(&at, 1u << ABI_TCB_BITS);
	plan->bytes = at - base;
}

uint64_t root_plan_table(const struct root_plan *plan, unsigned int level,
			 uint64_t vaddr)
{
	unsigned int shift = root_plan_level_shift(level);

	return plan->table[level] +
	       (((vaddr >> shift) - (plan->image_vaddr >> shift))
		<< ABI_PAGE_TABLE_BITS);
}
