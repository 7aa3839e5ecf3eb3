/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * metadata.c - shadow metadata of the pages that a Linux driver's device may see.
 *
 * Linux has a struct for each page of memory, found by the page's number. So a
 * process has meta_bytes (manifest) for each page of its arena and of what is
 * lent to it, at META_BASE + page number * meta_bytes (docs/decisions/0001).
 */
#include "loader.h"

#include "blocks.h"

#define META_PAGES_MAX 1024

/* Shadow metadata pages that exist, of all processes. */
struct meta_page {
	uint32_t number; /* (vaddr - GLUE_META_BASE) / page */
	uint16_t owner;	 /* process table index + 1; 0 record free */
};
static struct meta_page meta_pages[META_PAGES_MAX];

/* The record of a page of an owner; with owner 0 any free record. */
static struct meta_page *meta_find(unsigned int owner, uint32_t number)
{
	for (unsigned int i = 0; i < META_PAGES_MAX; i++) {
		if (meta_pages[i].owner == owner &&
		    (owner == 0 || meta_pages[i].number == number))
			return &meta_pages[i];
	}
	return NULL;
}

/*
 * Regions come and go while a page of metadata may describe several, so pages
 * are made when first needed and stay until the process ends.
 */
enum k_err broker_load_metadata(struct broker_process *process, uint64_t paddr,
				uint64_t bytes)
{
	uint64_t each = process->program->meta_bytes;
	unsigned int owner = broker_process_index(process) + 1;
	uint64_t first, last;

	if (each == 0 || bytes == 0)
		return K_OK;
	if (paddr + bytes > (uint64_t)1 << GLUE_BUS_BITS)
		return K_ERR_RANGE;
	first = paddr / BROKER_PAGE_BYTES * each / BROKER_PAGE_BYTES;
	last = ((paddr + bytes) / BROKER_PAGE_BYTES * each - 1) /
	       BROKER_PAGE_BYTES;
	for (uint64_t page = first; page <= last; page++) {
		struct meta_page *meta;
		enum k_err err;

		if (meta_find(owner, (uint32_t)page))
			continue;
		meta = meta_find(0, 0);
		if (!meta)
			return K_ERR_NOMEM;
		err = broker_load_pages(process,
					GLUE_META_BASE +
						page * BROKER_PAGE_BYTES,
					1, BROKER_RW);
		if (err)
			return err;
		*meta = (struct meta_page){ (uint32_t)page, (uint16_t)owner };
	}
	return K_OK;
}

void broker_metadata_forget(struct broker_process *process)
{
	unsigned int owner = broker_process_index(process) + 1;

	for (unsigned int i = 0; i < META_PAGES_MAX; i++) {
		if (meta_pages[i].owner == owner)
			meta_pages[i].owner = 0;
	}
}
