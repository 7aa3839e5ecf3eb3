// SPDX-License-Identifier: BSD-2-Clause
/*
 * pieces.c - memory asked for in less common ways: in bulk, large, exact, per
 * CPU, wiped before it is freed; and lists of pieces given to the device.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "check.h"

#define BULK 6

static u64 mask = DMA_BIT_MASK(32);
static struct device device = { .dma_mask = &mask, .init_name = "pieces" };

static void in_bulk(void)
{
	struct kmem_cache *cache = kmem_cache_create("bulk", 40, 0, 0, NULL);
	void *items[BULK], *one;

	CHECK(cache);
	CHECK(kmem_cache_alloc_bulk(cache, GFP_KERNEL, BULK, items) == BULK);
	for (unsigned int i = 0; i < BULK; i++) {
		for (unsigned int j = 0; j < i; j++)
			CHECK(items[i] != items[j]);
		memset(items[i], i, 40);
	}
	kmem_cache_free_bulk(cache, BULK, items);
	one = kmem_cache_alloc_node(cache, GFP_KERNEL | __GFP_ZERO,
				    NUMA_NO_NODE);
	CHECK(one && !memchr_inv(one, 0, 40));
	kmem_cache_free(cache, one);
	kmem_cache_destroy(cache);
}

static void large(void)
{
	char *memory = kmalloc(3 * PAGE_SIZE, GFP_KERNEL);
	char *pages = alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL);
	unsigned long zero = get_zeroed_page(GFP_KERNEL);

	CHECK(memory && ksize(memory) >= 3 * PAGE_SIZE);
	CHECK(pages && PAGE_ALIGNED(pages));
	CHECK(zero && !memchr_inv((void *)zero, 0, PAGE_SIZE));
	CHECK(kmalloc_size_roundup(100) == 128);
	free_page(zero);
	free_pages_exact(pages, 3 * PAGE_SIZE);
	kfree_sensitive(memory);
}

static void virtual(void)
{
	char *zeroed = vzalloc(2 * PAGE_SIZE + 1);
	char *node = vmalloc_node(PAGE_SIZE, NUMA_NO_NODE);

	CHECK(zeroed && !memchr_inv(zeroed, 0, 2 * PAGE_SIZE + 1));
	CHECK(vmalloc_to_pfn(zeroed) == page_to_pfn(vmalloc_to_page(zeroed)));
	CHECK(node && node != zeroed);
	vfree(node);
	vfree(zeroed);
}

static void of_a_cpu(void)
{
	int __percpu *counter = alloc_percpu(int);

	CHECK(counter && *this_cpu_ptr(counter) == 0);
	this_cpu_inc(*counter);
	CHECK(*per_cpu_ptr(counter, 0) == 1);
	free_percpu(counter);
}

/* Each piece has the address of its page; the device sees no others. */
static void scattered(void)
{
	char *a = kmalloc(64, GFP_KERNEL), *b = kmalloc(128, GFP_KERNEL);
	struct scatterlist list[2];

	sg_init_table(list, 2);
	sg_set_buf(&list[0], a, 64);
	sg_set_buf(&list[1], b, 128);
	CHECK(dma_map_sg(&device, list, 2, DMA_TO_DEVICE) == 2);
	CHECK(sg_dma_address(&list[0]) == virt_to_phys(a));
	CHECK(sg_dma_address(&list[1]) == virt_to_phys(b));
	CHECK(sg_dma_len(&list[1]) == 128);
	dma_unmap_sg(&device, list, 2, DMA_TO_DEVICE);
	CHECK(dma_max_mapping_size(&device) >= PAGE_SIZE);
	kfree(b);
	kfree(a);
}

static void check_pieces(void)
{
	in_bulk();
	large();
	virtual();
	of_a_cpu();
	scattered();
}
CHECK_GROUP(pieces);
