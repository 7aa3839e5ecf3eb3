/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vspace.c - address spaces and page tables: walking, adding, removing tables.
 *
 * A VSpace is the level-0 table; page tables below it are objects of the user,
 * who adds them where a mapping needs one. The kernel keeps no list of
 * mappings: a frame or table capability says under which ASID and where it is
 * mapped, and that is believed only if the walk finds the object there.
 * Source: shared/abi.md section 12.
 */
#include <arch/pte.h>
#include <core/arch.h>
#include <object/asid.h>
#include <object/objects.h>
#include <object/vspace.h>

#define ENTRIES 512u

static const struct lookup_failure no_root = { ABI_LOOKUP_INVALID_ROOT,
					       0,
					       { 0, 0, 0 } };

static uint64_t *entry_at(uint64_t table, uint64_t vaddr, unsigned int level)
{
	uint64_t *entries = phys_to_virt(table);

	return &entries[vaddr >> level_shift(level) & (ENTRIES - 1)];
}

struct walk vspace_walk(uint64_t root, uint64_t vaddr, unsigned int stop)
{
	struct walk walk = { entry_at(root, vaddr, 0), 0 };

	while (walk.level < stop && pte_is_table(*walk.entry)) {
		walk.level++;
		walk.entry = entry_at(pte_addr(*walk.entry), vaddr, walk.level);
	}
	return walk;
}

enum abi_error vspace_check(struct call *call, struct cap vspace,
			    unsigned int index)
{
	uint64_t asid = cap_asid(vspace);
	uint64_t root = asid_find(asid);

	if (!cap_is(vspace, ABI_CAP_VSPACE) || asid == 0)
		return call_fail_capability(call, index);
	if (!root)
		return call_fail_lookup(call, false, &no_root);
	if (root != cap_addr(vspace))
		return call_fail_capability(call, index);
	return ABI_OK;
}

void page_table_unmap(struct cap table)
{
	uint64_t root = asid_find(cap_asid(table));
	uint64_t vaddr = cap_vaddr(table);
	struct walk walk = { NULL, 0 };
	unsigned int level;

	if (!root)
		return;
	for (level = 0; level < LEAF_LEVEL; level++) {
		walk = vspace_walk(root, vaddr, level);
		if (walk.level != level || !pte_is_table(*walk.entry))
			return;
		if (pte_addr(*walk.entry) == cap_addr(table))
			break;
	}
	if (level == LEAF_LEVEL)
		return;
	arch_pte_store(walk.entry, 0);
	arch_tlb_flush_asid(cap_asid(table));
}

static enum abi_error page_table_map(struct call *call)
{
	struct cap vspace;
	struct walk walk;
	enum abi_error err;
	uint64_t vaddr;

	if (!call_has(call, 2, 1))
		return ABI_TRUNCATED_MESSAGE;
	if (cap_asid(call->cap))
		return call_fail_capability(call, 0);
	vspace = call_extra(call, 0);
	vaddr = call_arg(call, 0);
	if (!cap_is(vspace, ABI_CAP_VSPACE) || !cap_asid(vspace))
		return call_fail_capability(call, 1);
	if (vaddr > ABI_USER_TOP)
		return call_fail_argument(call, 0);
	err = vspace_check(call, vspace, 1);
	if (err)
		return err;
	walk = vspace_walk(cap_addr(vspace), vaddr, LEAF_LEVEL);
	if (walk.level == LEAF_LEVEL || pte_valid(*walk.entry))
		return ABI_DELETE_FIRST;
	vaddr &= ~((1ull << level_shift(walk.level)) - 1);
	call->slot->cap.w1 = map_info(cap_asid(vspace), vaddr);
	arch_pte_store(walk.entry, pte_table(cap_addr(call->cap)));
	return ABI_OK;
}

static enum abi_error page_table_unmap_checked(struct call *call)
{
	if (!cdt_is_final(call->slot))
		return ABI_REVOKE_FIRST;
	if (cap_asid(call->cap)) {
		page_table_unmap(call->cap);
		arch_memory_clear(cap_ptr(call->cap), ENTRIES * 8);
		call->slot->cap.w1 = 0;
	}
	return ABI_OK;
}

enum abi_error page_table_invoke(struct call *call)
{
	switch (call->label) {
	case ABI_PAGE_TABLE_MAP:
		return page_table_map(call);
	case ABI_PAGE_TABLE_UNMAP:
		return page_table_unmap_checked(call);
	default:
		return ABI_ILLEGAL_OPERATION;
	}
}

/* Cache maintenance by virtual range, inside one mapped page. */
static enum abi_error vspace_cache_op(struct call *call)
{
	uint64_t start = call_arg(call, 0), end = call_arg(call, 1);
	uint64_t size, paddr;
	struct walk walk;

	walk = vspace_walk(cap_addr(call->cap), start, LEAF_LEVEL);
	if (!pte_valid(*walk.entry))
		return ABI_OK;
	size = 1ull << level_shift(walk.level);
	if ((start ^ (end - 1)) & ~(size - 1))
		return call_fail_range(call, start, start | (size - 1));
	paddr = (pte_addr(*walk.entry) & ~(size - 1)) + (start & (size - 1));
	if (*walk.entry & PTE_DEVICE)
		return ABI_OK;
	arch_cache_op(call->label - ABI_VSPACE_CLEAN_DATA + ABI_PAGE_CLEAN_DATA,
		      phys_to_virt(paddr), phys_to_virt(paddr + end - start),
		      paddr);
	return ABI_OK;
}

enum abi_error vspace_invoke(struct call *call)
{
	enum abi_error err;

	if (call->label < ABI_VSPACE_CLEAN_DATA ||
	    call->label > ABI_VSPACE_UNIFY_INSTRUCTION)
		return ABI_ILLEGAL_OPERATION;
	if (call->length < 2)
		return ABI_TRUNCATED_MESSAGE;
	if (call_arg(call, 1) <= call_arg(call, 0))
		return call_fail_argument(call, 1);
	if (call_arg(call, 1) > ABI_USER_TOP)
		return ABI_ILLEGAL_OPERATION;
	err = vspace_check(call, call->cap, 0);
	return err ? err : vspace_cache_op(call);
}
