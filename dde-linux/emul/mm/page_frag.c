// SPDX-License-Identifier: GPL-2.0-only
/*
 * page_frag.c - pieces of pages, for receive buffers and packet heads.
 *
 * Stands for the page_frag part of mm/page_alloc.c. A cache hands out pieces of
 * one compound page from its start on. Each piece holds a reference to the
 * page, and so does the cache while the page is its current one; when nobody
 * else holds one any more, the cache begins at the start again.
 */
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <dde.h>

/* The cache lets go of its page. */
static void cache_leave(struct page_frag_cache *cache)
{
	if (cache->va)
		put_page(virt_to_head_page(cache->va));
	cache->va = NULL;
}

/* Large pages waste less of each piece; any page that holds one will do. */
static bool cache_refill(struct page_frag_cache *cache, unsigned int bytes,
			 gfp_t gfp)
{
	unsigned int order = PAGE_FRAG_CACHE_MAX_ORDER;
	struct page *page = alloc_pages((gfp & ~__GFP_DIRECT_RECLAIM) |
						__GFP_COMP | __GFP_NOWARN,
					order);

	if (!page) {
		order = get_order(bytes);
		page = alloc_pages(gfp | __GFP_COMP, order);
	}
	if (!page)
		return false;
	cache->va = page_address(page);
	cache->size = PAGE_SIZE << order;
	cache->offset = 0;
	cache->pagecnt_bias = 1; /* the cache's own reference */
	cache->pfmemalloc = false;
	return true;
}

void *__page_frag_alloc_align(struct page_frag_cache *cache, unsigned int bytes,
			      gfp_t gfp, unsigned int align_mask)
{
	unsigned int start = (cache->offset + ~align_mask) & align_mask;

	if (unlikely(cache->va && start + bytes > cache->size)) {
		start = 0;
		if (page_count(virt_to_head_page(cache->va)) > 1)
			cache_leave(cache);
	}
	if (unlikely(!cache->va)) {
		start = 0;
		if (!cache_refill(cache, bytes, gfp))
			return NULL;
	}
	if (unlikely(bytes > cache->size))
		return NULL;
	get_page(virt_to_head_page(cache->va));
	cache->offset = start + bytes;
	return cache->va + start;
}
DDE_EMULATED(__page_frag_alloc_align);

void page_frag_free(void *piece)
{
	put_page(virt_to_head_page(piece));
}
DDE_EMULATED(page_frag_free);

void page_frag_cache_drain(struct page_frag_cache *cache)
{
	cache_leave(cache);
}
DDE_EMULATED(page_frag_cache_drain);

/* For drivers that take many references at once and give them back so. */
void __page_frag_cache_drain(struct page *page, unsigned int count)
{
	if (page_ref_sub_and_test(page, count))
		__folio_put(page_folio(page));
}
DDE_EMULATED(__page_frag_cache_drain);
