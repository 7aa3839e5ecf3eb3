// SPDX-License-Identifier: GPL-2.0-only
/*
 * debug_coherent.c - is coherent memory freed once, whole, and where it is from?
 *
 * Stands for kernel/dma/debug.c, the part about memory that the DMA API itself
 * allocates, and for the checks of mm/dmapool.c. One record for each piece; a
 * pool's first block has the address of the coherent memory that it is cut from,
 * so a record is found by its address and by whether it is a block.
 */
#include <linux/device.h>
#include <linux/dmapool.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <dde_dma.h>

struct piece {
	struct list_head list;
	struct device *dev;
	struct dma_pool *pool; /* NULL: not a block of a pool */
	void *memory;
	size_t bytes;
};

static LIST_HEAD(pieces);

/* Pieces that found no room for a record. */
static unsigned long unrecorded;

void dde_dma_allocated(struct device *dev, struct dma_pool *pool, void *memory,
		       size_t bytes)
{
	struct piece *new = kmalloc(sizeof(*new), GFP_NOWAIT);

	if (!new) {
		unrecorded++;
		return;
	}
	*new = (struct piece){
		.dev = dev, .pool = pool, .memory = memory, .bytes = bytes
	};
	list_add(&new->list, &pieces);
}

static struct piece *piece_find(const void *memory, bool block)
{
	struct piece *piece;

	list_for_each_entry (piece, &pieces, list) {
		if (piece->memory == memory && !piece->pool == !block)
			return piece;
	}
	return NULL;
}

static void piece_forget(struct piece *piece)
{
	list_del(&piece->list);
	kfree(piece);
}

/* What is wrong with this way to free the piece? NULL: nothing. */
static const char *fault_of(const struct piece *piece, struct dma_pool *pool,
			    size_t bytes, dma_addr_t bus)
{
	if (!piece)
		return "freed, but not allocated; free once, what the DMA API "
		       "gave";
	if (piece->pool != pool)
		return "freed to another pool than it is from";
	if (piece->bytes != bytes)
		return "freed with another size than allocated";
	if (bus != virt_to_phys(piece->memory))
		return "freed with another bus address than it has";
	return NULL;
}

/* What is not ours to free stays: freeing it would destroy the heap. */
bool dde_dma_freed(struct device *dev, struct dma_pool *pool, void *memory,
		   size_t bytes, dma_addr_t bus)
{
	struct piece *piece = piece_find(memory, pool);
	const char *fault = fault_of(piece, pool, bytes, bus);

	if (!piece && unrecorded) {
		unrecorded--;
		return true;
	}
	if (fault) {
		dde_dma_accuse(dev, bus, bytes, fault);
		return false;
	}
	piece_forget(piece);
	return true;
}

static void piece_left(struct piece *piece, const char *what)
{
	dde_dma_accuse(piece->dev, virt_to_phys(piece->memory), piece->bytes,
		       what);
	piece_forget(piece);
}

void dde_dma_pool_gone(struct dma_pool *pool)
{
	struct piece *piece, *next;

	list_for_each_entry_safe (piece, next, &pieces, list) {
		if (piece->pool == pool)
			piece_left(piece, "still in use when its pool was "
					  "destroyed; free it before");
	}
}

void dde_dma_coherent_left(struct device *dev)
{
	struct piece *piece, *next;

	list_for_each_entry_safe (piece, next, &pieces, list) {
		if (piece->dev == dev)
			piece_left(piece, "not freed by the driver's remove; "
					  "free it there");
	}
}
