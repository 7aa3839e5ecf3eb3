/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page.c - invocations on frames, page tables and address spaces.
 *
 * Source: shared/abi.md sections 7.4 and 12.
 */
#include "svc.h"

enum abi_error glue_page_map(glue_cptr frame, glue_cptr vspace, uint64_t vaddr,
			     unsigned int rights, unsigned int attr)
{
	struct glue_msg msg = {
		.info = abi_info(ABI_PAGE_MAP, 1, 3),
		.mr = { vaddr, rights, attr },
	};

	glue_ipc_buffer->caps_or_badges[0] = vspace;
	return svc_invoke(frame, &msg);
}

enum abi_error glue_page_unmap(glue_cptr frame)
{
	struct glue_msg msg = { .info = abi_info(ABI_PAGE_UNMAP, 0, 0) };

	return svc_invoke(frame, &msg);
}

enum abi_error glue_page_get_address(glue_cptr frame, uint64_t *paddr)
{
	struct glue_msg msg = { .info = abi_info(ABI_PAGE_GET_ADDRESS, 0, 0) };
	enum abi_error err = svc_invoke(frame, &msg);

	if (!err)
		*paddr = msg.mr[0];
	return err;
}

enum abi_error glue_page_unify_instruction(glue_cptr frame, uint64_t start,
					   uint64_t end)
{
	struct glue_msg msg = {
		.info = abi_info(ABI_PAGE_UNIFY_INSTRUCTION, 0, 2),
		.mr = { start, end },
	};

	return svc_invoke(frame, &msg);
}

enum abi_error glue_page_table_map(glue_cptr table, glue_cptr vspace,
				   uint64_t vaddr)
{
	struct glue_msg msg = {
		.info = abi_info(ABI_PAGE_TABLE_MAP, 1, 2),
		.mr = { vaddr, ABI_VM_DEFAULT },
	};

	glue_ipc_buffer->caps_or_badges[0] = vspace;
	return svc_invoke(table, &msg);
}

enum abi_error glue_page_table_unmap(glue_cptr table)
{
	struct glue_msg msg = { .info = abi_info(ABI_PAGE_TABLE_UNMAP, 0, 0) };

	return svc_invoke(table, &msg);
}

enum abi_error glue_asid_pool_assign(glue_cptr pool, glue_cptr vspace)
{
	struct glue_msg msg = { .info = abi_info(ABI_ASID_POOL_ASSIGN, 1, 0) };

	glue_ipc_buffer->caps_or_badges[0] = vspace;
	return svc_invoke(pool, &msg);
}

enum abi_error glue_asid_control_make_pool(glue_cptr control, glue_cptr untyped,
					   struct glue_slot dst)
{
	struct glue_msg msg = {
		.info = abi_info(ABI_ASID_CONTROL_MAKE_POOL, 2, 2),
		.mr = { dst.index, dst.depth },
	};

	glue_ipc_buffer->caps_or_badges[0] = untyped;
	glue_ipc_buffer->caps_or_badges[1] = dst.root;
	return svc_invoke(control, &msg);
}
