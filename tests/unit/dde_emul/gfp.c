// SPDX-License-Identifier: BSD-2-Clause
/*
 * gfp.c - what allocation flags promise, alignments that drivers count on, and
 * the corners of krealloc, object caches and vmalloc.
 */
#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/vmalloc.h>
#include <dde.h>
#include <dde_pages.h>
#include "check.h"

static unsigned int constructed;
static void *from_timer;
static LIST_HEAD(taken);

/* Objects of each size, several at once, so that not only the first fits. */
static void alignment(void)
{
	static const size_t sizes[] = { 1, 8, 64, 96, 192, 200, 256, 2048 };
	void *object[5];
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		size_t natural = is_power_of_2(sizes[i]) ? sizes[i] : 1;

		for (j = 0; j < ARRAY_SIZE(object); j++) {
			object[j] = kmalloc(sizes[i], GFP_KERNEL);
			CHECK(IS_ALIGNED((unsigned long)object[j], natural));
			CHECK(IS_ALIGNED((unsigned long)object[j],
					 ARCH_KMALLOC_MINALIGN));
			CHECK(IS_ALIGNED((unsigned long)object[j],
					 dma_get_cache_alignment()));
		}
		while (j)
			kfree(object[--j]);
	}
}

/* Memory that others have written is zero when it is asked to be. */
static void zeroed(void)
{
	unsigned int order;
	size_t bytes;

	for (bytes = 8; bytes <= 16384; bytes *= 2) {
		char *dirty = kmalloc(bytes, GFP_KERNEL), *clean;

		memset(dirty, 0xff, bytes);
		kfree(dirty);
		clean = kmalloc(bytes, GFP_ATOMIC | __GFP_ZERO);
		CHECK(clean && !memchr_inv(clean, 0, bytes));
		kfree(clean);
	}
	for (order = 0; order < 3; order++) {
		unsigned long pages = __get_free_pages(GFP_KERNEL, order);

		memset((void *)pages, 0xff, PAGE_SIZE << order);
		free_pages(pages, order);
		pages = __get_free_pages(GFP_KERNEL | __GFP_ZERO, order);
		CHECK(!memchr_inv((void *)pages, 0, PAGE_SIZE << order));
		free_pages(pages, order);
	}
}

static void timer_allocates(struct timer_list *timer)
{
	from_timer = kmalloc(300, GFP_ATOMIC);
}

/* In the loop, which must not sleep: given or refused at once. */
static void atomic(void)
{
	struct timer_list timer;
	void *all = check_memory_take();

	timer_setup_on_stack(&timer, timer_allocates, 0);
	from_timer = &timer;
	mod_timer(&timer, jiffies + 1);
	while (timer_pending(&timer))
		schedule_timeout_uninterruptible(1);
	CHECK(!from_timer);
	check_memory_give(all);
	mod_timer(&timer, jiffies + 1);
	while (timer_pending(&timer))
		schedule_timeout_uninterruptible(1);
	CHECK(from_timer);
	kfree(from_timer);
	destroy_timer_on_stack(&timer);
}

/* Said once, with how much; not at all to those who can do without. */
static void refused(void)
{
	void *all = check_memory_take();

	fake_log_clear();
	CHECK(!kmalloc(3000, GFP_KERNEL | __GFP_NOWARN));
	CHECK(!alloc_page(GFP_KERNEL | __GFP_NOWARN));
	CHECK(!*fake_log);
	check_memory_give(all);
	CHECK(!kmalloc(ARENA_BYTES * 2, GFP_KERNEL));
}

/* A caller that does not look must not get NULL: the process ends. */
static void must_not_fail(void)
{
	void *all = check_memory_take();

	fake_log_clear();
	CHECK(CHECK_ENDS(kmalloc(100, GFP_KERNEL | __GFP_NOFAIL)));
	CHECK(strstr(fake_log, "must not fail"));
	CHECK(CHECK_ENDS(kmalloc(3000, GFP_KERNEL | __GFP_NOFAIL)));
	CHECK(CHECK_ENDS(alloc_page(GFP_KERNEL | __GFP_NOFAIL)));
	check_memory_give(all);
	CHECK(!CHECK_ENDS(kfree(kmalloc(100, GFP_KERNEL | __GFP_NOFAIL))));
}

