// SPDX-License-Identifier: BSD-2-Clause
/*
 * memory.c - kmalloc, caches and pages: sizes, alignment, exhaustion, reuse.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "check.h"

#define MANY 4096

static void *held[MANY];

static void sizes_and_alignment(void)
{
	size_t bytes;

	for (bytes = 1; bytes <= 20000; bytes += bytes / 7 + 1) {
		char *object = kmalloc(bytes, GFP_KERNEL);

		CHECK(object && ksize(object) >= bytes);
		if (is_power_of_2(bytes))
			CHECK(IS_ALIGNED((unsigned long)object,
					 min_t(size_t, bytes, PAGE_SIZE)));
		CHECK(IS_ALIGNED((unsigned long)object, ARCH_KMALLOC_MINALIGN));
		memset(object, 0x5a, bytes);
		kfree(object);
		object = kzalloc(bytes, GFP_KERNEL);
		CHECK(object && !memchr_inv(object, 0, bytes));
		kfree(object);
	}
	CHECK(kmalloc(0, GFP_KERNEL) == ZERO_SIZE_PTR);
	kfree(ZERO_SIZE_PTR);
	kfree(NULL);
}

static unsigned int take_all(size_t bytes)
{
	unsigned int count = 0;

	while (count < MANY && (held[count] = kmalloc(bytes, GFP_KERNEL)))
		count++;
	return count;
}

static void give_all(unsigned int count)
{
	while (count)
		kfree(held[--count]);
}

/* Used up in one size, the memory must come back for every other size. */
static void exhaustion(void)
{
	static const size_t sizes[] = { 64, 2048, 192, 4096, 512, 16384 };
	unsigned int first = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		unsigned int count = take_all(sizes[i]);

		CHECK(count > 0 && count < MANY);
		CHECK(count * sizes[i] > ARENA_BYTES / 3);
		if (!first)
			first = count;
		give_all(count);
	}
	CHECK(take_all(sizes[0]) >= first - 1);
	give_all(first - 1);
	kfree(held[first - 1]);
}

static void reallocation(void)
{
	char *object = kmalloc(20, GFP_KERNEL);

	strcpy(object, "kept by krealloc");
	object = krealloc(object, 3000, GFP_KERNEL);
	CHECK(object && !strcmp(object, "kept by krealloc"));
	CHECK(krealloc(object, 0, GFP_KERNEL) == ZERO_SIZE_PTR);
	CHECK(krealloc(NULL, 10, GFP_KERNEL) != NULL);
}

static void construct(void *object)
{
	*(unsigned long *)object = 0xc0ffee;
}

static void caches(void)
{
	struct kmem_cache *cache = kmem_cache_create("check", 40, 64, 0,
						     construct);
	unsigned long *object = kmem_cache_alloc(cache, GFP_KERNEL);

	CHECK(IS_ALIGNED((unsigned long)object, 64));
	CHECK(object && *object == 0xc0ffee);
	kmem_cache_free(cache, object);
	CHECK(kmem_cache_alloc(cache, GFP_KERNEL) == object);
	CHECK(*object == 0xc0ffee);
	kmem_cache_free(cache, object);
	CHECK(kmem_cache_alloc_lru(cache, NULL, GFP_KERNEL) == object);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

/* All pages of a cache come back with its end. */
static void cache_goes(void)
{
	struct kmem_cache *cache = kmem_cache_create("gone", 500, 0, 0, NULL);
	unsigned int before = check_pages_left(), i;

	for (i = 0; i < 100; i++)
		held[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	CHECK(check_pages_left() <= before - 100 * 500 / PAGE_SIZE);
	for (i = 0; i < 100; i++)
		kmem_cache_free(cache, held[i]);
	kmem_cache_destroy(cache);
	CHECK(check_pages_left() >= before);
}

static void pages(void)
{
	unsigned int order;

	for (order = 0; order < 4; order++) {
		struct page *page = alloc_pages(GFP_KERNEL, order);

		CHECK(page && page_count(page) == 1);
		CHECK(IS_ALIGNED(page_to_phys(page), PAGE_SIZE << order));
		get_page(page);
		__free_pages(page, order);
		CHECK(page_count(page) == 1);
		__free_pages(page, order);
		CHECK(page_count(page) == 0);
	}
	CHECK(!alloc_pages(GFP_KERNEL, 9));
}

/* As many as there are, freed again. */
static unsigned int count_blocks(unsigned int order)
{
	unsigned int count = 0;
	unsigned int i;

	while (count < MANY && (held[count] = alloc_pages(GFP_NOWAIT, order)))
		count++;
	for (i = 0; i < count; i++)
		__free_pages(held[i], order);
	return count;
}

/* Single pages that were kept at hand must not keep larger blocks apart. */
static void pages_together(void)
{
	unsigned int before = count_blocks(3);

	CHECK(count_blocks(0) >= 8 * before);
	CHECK(before > 0 && count_blocks(3) == before);
}

/* Every size, the reserve too, largest first; each piece points at the one before it. */
void *check_memory_take(void)
{
	static const size_t sizes[] = { 4096, 2048, 1024, 512, 256, 192,
					128,  96,   64,	  32,  16,  8 };
	void *last = NULL, **piece;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		while ((piece = kmalloc(sizes[i], GFP_NOWAIT | __GFP_NOWARN |
							  __GFP_MEMALLOC))) {
			*piece = last;
			last = piece;
		}
	}
	return last;
}

unsigned int check_pages_left(void)
{
	void *last = NULL, **page;
	unsigned int count = 0;

	while ((page = (void *)__get_free_page(GFP_NOWAIT | __GFP_NOWARN))) {
		*page = last;
		last = page;
		count++;
	}
	while (last) {
		page = last;
		last = *page;
		free_page((unsigned long)page);
	}
	return count;
}

void check_memory_give(void *last)
{
	void *before;

	for (; last; last = before) {
		before = *(void **)last;
		kfree(last);
	}
}

static void check_memory(void)
{
	sizes_and_alignment();
	exhaustion();
	reallocation();
	caches();
	cache_goes();
	pages();
	pages_together();
}
CHECK_GROUP(memory);
