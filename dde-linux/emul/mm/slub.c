// SPDX-License-Identifier: GPL-2.0-only
/*
 * slub.c - kmalloc and object caches over arena pages.
 *
 * Stands for mm/slub.c. A cache cuts whole pages into
 * objects of one size and keeps the free ones in one list, newest first, so
 * that the usual pair of alloc and free costs some twenty instructions. Sizes
 * are Linux's: powers of two from 8, and 96 and 192; powers of two are aligned
 * to their size. Larger requests are whole pages.
 *
 * struct page of a slab page: `private` is the cache; `index` is 0, but while
 * cache_shrink counts. Empty pages go back only when the arena is used up.
 * No red zones and no poisoning; freeing what kmalloc never gave is fatal.
 */
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <dde.h>
#include <dde_pages.h>

#define SLAB_SIZE_MAX  2048 /* larger objects are whole pages */
#define KMALLOC_CACHES (KMALLOC_SHIFT_HIGH + 1)

struct kmem_cache {
	void *free;	     /* list through the free objects */
	void *aside;	     /* another one: dde_slab_swap */
	unsigned int size;   /* as asked for */
	unsigned int stride; /* from object to object */
	unsigned int link;   /* offset of the list's pointer */
	void (*ctor)(void *object);
	const char *name;
	struct kmem_cache *next; /* all caches */
};

kmem_buckets kmalloc_caches[NR_KMALLOC_TYPES];
DDE_EMULATED(kmalloc_caches);

static struct kmem_cache general[KMALLOC_CACHES];
static struct kmem_cache *all_caches;

/* Cache number for sizes up to 192, by (size - 1) / 8; see kmalloc_index(). */
static const u8 small_index[24] = {
	3, 4, 5, 5, 6, 6, 6, 6, 1, 1, 1, 1, 7, 7, 7, 7, 2, 2, 2, 2, 2, 2, 2, 2,
};

/* PageSlab() without the detour for compound pages, which nobody makes here. */
static bool page_is_slab(const struct page *page)
{
	return page->page_type >> 24 == PGTY_slab;
}

/* Where a free object keeps its place in the list. */
static void **link_of(const struct kmem_cache *cache, void *object)
{
	return object + cache->link;
}

/*
 * Natural alignment of powers of two follows from the stride: pages are
 * aligned, and the stride then divides them evenly.
 */
static void cache_setup(struct kmem_cache *cache, const char *name,
			unsigned int size, unsigned int align,
			void (*ctor)(void *))
{
	/* With a constructor a free object keeps its contents. */
	cache->link = ctor ? ALIGN(size, sizeof(void *)) : 0;
	cache->stride = ALIGN(ctor ? cache->link + sizeof(void *) : size,
			      max_t(unsigned int, align, sizeof(void *)));
	cache->size = size;
	cache->ctor = ctor;
	cache->name = name;
	cache->next = all_caches;
	all_caches = cache;
}

void dde_slab_init(void)
{
	unsigned int type;
	unsigned int i;

	for (i = 1; i < KMALLOC_CACHES; i++) {
		unsigned int size = i == 1 ? 96 : i == 2 ? 192 : 1u << i;

		cache_setup(&general[i], "kmalloc", size, 8, NULL);
		for (type = 0; type < NR_KMALLOC_TYPES; type++)
			kmalloc_caches[type][i] = &general[i];
	}
}

/* Put every object of a fresh page on the free list, lowest address first. */
static void cache_add_page(struct kmem_cache *cache, void *address)
{
	unsigned int offset = rounddown(PAGE_SIZE, cache->stride);

	while (offset) {
		void *object = address + (offset -= cache->stride);

		if (cache->ctor)
			cache->ctor(object);
		*link_of(cache, object) = cache->free;
		cache->free = object;
	}
}

/* An object alone, which kfree takes for a large one, so that each is counted. */
static void cache_add_one(struct kmem_cache *cache, void *address)
{
	if (cache->ctor)
		cache->ctor(address);
	set_page_count(virt_to_page(address), 1);
	*link_of(cache, address) = NULL;
	cache->free = address;
}

/* One page at a time: an arena is small, and so is a driver's need. */
static bool cache_grow(struct kmem_cache *cache, gfp_t gfp)
{
	void *address = dde_page_take(gfp);
	struct page *page;

	if (!address)
		return false;
	if (unlikely(dde_fail_counts)) {
		cache_add_one(cache, address);
		return true;
	}
	page = virt_to_page(address);
	__folio_set_slab(page_folio(page));
	set_page_count(page, 1);
	page->private = (unsigned long)cache;
	page->index = 0;
	cache_add_page(cache, address);
	return true;
}