static void reallocation(void)
{
	char *object = kzalloc(64, GFP_KERNEL), *same;
	void *all;

	memset(object, 0x5a, 64);
	same = krealloc(object, 10, GFP_KERNEL | __GFP_ZERO);
	CHECK(same == object && object[9] == 0x5a);
	CHECK(!memchr_inv(object + 10, 0, 54));
	object = krealloc(object, 200, GFP_KERNEL | __GFP_ZERO);
	CHECK(object[9] == 0x5a && !memchr_inv(object + 10, 0, 190));
	all = check_memory_take();
	CHECK(!krealloc(object, 9000, GFP_KERNEL));
	check_memory_give(all);
	CHECK(object[9] == 0x5a && object[10] == 0);
	CHECK(!krealloc_array(object, SIZE_MAX / 2, 4, GFP_KERNEL));
	kfree(object);
	CHECK(!kmalloc_array(SIZE_MAX / 2, 4, GFP_KERNEL));
	CHECK(!kcalloc(ARENA_BYTES, 2, GFP_KERNEL));
}

static void construct(void *object)
{
	memset(object, 0xc3, 3000);
	constructed++;
}

/* Also objects that are whole pages are constructed. */
static void caches(void)
{
	struct kmem_cache *large = kmem_cache_create("large", 3000, 0, 0,
						     construct);
	struct kmem_cache *line = kmem_cache_create("line", 40, 0,
						    SLAB_HWCACHE_ALIGN, NULL);
	void *one = kmem_cache_alloc(line, GFP_KERNEL);
	void *two = kmem_cache_zalloc(line, GFP_KERNEL);
	void *object = kmem_cache_alloc(large, GFP_KERNEL), *all;

	CHECK(IS_ALIGNED((unsigned long)one, cache_line_size()));
	CHECK(IS_ALIGNED((unsigned long)two, cache_line_size()) && one != two);
	CHECK(object && constructed && !memchr_inv(object, 0xc3, 3000));
	kmem_cache_free(large, object);
	all = check_memory_take();
	CHECK(!kmem_cache_alloc(large, GFP_KERNEL));
	check_memory_give(all);
	kmem_cache_free(line, two);
	kmem_cache_free(line, one);
	kmem_cache_destroy(line);
	kmem_cache_destroy(large);
}

/* Whole pages, as drivers that map them piece by piece expect. */
static void virtual(void)
{
	void *small = vmalloc(100), *other = vzalloc(5000), *all;

	CHECK(PAGE_ALIGNED(small) && PAGE_ALIGNED(other));
	CHECK(!vmalloc(0));
	vfree_atomic(other);
	other = vmalloc_32(100); /* the second of this size */
	CHECK(PAGE_ALIGNED(other));
	vfree(other);
	all = check_memory_take();
	CHECK(!vmalloc(100) && !kvmalloc(9000, GFP_KERNEL));
	check_memory_give(all);
	vfree(small);
	other = kvmalloc(9000, GFP_KERNEL);
	CHECK(other);
	kvfree(other);
}

/* Pages in an array or on a list; fewer, when memory is short. */
static void in_bulk(void)
{
	struct page *page[4] = { NULL, alloc_page(GFP_KERNEL) },
		    *kept = page[1];
	struct page *each, *next;
	LIST_HEAD(list);
	unsigned int i, n = 0;
	void *all;

	CHECK(alloc_pages_bulk_array(GFP_KERNEL, 4, page) == 4);
	CHECK(page[1] == kept && page[0] && page[2] && page[3]);
	CHECK(page[0] != kept && page[2] != page[3]);
	for (i = 0; i < 4; i++)
		__free_page(page[i]);
	CHECK(alloc_pages_bulk_list(GFP_KERNEL, 3, &list) == 3);
	list_for_each_entry_safe (each, next, &list, lru) {
		__free_page(each);
		n++;
	}
	CHECK(n == 3);
	all = check_memory_take();
	page[0] = NULL;
	CHECK(alloc_pages_bulk_array(GFP_KERNEL, 1, page) == 0 && !page[0]);
	check_memory_give(all);
}

static void freed_wrongly(void)
{
	char *pages = kmalloc(9000, GFP_KERNEL);
	static char stranger[64];

	CHECK(CHECK_ENDS(kfree(stranger)));
	CHECK(strstr(fake_log, "not heap memory"));
	CHECK(CHECK_ENDS(kfree(pages + 64)));
	CHECK(strstr(fake_log, "inside an allocation"));
	kfree(pages);
	CHECK(CHECK_ENDS(kfree(pages)));
}

