/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vspace.c - map pages; build page tables from what the kernel says is missing.
 *
 * Page_Map on a place without a table answers FailedLookup with the number of
 * address bits the missing table covers (21, 30, 39). One table at that place
 * is all that is needed for the next try. Source: shared/abi.md section 12.
 */
#include "vspace.h"

#include <glue/string.h>
#include <glue/sys.h>

#include "blocks.h"
#include "slots.h"

static struct broker_vspace own_vspace;

void broker_vspace_init(struct broker_account *account)
{
	own_vspace.cap = ABI_SLOT_VSPACE;
	own_vspace.account = account;
}

struct broker_vspace *broker_vspace_own(void)
{
	return &own_vspace;
}

#define RIGHT_BOTH (ABI_RIGHT_READ | ABI_RIGHT_WRITE)

#define ATTR_DATA (ABI_VM_CACHEABLE | ABI_VM_EXECUTE_NEVER)

/* Writable is never executable. */
static const struct {
	uint32_t rights, attr;
} protection[] = {
	[BROKER_RO] = { ABI_RIGHT_READ, ATTR_DATA },
	[BROKER_RW] = { RIGHT_BOTH, ATTR_DATA },
	[BROKER_RX] = { ABI_RIGHT_READ, ABI_VM_CACHEABLE },
	[BROKER_DEVICE] = { RIGHT_BOTH, ABI_VM_EXECUTE_NEVER },
	[BROKER_DEVICE_RO] = { ABI_RIGHT_READ, ABI_VM_EXECUTE_NEVER },
};

/* The kernel puts a table at the first level that lacks one. */
static enum k_err vspace_add_table(struct broker_vspace *vspace, uint64_t vaddr)
{
	uint32_t table;
	enum k_err err;

	err = broker_account_pages(vspace->account, ABI_OBJ_PAGE_TABLE, 1,
				   &table);
	if (err)
		return err;
	if (glue_page_table_map(table, vspace->cap, vaddr))
		return K_ERR_NOMEM;
	return K_OK;
}

enum k_err broker_vspace_map(struct broker_vspace *vspace, uint32_t frame,
			     uint64_t vaddr, enum broker_prot prot)
{
	/* At most three levels can be missing, then the map must succeed. */
	for (int missing = 0;; missing++) {
		enum abi_error abi_err;
		enum k_err err;

		abi_err = glue_page_map(frame, vspace->cap, vaddr,
					protection[prot].rights,
					protection[prot].attr);
		if (abi_err == ABI_OK)
			return K_OK;
		if (abi_err != ABI_FAILED_LOOKUP || missing == 3)
			return K_ERR_NOMEM;
		err = vspace_add_table(vspace, vaddr);
		if (err)
			return err;
	}
}

enum k_err broker_vspace_map_run(struct broker_vspace *vspace, uint32_t frame,
				 uint32_t count, uint64_t vaddr,
				 enum broker_prot prot)
{
	for (uint32_t i = 0; i < count; i++) {
		enum k_err err;

		err = broker_vspace_map(vspace, frame + i, vaddr, prot);
		if (err)
			return err;
		vaddr += BROKER_PAGE_BYTES;
	}
	return K_OK;
}

/* A frame capability holds one mapping, so a second place needs a copy. */
static enum k_err copy_frames(uint32_t to, uint32_t from, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (glue_cnode_copy(broker_slot(to + i), broker_slot(from + i),
				    RIGHT_BOTH))
			return K_ERR_NOMEM;
	}
	return K_OK;
}

enum k_err broker_vspace_map_copy(struct broker_vspace *vspace,
				  unsigned int owner, uint32_t frame,
				  uint32_t count, uint64_t vaddr,
				  enum broker_prot prot, uint32_t *copies)
{
	enum k_err err;

	if (*copies == 0)
		*copies = broker_slots_take(owner, count);
	if (*copies == 0)
		return K_ERR_NOMEM;
	err = copy_frames(*copies, frame, count);
	if (!err)
		err = broker_vspace_map_run(vspace, *copies, count, vaddr,
					    prot);
	if (err)
		broker_slots_clear(*copies, count);
	return err;
}

/* Each page is shown to the broker, written, and hidden. */
enum k_err broker_frames_fill(uint32_t frame, uint64_t offset, const void *data,
			      uint64_t bytes, int code)
{
	const char *from = data;
	enum k_err err = K_OK;

	frame += (uint32_t)(offset / BROKER_PAGE_BYTES);
	offset %= BROKER_PAGE_BYTES;
	for (; !err && bytes > 0; frame++, offset = 0) {
		uint64_t part = BROKER_PAGE_BYTES - offset;

		part = part < bytes ? part : bytes;
		err = broker_vspace_map(&own_vspace, frame, BROKER_WINDOW_LOAD,
					BROKER_RW);
		if (!err)
			memcpy((char *)BROKER_WINDOW_LOAD + offset, from, part);
		if (!err && code)
			glue_page_unify_instruction(frame, 0,
						    BROKER_PAGE_BYTES);
		glue_page_unmap(frame);
		from += part;
		bytes -= part;
	}
	return err;
}
