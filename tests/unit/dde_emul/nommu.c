// SPDX-License-Identifier: BSD-2-Clause
/*
 * nommu.c - vmalloc and its family; pools of objects, which are Linux's own over
 * our allocator.
 */
#include <linux/dma-mapping.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include "check.h"

#define BYTES (5 * PAGE_SIZE)

static void vmalloc_family(void)
{
	char *first = vmalloc(BYTES), *zeroed = vzalloc_node(BYTES, 0);
	char *either = kvzalloc(BYTES, GFP_KERNEL);
	struct page *pages[2] = { vmalloc_to_page(first),
				  vmalloc_to_page(first + PAGE_SIZE) };

	CHECK(first && zeroed && either);
	CHECK(!memchr_inv(zeroed, 0, BYTES) && !memchr_inv(either, 0, BYTES));
	CHECK(vmap(pages, 2, VM_MAP, PAGE_KERNEL) ==
	      (void *)((unsigned long)first & PAGE_MASK));
	pages[1] = vmalloc_to_page(zeroed);
	CHECK(!vmap(pages, 2, VM_MAP, PAGE_KERNEL));
	vfree(first);
	vfree(zeroed);
	vfree(NULL);
	kvfree(either);
	first = vmalloc_huge(BYTES, GFP_KERNEL | __GFP_ZERO);
	CHECK(first && !memchr_inv(first, 0, BYTES));
	memset(first, 1, BYTES);
	vfree(first);
	first = __vmalloc_node(BYTES, 1, GFP_KERNEL | __GFP_ZERO, 0, NULL);
	CHECK(first && !memchr_inv(first, 0, BYTES));
	vfree(first);
	CHECK(!vmalloc(ARENA_BYTES * 2));
	CHECK(!__vmalloc(ARENA_BYTES * 2, GFP_ATOMIC | __GFP_NOWARN));
}

/* What is kept in reserve is there when memory is used up. */
static void memory_pools(void)
{
	mempool_t *pool = mempool_create_kmalloc_pool(2, 600);
	static void *all[600];
	void *reserve[2];
	unsigned int n = 0;

	CHECK(pool);
	while (n < ARRAY_SIZE(all) &&
	       (all[n] = kmalloc(600, GFP_ATOMIC | __GFP_NOWARN)))
		n++;
	CHECK(n < ARRAY_SIZE(all));
	reserve[0] = mempool_alloc(pool, GFP_ATOMIC);
	reserve[1] = mempool_alloc(pool, GFP_ATOMIC);
	CHECK(reserve[0] && reserve[1]);
	CHECK(!mempool_alloc(pool, GFP_ATOMIC));
	mempool_free(reserve[0], pool);
	CHECK(mempool_alloc(pool, GFP_ATOMIC) == reserve[0]);
	while (n)
		kfree(all[--n]);
	mempool_free(reserve[0], pool);
	mempool_free(reserve[1], pool);
	mempool_destroy(pool);
}

static void whole_table(void)
{
	static struct device dev;
	static char foreign[128]; /* in the image: not the device's to see */
	struct sg_table table;
	char *data = kmalloc(256, GFP_KERNEL);

	CHECK(!sg_alloc_table(&table, 2, GFP_KERNEL));
	sg_set_buf(&table.sgl[0], data, 128);
	sg_set_buf(&table.sgl[1], data + 128, 128);
	CHECK(!dma_map_sgtable(&dev, &table, DMA_TO_DEVICE, 0));
	CHECK(table.nents == 2);
	CHECK(sg_dma_address(&table.sgl[1]) == virt_to_phys(data + 128));
	dma_unmap_sgtable(&dev, &table, DMA_TO_DEVICE, 0);
	sg_set_buf(&table.sgl[1], foreign, 128);
	CHECK(dma_map_sgtable(&dev, &table, DMA_TO_DEVICE, 0) == -EINVAL);
	sg_free_table(&table);
	kfree(data);
	CHECK(dma_opt_mapping_size(&dev) >= PAGE_SIZE);
	CHECK(!dma_pci_p2pdma_supported(&dev));
}

static void check_nommu(void)
{
	struct kmem_cache *cache = kmem_cache_create("check", 52, 0, 0, NULL);

	CHECK(kmem_cache_size(cache) == 52);
	kmem_cache_destroy(cache);
	vmalloc_family();
	memory_pools();
	whole_table();
}
CHECK_GROUP(nommu);