/* Freed twice a page would have two owners; also one that waits at hand. */
static void freed_twice(void)
{
	struct page *page = alloc_page(GFP_KERNEL);
	void *exact = alloc_pages_exact(PAGE_SIZE, GFP_KERNEL);
	void *object = kmalloc(PAGE_SIZE, GFP_KERNEL);

	__free_page(page);
	CHECK(CHECK_ENDS(__free_page(page)));
	CHECK(strstr(fake_log, "freed that were not allocated"));
	free_pages_exact(exact, PAGE_SIZE);
	CHECK(CHECK_ENDS(free_pages_exact(exact, PAGE_SIZE)));
	kfree(object);
	CHECK(CHECK_ENDS(kfree(object)));
	page = alloc_page(GFP_KERNEL); /* so that one more could be at hand */
	dde_pages_lend(LENT_BUS, LENT_BYTES, true);
	CHECK(CHECK_ENDS(free_page((unsigned long)__va(LENT_BUS))));
	dde_pages_lend(LENT_BUS, LENT_BYTES, false);
	__free_page(page);
}

static unsigned int pages_taken(gfp_t gfp)
{
	struct page *page;
	unsigned int n = 0;

	while ((page = alloc_page(gfp | __GFP_NOWARN))) {
		list_add(&page->lru, &taken);
		n++;
	}
	return n;
}

/* A part is for who cannot wait, all of it for who may use reserves. */
static void reserve(void)
{
	struct page *page, *next;
	unsigned int kept = ARENA_BYTES / PAGE_SIZE / 16;

	CHECK(gfp_pfmemalloc_allowed(__GFP_MEMALLOC));
	CHECK(!gfp_pfmemalloc_allowed(GFP_ATOMIC));
	CHECK(pages_taken(GFP_NOWAIT) > 0);
	CHECK(pages_taken(GFP_ATOMIC) == kept / 2);
	CHECK(pages_taken(GFP_ATOMIC | __GFP_MEMALLOC | __GFP_NOMEMALLOC) == 0);
	CHECK(pages_taken(GFP_ATOMIC | __GFP_MEMALLOC) == kept - kept / 2);
	CHECK(pages_taken(GFP_NOWAIT | __GFP_MEMALLOC) == 0);
	list_for_each_entry_safe (page, next, &taken, lru)
		__free_page(page);
	INIT_LIST_HEAD(&taken);
}

static void timer_frees(struct timer_list *timer)
{
	check_memory_give(from_timer);
}

/* Who may sleep gets what is freed a moment later; others are refused. */
static void waited_for(void)
{
	struct timer_list timer;
	void *object;

	timer_setup_on_stack(&timer, timer_frees, 0);
	from_timer = check_memory_take();
	mod_timer(&timer, jiffies + 1);
	CHECK(!kmalloc(5000, GFP_NOWAIT));
	CHECK(!kmalloc(5000, GFP_KERNEL | __GFP_NORETRY));
	CHECK(timer_pending(&timer));
	object = kmalloc(5000, GFP_KERNEL);
	CHECK(object && !timer_pending(&timer));
	kfree(object);
	destroy_timer_on_stack(&timer);
}

/* dde.fail_alloc=K: the K-th object or page, and no other. */
static void refused_on_purpose(void)
{
	struct kmem_cache *cache = kmem_cache_create("refused", 100, 0, 0,
						     NULL);
	unsigned int left = check_pages_left();
	void *first, *third;

	CHECK(dde_fail_word("many"));
	CHECK(!dde_fail_word("2"));
	first = kmem_cache_alloc(cache, GFP_KERNEL);
	CHECK(first && !kmem_cache_alloc(cache, GFP_KERNEL));
	CHECK(strstr(fake_log, "refused on purpose"));
	third = kmem_cache_alloc(cache, GFP_KERNEL);
	CHECK(third && virt_to_page(third) != virt_to_page(first));
	CHECK(!dde_fail_word("1"));
	CHECK(!alloc_page(GFP_KERNEL));
	kmem_cache_free(cache, first);
	kmem_cache_free(cache, third);
	CHECK(!dde_fail_word("0"));
	CHECK(check_pages_left() == left);
	kmem_cache_destroy(cache);
}

static void check_gfp(void)
{
	refused_on_purpose();
	alignment();
	zeroed();
	atomic();
	refused();
	must_not_fail();
	reallocation();
	caches();
	virtual();
	in_bulk();
	freed_wrongly();
	freed_twice();
	reserve();
	waited_for();
}
CHECK_GROUP(gfp);
