/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cnode.c - invocations on untypeds and CNodes: make, copy and delete.
 *
 * Source: shared/abi.md section 7.1. The invoked CNode is the destination's
 * root; the source's root goes along as the extra capability.
 */
#include "svc.h"

enum abi_error glue_untyped_retype(glue_cptr untyped, enum abi_object_type type,
				   unsigned int size_bits,
				   struct glue_slot node, uint64_t offset,
				   unsigned int num)
{
	struct glue_msg msg = {
		.info = abi_info(ABI_UNTYPED_RETYPE, 1, 6),
		.mr = { type, size_bits, node.index, node.depth },
	};

	glue_ipc_buffer->msg[4] = offset;
	glue_ipc_buffer->msg[5] = num;
	glue_ipc_buffer->caps_or_badges[0] = node.root;
	return svc_invoke(untyped, &msg);
}

/* All four transfers: same first words, then what is their own. */
static enum abi_error cnode_transfer(uint64_t info, struct glue_slot dst,
				     struct glue_slot src, uint64_t word4,
				     uint64_t word5)
{
	struct glue_msg msg = {
		.info = info,
		.mr = { dst.index, dst.depth, src.index, src.depth },
	};

	glue_ipc_buffer->msg[4] = word4;
	glue_ipc_buffer->msg[5] = word5;
	glue_ipc_buffer->caps_or_badges[0] = src.root;
	return svc_invoke(dst.root, &msg);
}

enum abi_error glue_cnode_copy(struct glue_slot dst, struct glue_slot src,
			       unsigned int rights)
{
	return cnode_transfer(abi_info(ABI_CNODE_COPY, 1, 5), dst, src, rights,
			      0);
}

enum abi_error glue_cnode_mint(struct glue_slot dst, struct glue_slot src,
			       unsigned int rights, uint64_t badge)
{
	return cnode_transfer(abi_info(ABI_CNODE_MINT, 1, 6), dst, src, rights,
			      badge);
}

enum abi_error glue_cnode_move(struct glue_slot dst, struct glue_slot src)
{
	return cnode_transfer(abi_info(ABI_CNODE_MOVE, 1, 4), dst, src, 0, 0);
}

enum abi_error glue_cnode_mutate(struct glue_slot dst, struct glue_slot src,
				 uint64_t badge)
{
	return cnode_transfer(abi_info(ABI_CNODE_MUTATE, 1, 5), dst, src, badge,
			      0);
}

/* Operations on one slot. */
static enum abi_error cnode_apply(enum abi_label label, struct glue_slot slot)
{
	struct glue_msg msg = {
		.info = abi_info(label, 0, 2),
		.mr = { slot.index, slot.depth },
	};

	return svc_invoke(slot.root, &msg);
}

enum abi_error glue_cnode_delete(struct glue_slot slot)
{
	return cnode_apply(ABI_CNODE_DELETE, slot);
}

enum abi_error glue_cnode_revoke(struct glue_slot slot)
{
	return cnode_apply(ABI_CNODE_REVOKE, slot);
}

enum abi_error glue_cnode_save_caller(struct glue_slot slot)
{
	return cnode_apply(ABI_CNODE_SAVE_CALLER, slot);
}
