// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmapool.c - small blocks of coherent memory, all of one size.
 *
 * Stands for mm/dmapool.c, so that the checker sees each block (dde_dma.h). A
 * pool cuts coherent memory of a page or more into blocks and keeps the free
 * ones in one list; memory goes back when the pool is destroyed.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <dde.h>
#include <dde_dma.h>

/* What a free block holds. */
struct block {
	struct block *next;
	dma_addr_t bus;
};

/* A piece of coherent memory, cut into blocks. */
struct chunk {
	struct list_head list;
	void *memory;
	dma_addr_t bus;
};

struct dma_pool {
	struct list_head chunks;
	struct block *free;
	struct device *dev;
	size_t size;	 /* of a block */
	size_t bytes;	 /* of a chunk */
	size_t boundary; /* no block crosses a multiple of this */
	unsigned int used;
	char name[32];
};

/**
 * dma_pool_create - a pool of blocks of one size.
 * @align:    of each block; a power of two, 0 counts as 1
 * @boundary: blocks do not cross multiples of it; a power of two, 0: none
 *
 * Return: NULL if these numbers cannot be, or no memory is left.
 */
struct dma_pool *dma_pool_create(const char *name, struct device *dev,
				 size_t size, size_t align, size_t boundary)
{
	struct dma_pool *pool;

	align = align ?: 1;
	if (!size || size > INT_MAX || !is_power_of_2(align))
		return NULL;
	size = ALIGN(max(size, sizeof(struct block)), align);
	if (boundary && (boundary < size || !is_power_of_2(boundary)))
		return NULL;
	pool = kzalloc(sizeof(*pool), GFP_KERNEL);
	if (!pool)
		return NULL;
	INIT_LIST_HEAD(&pool->chunks);
	strscpy(pool->name, name);
	pool->dev = dev;
	pool->size = size;
	pool->bytes = max(size, PAGE_SIZE);
	pool->boundary = boundary ? min(boundary, pool->bytes) : pool->bytes;
	return pool;
}
DDE_EMULATED(dma_pool_create);

static void block_add(struct dma_pool *pool, void *memory, dma_addr_t bus)
{
	struct block *block = memory;

	block->next = pool->free;
	block->bus = bus;
	pool->free = block;
}

static void chunk_cut(struct dma_pool *pool, const struct chunk *chunk)
{
	size_t at = 0;

	while (at + pool->size <= pool->bytes) {
		size_t border = ALIGN_DOWN(at, pool->boundary) + pool->boundary;

		if (at + pool->size > border) {
			at = border;
			continue;
		}
		block_add(pool, chunk->memory + at, chunk->bus + at);
		at += pool->size;
	}
}

static bool pool_grow(struct dma_pool *pool, gfp_t gfp)
{
	struct chunk *chunk = kmalloc(sizeof(*chunk), gfp);

	if (!chunk)
		return false;
	chunk->memory = dma_alloc_coherent(pool->dev, pool->bytes, &chunk->bus,
					   gfp);
	if (!chunk->memory) {
		kfree(chunk);
		return false;
	}
	list_add(&chunk->list, &pool->chunks);
	chunk_cut(pool, chunk);
	return true;
}

void *dma_pool_alloc(struct dma_pool *pool, gfp_t gfp, dma_addr_t *handle)
{
	struct block *block;

	if (!pool->free && !pool_grow(pool, gfp & ~__GFP_ZERO))
		return NULL;
	block = pool->free;
	pool->free = block->next;
	pool->used++;
	*handle = block->bus;
	if (unlikely(dde_dma_checked))
		dde_dma_allocated(pool->dev, pool, block, pool->size);
	if (gfp & __GFP_ZERO)
		memset(block, 0, pool->size);
	return block;
}
DDE_EMULATED(dma_pool_alloc);

void dma_pool_free(struct dma_pool *pool, void *memory, dma_addr_t bus)
{
	if (unlikely(dde_dma_checked) &&
	    !dde_dma_freed(pool->dev, pool, memory, pool->size, bus))
		return;
	pool->used--;
	block_add(pool, memory, bus);
}
DDE_EMULATED(dma_pool_free);

/* Memory of blocks that are still in use stays: the device may write there. */
void dma_pool_destroy(struct dma_pool *pool)
{
	struct chunk *chunk, *next;

	if (!pool)
		return;
	if (unlikely(dde_dma_checked))
		dde_dma_pool_gone(pool);
	if (pool->used)
		dev_err(pool->dev,
			"DMA pool %s destroyed with %u blocks used\n",
			pool->name, pool->used);
	list_for_each_entry_safe (chunk, next, &pool->chunks, list) {
		if (!pool->used)
			dma_free_coherent(pool->dev, pool->bytes, chunk->memory,
					  chunk->bus);
		kfree(chunk);
	}
	kfree(pool);
}
DDE_EMULATED(dma_pool_destroy);

static void managed_destroy(struct device *dev, void *data)
{
	dma_pool_destroy(*(struct dma_pool **)data);
}

static int managed_is(struct device *dev, void *data, void *pool)
{
	return *(struct dma_pool **)data == pool;
}

struct dma_pool *dmam_pool_create(const char *name, struct device *dev,
				  size_t size, size_t align, size_t boundary)
{
	struct dma_pool **data;

	data = devres_alloc(managed_destroy, sizeof(*data), GFP_KERNEL);
	if (!data)
		return NULL;
	*data = dma_pool_create(name, dev, size, align, boundary);
	if (!*data) {
		devres_free(data);
		return NULL;
	}
	devres_add(dev, data);
	return *data;
}
DDE_EMULATED(dmam_pool_create);

void dmam_pool_destroy(struct dma_pool *pool)
{
	WARN_ON(devres_release(pool->dev, managed_destroy, managed_is, pool));
}
DDE_EMULATED(dmam_pool_destroy);
