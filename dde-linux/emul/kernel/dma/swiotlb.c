// SPDX-License-Identifier: GPL-2.0-only
/*
 * swiotlb.c - copies of buffers that the device uses instead of the driver's.
 *
 * Stands for kernel/dma/swiotlb.c, for the checker only (debug.c): where the
 * device writes into a copy, whatever changes in the driver's own buffer was
 * written by the driver. A copy lies in its page as the buffer does, because
 * some devices count from page borders. Copies hold at most half of the arena;
 * strict drivers get one of twice the size.
 */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <dde_dma.h>
#include <dde_pages.h>

static size_t held; /* bytes of all copies */

/* Small ones come from kmalloc, whose powers of two never cross a page. */
static bool copy_is_small(u64 address, size_t bytes)
{
	return bytes <= PAGE_SIZE / 2 &&
	       offset_in_page(address) + bytes <= PAGE_SIZE;
}

/* What a copy takes of the arena. */
static size_t copy_cost(u64 address, size_t bytes)
{
	if (copy_is_small(address, bytes))
		return roundup_pow_of_two(bytes);
	return PAGE_ALIGN(offset_in_page(address) + bytes);
}

dma_addr_t dde_dma_copy_make(phys_addr_t memory, size_t bytes)
{
	size_t cost = copy_cost(memory, bytes);
	void *copy;

	if (held + cost > dde_arena_bytes / 2)
		return 0;
	if (copy_is_small(memory, bytes))
		copy = kmalloc(cost, GFP_NOWAIT);
	else
		copy = alloc_pages_exact(cost, GFP_NOWAIT);
	if (!copy)
		return 0;
	held += cost;
	return virt_to_phys(copy) +
	       (copy_is_small(memory, bytes) ? 0 : offset_in_page(memory));
}

void dde_dma_copy_free(dma_addr_t copy, size_t bytes)
{
	size_t cost = copy_cost(copy, bytes);

	held -= cost;
	if (copy_is_small(copy, bytes))
		kfree(phys_to_virt(copy));
	else
		free_pages_exact(phys_to_virt(copy & PAGE_MASK), cost);
}
