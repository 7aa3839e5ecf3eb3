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
#include "check.h"
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

/* Writable is never executable: there is no fifth kind. */
static unsigned int prot_rights(enum broker_prot prot)
{
	if (prot == BROKER_RW || prot == BROKER_DEVICE)
		return ABI_RIGHT_READ | ABI_RIGHT_WRITE;
	return ABI_RIGHT_READ;
}

static unsigned int prot_attr(enum broker_prot prot)
{
	if (prot == BROKER_DEVICE || prot == BROKER_DEVICE_RO)
		return ABI_VM_EXECUTE_NEVER;
	if (prot == BROKER_RX)
		return ABI_VM_CACHEABLE;
	return ABI_VM_CACHEABLE | ABI_VM_EXECUTE_NEVER;
}

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
		return K_ERR_INVALID;
	return K_OK;
}

enum k_err broker_vspace_map(struct broker_vspace *vspace, uint32_t frame,
			     uint64_t vaddr, enum broker_prot prot)
{
	/* At most three levels can be missing, then the map must succeed. */
	for (int missing = 0; missing <= 3; missing++) {
		enum abi_error abi_err;
		enum k_err err;

		abi_err = glue_page_map(frame, vspace->cap, vaddr,
					prot_rights(prot), prot_attr(prot));
		if (abi_err == ABI_OK)
			return K_OK;
		if (abi_err != ABI_FAILED_LOOKUP)
			return K_ERR_INVALID;
		err = vspace_add_table(vspace, vaddr);
		if (err)
			return err;
	}
	return K_ERR_INVALID;
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
				    ABI_RIGHT_READ | ABI_RIGHT_WRITE))
			return K_ERR_INVALID;
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

/* Show up to a window full of frames to the broker, write, and hide them. */
static enum k_err fill_window(uint32_t frame, uint64_t offset, const void *data,
			      uint64_t bytes, int code)
{
	uint64_t end = offset + bytes + BROKER_PAGE_BYTES - 1;
	uint32_t count = (uint32_t)(end / BROKER_PAGE_BYTES);
	enum k_err err;

	broker_check(count <= BROKER_WINDOW_LOAD_PAGES);
	err = broker_vspace_map_run(&own_vspace, frame, count,
				    BROKER_WINDOW_LOAD, BROKER_RW);
	if (!err)
		memcpy((char *)BROKER_WINDOW_LOAD + offset, data, bytes);
	for (uint32_t i = 0; i < count; i++) {
		if (code && !err)
			glue_page_unify_instruction(frame + i, 0,
						    BROKER_PAGE_BYTES);
		glue_page_unmap(frame + i);
	}
	return err;
}

enum k_err broker_frames_fill(uint32_t frame, uint64_t offset, const void *data,
			      uint64_t bytes, int code)
{
	const uint64_t window = BROKER_WINDOW_LOAD_PAGES * BROKER_PAGE_BYTES;
	const char *from = data;

	frame += (uint32_t)(offset / BROKER_PAGE_BYTES);
	offset %= BROKER_PAGE_BYTES;
	while (bytes > 0) {
		uint64_t part = window - offset;
		enum k_err err;

		if (part > bytes)
			part = bytes;
		err = fill_window(frame, offset, from, part, code);
		if (err)
			return err;
		frame += (uint32_t)((offset + part) / BROKER_PAGE_BYTES);
		offset = 0;
		from += part;
		bytes -= part;
	}
	return K_OK;
}