static void cache_drop_page(struct page *page)
{
	__folio_clear_slab(page_folio(page));
	set_page_count(page, 0);
	page->index = 0;
	dde_pages_give(page_address(page), 1);
}

static void cache_count_free(struct kmem_cache *cache)
{
	void *object;

	for (object = cache->free; object; object = *link_of(cache, object))
		virt_to_page(object)->index++;
}

/*
 * Give back the pages all of whose objects are free. Pass 1 counts the free
 * objects of each page. Pass 2 unlinks those of full pages, counting on, so
 * that the last one of a page is known; of other pages it resets the count.
 */
static bool cache_shrink(struct kmem_cache *cache)
{
	unsigned int per_page = PAGE_SIZE / cache->stride;
	void **link = &cache->free;
	bool freed = false;

	cache_count_free(cache);
	while (*link) {
		void *object = *link;
		struct page *page = virt_to_page(object);

		if (page->index < per_page) {
			page->index = 0;
			link = link_of(cache, object);
			continue;
		}
		*link = *link_of(cache, object);
		if (++page->index == 2 * per_page) {
			cache_drop_page(page);
			freed = true;
		}
	}
	return freed;
}

void dde_slab_swap(void)
{
	struct kmem_cache *cache;

	for (cache = all_caches; cache; cache = cache->next)
		swap(cache->free, cache->aside);
}

/* Called when the arena is used up; slow, and rare. */
bool dde_slab_shrink(void)
{
	struct kmem_cache *cache;
	bool freed = false;

	for (cache = all_caches; cache; cache = cache->next) {
		if (cache->stride <= SLAB_SIZE_MAX)
			freed |= cache_shrink(cache);
	}
	return freed;
}

/* The hot path: a load, a load, a store. */
static __always_inline void *cache_take(struct kmem_cache *cache, gfp_t gfp)
{
	void *object = cache->free;

	if (unlikely(!object)) {
		if (!cache_grow(cache, gfp))
			return NULL;
		object = cache->free;
	}
	cache->free = *link_of(cache, object);
	if (unlikely(gfp & __GFP_ZERO))
		memset(object, 0, cache->size);
	return object;
}

static __always_inline void cache_give(struct kmem_cache *cache, void *object)
{
	*link_of(cache, object) = cache->free;
	cache->free = object;
}

void *__kmalloc_large_noprof(size_t bytes, gfp_t gfp)
{
	return alloc_pages_exact_noprof(bytes, gfp);
}
DDE_EMULATED(__kmalloc_large_noprof);

/*
 * The same choice as kmalloc_index(), which the compiler makes for sizes it
 * knows.
 */
static __always_inline struct kmem_cache *cache_for(size_t bytes)
{
	if (bytes <= 192)
		return &general[small_index[(bytes - 1) / 8]];
	return &general[fls_long(bytes - 1)];
}

void *__kmalloc_noprof(size_t bytes, gfp_t gfp)
{
	if (unlikely(bytes > SLAB_SIZE_MAX))
		return __kmalloc_large_noprof(bytes, gfp);
	if (unlikely(!bytes))
		return ZERO_SIZE_PTR;
	return cache_take(cache_for(bytes), gfp);
}
DDE_EMULATED(__kmalloc_noprof);

void *__kmalloc_node_noprof(size_t bytes, gfp_t gfp, int node)
{
	return __kmalloc_noprof(bytes, gfp);
}
DDE_EMULATED(__kmalloc_node_noprof);

void *__kmalloc_node_track_caller_noprof(size_t bytes, gfp_t gfp, int node,
					 unsigned long caller)
{
	return __kmalloc_noprof(bytes, gfp);
}
DDE_EMULATED(__kmalloc_node_track_caller_noprof);

/* Not kept when it is freed, so constructed each time. */
static void *cache_take_large(struct kmem_cache *cache, gfp_t gfp)
{
	void *object = __kmalloc_large_noprof(cache->size, gfp);

	if (object && cache->ctor)
		cache->ctor(object);
	return object;
}

void *kmem_cache_alloc_noprof(struct kmem_cache *cache, gfp_t gfp)
{
	if (unlikely(cache->stride > SLAB_SIZE_MAX))
		return cache_take_large(cache, gfp);
	return cache_take(cache, gfp);
}
DDE_EMULATED(kmem_cache_alloc_noprof);

void *kmem_cache_alloc_lru_noprof(struct kmem_cache *cache,
				  struct list_lru *lru, gfp_t gfp)
{
	return kmem_cache_alloc_noprof(cache, gfp);
}
DDE_EMULATED(kmem_cache_alloc_lru_noprof);

