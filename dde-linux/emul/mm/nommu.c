// SPDX-License-Identifier: GPL-2.0-only
/*
 * nommu.c - vmalloc and its family, which are kmalloc here.
 *
 * Stands for mm/nommu.c. Without an MMU of its own Linux has no second way to
 * see memory either, so the memory is contiguous and kvfree() frees both kinds
 * alike. GFP_DMA32 and the like mean nothing: all memory is the arena.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <dde.h>

/* Whole pages: drivers hand them on one by one. */
void *__vmalloc_noprof(unsigned long size, gfp_t gfp)
{
	unsigned long bytes = PAGE_ALIGN(size);

	if (!bytes)
		return NULL;
	return kmalloc_noprof(bytes, (gfp | __GFP_COMP) & ~__GFP_HIGHMEM);
}
DDE_EMULATED(__vmalloc_noprof);

void *__vmalloc_node_range_noprof(unsigned long size, unsigned long align,
				  unsigned long start, unsigned long end,
				  gfp_t gfp, pgprot_t prot,
				  unsigned long vm_flags, int node,
				  const void *caller)
{
	return __vmalloc_noprof(size, gfp);
}
DDE_EMULATED(__vmalloc_node_range_noprof);

void *__vmalloc_node_noprof(unsigned long size, unsigned long align, gfp_t gfp,
			    int node, const void *caller)
{
	return __vmalloc_noprof(size, gfp);
}
DDE_EMULATED(__vmalloc_node_noprof);

void *vmalloc_noprof(unsigned long size)
{
	return __vmalloc_noprof(size, GFP_KERNEL);
}
DDE_EMULATED(vmalloc_noprof);

void *vzalloc_noprof(unsigned long size)
{
	return __vmalloc_noprof(size, GFP_KERNEL | __GFP_ZERO);
}
DDE_EMULATED(vzalloc_noprof);

void *vmalloc_node_noprof(unsigned long size, int node)
{
	return vmalloc_noprof(size);
}
DDE_EMULATED(vmalloc_node_noprof);

void *vzalloc_node_noprof(unsigned long size, int node)
{
	return vzalloc_noprof(size);
}
DDE_EMULATED(vzalloc_node_noprof);

void *vmalloc_32_noprof(unsigned long size)
{
	return vmalloc_noprof(size);
}
DDE_EMULATED(vmalloc_32_noprof);

void *vmalloc_huge_noprof(unsigned long size, gfp_t gfp)
{
	return __vmalloc_noprof(size, gfp);
}
DDE_EMULATED(vmalloc_huge_noprof);

void vfree(const void *memory)
{
	kfree(memory);
}
DDE_EMULATED(vfree);

void vfree_atomic(const void *memory)
{
	kfree(memory);
}
DDE_EMULATED(vfree_atomic);

struct page *vmalloc_to_page(const void *memory)
{
	return virt_to_page(memory);
}
DDE_EMULATED(vmalloc_to_page);

unsigned long vmalloc_to_pfn(const void *memory)
{
	return page_to_pfn(virt_to_page(memory));
}
DDE_EMULATED(vmalloc_to_pfn);

/* Pages can be seen at one place only: drivers have a way to do without. */
void *vmap(struct page **pages, unsigned int count, unsigned long flags,
	   pgprot_t prot)
{
	unsigned int i;

	for (i = 1; i < count; i++) {
		if (page_to_pfn(pages[i]) != page_to_pfn(pages[0]) + i)
			return NULL;
	}
	return count ? page_address(pages[0]) : NULL;
}
DDE_EMULATED(vmap);

void vunmap(const void *memory)
{
}
DDE_NOOP(vunmap, "vmap() made no mapping");
