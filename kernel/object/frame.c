/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frame.c - frames: mapping memory into a VSpace, and cache maintenance.
 *
 * A frame capability carries at most one mapping; to map a frame twice one
 * copies the capability. The effective rights are those of the capability and
 * of the call together. Source: shared/abi.md sections 7.4 and 12.
 */
#include <arch/pte.h>
#include <core/arch.h>
#include <object/asid.h>
#include <object/objects.h>
#include <object/vspace.h>

/* Level of the table entry that maps a frame of this size: 3, 2, 1. */
static unsigned int frame_level(struct cap frame)
{
	return 3 - (cap_aux(frame) & 3);
}

/* The leaf entry that this capability made, or NULL if it is gone. */
static uint64_t *mapped_entry(struct cap frame)
{
	uint64_t root = asid_find(cap_asid(frame));
	unsigned int level = frame_level(frame);
	struct walk walk;

	if (!root)
		return NULL;
	walk = vspace_walk(root, cap_vaddr(frame), level);
	if (walk.level != level || !pte_valid(*walk.entry) ||
	    (level < 3 && pte_is_table(*walk.entry)) ||
	    pte_addr(*walk.entry) != cap_addr(frame))
		return NULL;
	return walk.entry;
}

void frame_unmap(struct cap frame)
{
	uint64_t *entry = cap_asid(frame) ? mapped_entry(frame) : NULL;

	if (!entry)
		return;
	arch_pte_store(entry, 0);
	arch_tlb_flush_page(cap_asid(frame), cap_vaddr(frame));
}

/* May the capability be mapped here, given where it is mapped already? */
static enum abi_error check_place(struct call *call, struct cap vspace,
				  uint64_t vaddr)
{
	struct cap frame = call->cap;

	if (cap_asid(frame)) {
		if (cap_asid(frame) != cap_asid(vspace))
			return call_fail_capability(call, 1);
		if (cap_vaddr(frame) != vaddr)
			return call_fail_argument(call, 0);
		return ABI_OK;
	}
	if (vaddr + (1ull << frame_bits(frame)) - 1 > ABI_USER_TOP)
		return call_fail_argument(call, 0);
	return ABI_OK;
}

/* The entry for the frame; a table too few or too many is a failed lookup. */
static enum abi_error find_entry(struct call *call, struct cap vspace,
				 uint64_t vaddr, struct walk *walk)
{
	unsigned int level = frame_level(call->cap);

	*walk = vspace_walk(cap_addr(vspace), vaddr, LEAF_LEVEL);
	if (walk->level != level)
		return call_fail_missing(call, false, level_shift(walk->level));
	return ABI_OK;
}

static void store_mapping(struct call *call, struct cap vspace, uint64_t vaddr,
			  struct walk walk)
{
	unsigned int rights = frame_rights(call->cap) & call_arg(call, 1);
	uint64_t pte = pte_leaf(cap_addr(call->cap), walk.level, rights,
				(unsigned int)call_arg(call, 2));
	bool was_valid = pte_valid(*walk.entry);

	if (frame_is_device(call->cap))
		pte |= PTE_DEVICE;
	call->slot->cap.w1 = map_info(cap_asid(vspace), vaddr);
	if (was_valid) { /* break before make: Arm ARM D8.14.1 */
		arch_pte_store(walk.entry, 0);
		arch_tlb_flush_page(cap_asid(vspace), vaddr);
	}
	arch_pte_store(walk.entry, pte);
}

static enum abi_error frame_map(struct call *call)
{
	struct cap vspace;
	struct walk walk;
	enum abi_error err;
	uint64_t vaddr;

	if (!call_has(call, 3, 1))
		return ABI_TRUNCATED_MESSAGE;
	vspace = call_extra(call, 0);
	vaddr = call_arg(call, 0);
	err = vspace_check(call, vspace, 1);
	if (err)
		return err;
	if (vaddr & ((1ull << frame_bits(call->cap)) - 1))
		return ABI_ALIGNMENT_ERROR;
	err = check_place(call, vspace, vaddr);
	if (!err)
		err = find_entry(call, vspace, vaddr, &walk);
	if (err)
		return err;
	store_mapping(call, vspace, vaddr, walk);
	return ABI_OK;
}

static enum abi_error frame_cache_op(struct call *call)
{
	uint64_t size = 1ull << frame_bits(call->cap);
	uint64_t start, end, *entry;
	char *memory = cap_ptr(call->cap);

	if (call->length < 2)
		return ABI_TRUNCATED_MESSAGE;
	start = call_arg(call, 0);
	end = call_arg(call, 1);
	if (end <= start)
		return call_fail_argument(call, 1);
	if (start >= size || end > size)
		return call_fail_argument(call, 0);
	if (!cap_asid(call->cap))
		return ABI_ILLEGAL_OPERATION;
	entry = mapped_entry(call->cap);
	if (!entry)
		return call_fail_capability(call, 0);
	if (call->label == ABI_PAGE_INVALIDATE_DATA &&
	    !pte_user_writable(*entry))
		return ABI_ILLEGAL_OPERATION;
	if (!frame_is_device(call->cap))
		arch_cache_op((unsigned int)call->label, memory + start,
			      memory + end, cap_addr(call->cap) + start);
	return ABI_OK;
}

enum abi_error frame_invoke(struct call *call)
{
	switch (call->label) {
	case ABI_PAGE_MAP:
		return frame_map(call);
	case ABI_PAGE_UNMAP:
		frame_unmap(call->cap);
		call->slot->cap.w1 = 0;
		return ABI_OK;
	case ABI_PAGE_CLEAN_DATA:
	case ABI_PAGE_INVALIDATE_DATA:
	case ABI_PAGE_CLEAN_INVALIDATE_DATA:
	case ABI_PAGE_UNIFY_INSTRUCTION:
		return frame_cache_op(call);
	case ABI_PAGE_GET_ADDRESS:
		call_result(call, cap_addr(call->cap));
		return ABI_OK;
	default:
		return ABI_ILLEGAL_OPERATION;
	}
}