void *kmem_cache_alloc_node_noprof(struct kmem_cache *cache, gfp_t gfp,
				   int node)
{
	return kmem_cache_alloc_noprof(cache, gfp);
}
DDE_EMULATED(kmem_cache_alloc_node_noprof);

void *__kmalloc_cache_noprof(struct kmem_cache *cache, gfp_t gfp, size_t bytes)
{
	return kmem_cache_alloc_noprof(cache, gfp);
}
DDE_EMULATED(__kmalloc_cache_noprof);

void *__kmalloc_cache_node_noprof(struct kmem_cache *cache, gfp_t gfp, int node,
				  size_t bytes)
{
	return kmem_cache_alloc_noprof(cache, gfp);
}
DDE_EMULATED(__kmalloc_cache_node_noprof);

/* Whole pages: `private` of the first one says how many. */
static void large_free(void *object)
{
	unsigned int pages = virt_to_page(object)->private;

	if (offset_in_page(object) || !pages)
		dde_fatal("kfree of %px, which is inside an allocation",
			  object);
	free_pages_exact(object, pages * PAGE_SIZE);
}

/**
 * kfree - free what kmalloc, or a cache, has given.
 *
 * The page tells which: no size is needed. An address that was never given ends
 * the process at once, with that address in the log.
 */
void kfree(const void *given)
{
	void *object = (void *)given;
	struct page *page;

	if (unlikely(ZERO_OR_NULL_PTR(object)))
		return;
	if (unlikely(!dde_pages_own(object)))
		dde_fatal("kfree of %px, which is not heap memory", object);
	page = virt_to_page(object);
	if (likely(page_is_slab(page)))
		cache_give((struct kmem_cache *)page->private, object);
	else
		large_free(object);
}
DDE_EMULATED(kfree);

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	kfree(object);
}
DDE_EMULATED(kmem_cache_free);

/* All or nothing. Return: @count, or 0. */
int kmem_cache_alloc_bulk_noprof(struct kmem_cache *cache, gfp_t gfp,
				 size_t count, void **objects)
{
	size_t i;

	for (i = 0; i < count; i++) {
		objects[i] = kmem_cache_alloc_noprof(cache, gfp);
		if (!objects[i]) {
			kmem_cache_free_bulk(cache, i, objects);
			return 0;
		}
	}
	return count;
}
DDE_EMULATED(kmem_cache_alloc_bulk_noprof);

void kmem_cache_free_bulk(struct kmem_cache *cache, size_t count,
			  void **objects)
{
	while (count)
		kfree(objects[--count]);
}
DDE_EMULATED(kmem_cache_free_bulk);

unsigned int kmem_cache_size(struct kmem_cache *cache)
{
	return cache->size;
}
DDE_EMULATED(kmem_cache_size);

size_t ksize(const void *object)
{
	struct page *page;

	if (ZERO_OR_NULL_PTR(object))
		return 0;
	page = virt_to_page(object);
	if (page_is_slab(page))
		return ((struct kmem_cache *)page->private)->size;
	return page->private * PAGE_SIZE;
}
DDE_EMULATED(ksize);

size_t kmalloc_size_roundup(size_t bytes)
{
	if (!bytes)
		return 0;
	return bytes > SLAB_SIZE_MAX ? PAGE_ALIGN(bytes) :
				       cache_for(bytes)->size;
}
DDE_EMULATED(kmalloc_size_roundup);

struct kmem_cache *__kmem_cache_create_args(const char *name, unsigned int size,
					    struct kmem_cache_args *args,
					    slab_flags_t flags)
{
	struct kmem_cache *cache = kzalloc(sizeof(*cache), GFP_KERNEL);
	unsigned int align = args->align;

	if (!cache) {
		if (flags & SLAB_PANIC)
			panic("no memory for cache %s", name);
		return NULL;
	}
	if (flags & SLAB_HWCACHE_ALIGN)
		align = max_t(unsigned int, align, cache_line_size());
	cache_setup(cache, name, size, align, args->ctor);
	return cache;
}
DDE_EMULATED(__kmem_cache_create_args);

/* Pages with objects still in use stay taken: that is the driver's leak. */
void kmem_cache_destroy(struct kmem_cache *cache)
{
	struct kmem_cache **link = &all_caches;

	if (!cache)
		return;
	cache_shrink(cache);
	while (*link != cache)
		link = &(*link)->next;
	*link = cache->next;
	kfree(cache);
}
DDE_EMULATED(kmem_cache_destroy);
