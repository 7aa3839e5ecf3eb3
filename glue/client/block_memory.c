/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block_memory.c - buffers in the lent region: pages, a bit for each.
 *
 * Next fit: the search goes on where the last one ended, so that buffers that
 * live briefly do not make every search start among those that live long.
 */
#include <glue/block_client.h>

static uint32_t region_pages(const struct glue_block *blk)
{
	return (uint32_t)(blk->port.data_bytes / GLUE_BLOCK_PAGE_BYTES);
}

static int page_used(const struct glue_block *blk, uint32_t page)
{
	return blk->used[page / 64] >> (page % 64) & 1;
}

static void mark_pages(struct glue_block *blk, uint32_t page, uint32_t count,
		       int used)
{
	for (; count; count--, page++) {
		uint64_t bit = 1ul << (page % 64);

		if (used)
			blk->used[page / 64] |= bit;
		else
			blk->used[page / 64] &= ~bit;
	}
}

/* Pages that are free from @page on, at most @count. */
static uint32_t free_run(const struct glue_block *blk, uint32_t page,
			 uint32_t count)
{
	uint32_t n;

	for (n = 0; n < count && !page_used(blk, page + n); n++)
		;
	return n;
}

/* First fit in [from, end), in steps of @align pages; @end if there is none. */
static uint32_t find_run(const struct glue_block *blk, uint32_t from,
			 uint32_t end, uint32_t count, uint32_t align)
{
	uint32_t page = (from + align - 1) & ~(align - 1);

	while (page < end && count <= end - page) {
		uint32_t run = free_run(blk, page, count);

		if (run == count)
			return page;
		page = (page + run + align) & ~(align - 1);
	}
	return end;
}

void *glue_block_alloc(struct glue_block *blk, uint64_t bytes, uint64_t align)
{
	uint32_t end = region_pages(blk);
	uint32_t align_pages = 1;
	uint32_t count;
	uint32_t page;

	if (bytes == 0 || bytes > blk->port.data_bytes ||
	    (align & (align - 1)) || align > GLUE_LENT_SPAN)
		return NULL;
	if (align > GLUE_BLOCK_PAGE_BYTES)
		align_pages = (uint32_t)(align / GLUE_BLOCK_PAGE_BYTES);
	count = (uint32_t)((bytes + GLUE_BLOCK_PAGE_BYTES - 1) /
			   GLUE_BLOCK_PAGE_BYTES);
	page = find_run(blk, blk->next_page, end, count, align_pages);
	if (page == end)
		page = find_run(blk, 0, end, count, align_pages);
	if (page == end)
		return NULL;
	mark_pages(blk, page, count, 1);
	blk->next_page = page + count;
	return blk->port.data + (uint64_t)page * GLUE_BLOCK_PAGE_BYTES;
}

void glue_block_free(struct glue_block *blk, void *data, uint64_t bytes)
{
	uint64_t offset = (uintptr_t)data - (uintptr_t)blk->port.data;

	if (!data || offset >= blk->port.data_bytes ||
	    bytes > blk->port.data_bytes - offset)
		return;
	mark_pages(blk, (uint32_t)(offset / GLUE_BLOCK_PAGE_BYTES),
		   (uint32_t)((bytes + GLUE_BLOCK_PAGE_BYTES - 1) /
			      GLUE_BLOCK_PAGE_BYTES),
		   0);
}
