// SPDX-License-Identifier: GPL-2.0-only
/*
 * page_alloc.c - pages from the DMA arena.
 *
 * Stands for mm/page_alloc.c. A driver process owns one contiguous arena; all
 * of Linux's memory comes from it, so everything allocated can be shown to the
 * device. A bitmap with first fit replaces the buddy system: an arena has a few
 * hundred pages. A request for 2^n pages is aligned to its size, as Linux does.
 * A few freed single pages wait in a stack, as in Linux's per-CPU lists: network
 * drivers take and free one with each few frames.
 *
 * struct page of arena pages: _refcount counts holders; in the first page of
 * an allocation `private` holds its number of pages (slab pages: the cache).
 * Pages lent by clients have struct pages too while their channel is open.
 */
#include <linux/bitmap.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/page_ref.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include <kit.h>
#include <dde.h>
#include <dde_pages.h>

#define ARENA_PAGES_MAX 4096 /* 16 MiB */
#define LENT_MAX	32   /* one region for each channel */
#define SPARE_MAX	8    /* free single pages at hand */
#define RESERVE_PART	16   /* of the arena, for __GFP_MEMALLOC */

_Static_assert(PAGE_OFFSET == KIT_DMA_BASE, "memory map");
_Static_assert(KAAL_META_BASE == KIT_META_BASE, "memory map");

static DECLARE_BITMAP(used_pages, ARENA_PAGES_MAX);
unsigned long dde_arena_vaddr;
unsigned long dde_arena_bytes;
static unsigned int arena_pages;
static unsigned int arena_free;	  /* pages whose bits are clear */
static unsigned int arena_top;	  /* pages up to the highest ever used */
static unsigned long *arena_peak; /* the same in KiB, for make quotas */
static bool exhausted;		  /* some allocation has failed */
static void *spare[SPARE_MAX];	  /* their bits in used_pages are set */
static unsigned int n_spare;

static struct {
	phys_addr_t bus;
	size_t bytes; /* 0: free slot */
} lent[LENT_MAX];

/* A free page: no holder, no type (-1), all else zero. */
static void page_init(struct page *page, int count)
{
	memset(page, 0, sizeof(*page));
	atomic_set(&page->_mapcount, -1);
	set_page_count(page, count);
}

/*
 * The metadata pages come from the broker, zeroed; their size is a number in
 * the manifest, so a mismatch is the manifest's mistake.
 */
int dde_pages_init(void)
{
	const struct kit_device *device = kit_device();
	unsigned int i;

	if (device->page_meta_bytes != sizeof(struct page)) {
		pr_err("manifest: meta_bytes is %u, this driver needs %zu\n",
		       device->page_meta_bytes, sizeof(struct page));
		return -EINVAL;
	}
	dde_arena_vaddr = device->arena_vaddr;
	arena_pages = min(device->arena_bytes >> PAGE_SHIFT,
			  (unsigned long)ARENA_PAGES_MAX);
	arena_free = arena_pages;
	dde_arena_bytes = (unsigned long)arena_pages << PAGE_SHIFT;
	arena_peak = kit_counter(KIT_COUNTER_GAUGE, "arena peak KiB");
	for (i = 0; i < arena_pages; i++)
		page_init(pfn_to_page(PFN_DOWN(__pa(dde_arena_vaddr)) + i), 0);
	return 0;
}

phys_addr_t dde_pages_last_bus(void)
{
	return __pa(dde_arena_vaddr) + dde_arena_bytes - 1;
}

/* Unsigned differences: an address below the start wraps to a huge offset. */
bool dde_pages_visible(phys_addr_t bus, size_t bytes)
{
	phys_addr_t start = __pa(dde_arena_vaddr);
	unsigned int i;

	if (bus - start < dde_arena_bytes)
		return bus + bytes - 1 <= dde_pages_last_bus();
	for (i = 0; i < LENT_MAX; i++) {
		if (bus - lent[i].bus < lent[i].bytes)
			return bytes <= lent[i].bytes - (bus - lent[i].bus);
	}
	return false;
}

/* Remember or forget a region. Return: false if the table is full. */
static bool lent_set(phys_addr_t bus, size_t bytes, bool opened)
{
	unsigned int i;

	for (i = 0; i < LENT_MAX; i++) {
		bool found = opened ? !lent[i].bytes : lent[i].bus == bus;

		if (!found)
			continue;
		lent[i].bus = bus;
		lent[i].bytes = opened ? bytes : 0;
		return true;
	}
	return false;
}

/**
 * dde_pages_lend - a client's region appears or goes.
 * @bus: page-aligned start
 * @opened: true when its channel opens
 *
 * The region's pages stay the client's; Linux code only points at them.
 */
void dde_pages_lend(unsigned long bus, unsigned long bytes, bool opened)
{
	unsigned long pfn = bus >> PAGE_SHIFT;
	unsigned long end = (bus + bytes) >> PAGE_SHIFT;

	if (WARN_ON(!lent_set(bus, bytes, opened)) || !opened)
		return;
	/* One reference is the client's, so Linux code never frees the page. */
	for (; pfn < end; pfn++)
		page_init(pfn_to_page(pfn), 1);
}

bool gfp_pfmemalloc_allowed(gfp_t gfp)
{
	return (gfp & (__GFP_MEMALLOC | __GFP_NOMEMALLOC)) == __GFP_MEMALLOC;
}
DDE_EMULATED(gfp_pfmemalloc_allowed);

/*
 * Some drivers take all that they can get, for their receive ring. What is kept
 * from them is for stacks of workers and frames to send (__GFP_MEMALLOC), half
 * of it also for who cannot wait, as the heads of received frames.
 */
static bool arena_has(unsigned int pages, gfp_t gfp)
{
	unsigned int kept = arena_pages / RESERVE_PART;

	if (gfp_pfmemalloc_allowed(gfp))
		kept = 0;
	else if (gfp & __GFP_HIGH)
		kept /= 2;
	return pages + kept <= arena_free;
}

/*
 * Alignment is of the address, not of the place in the arena; the arena itself
 * need not be aligned.
 */
static void *arena_find(unsigned int pages, unsigned int align, gfp_t gfp)
{
	unsigned long base = dde_arena_vaddr >> PAGE_SHIFT;
	unsigned long index;

	if (!arena_has(pages, gfp))
		return NULL;
	index = bitmap_find_next_zero_area_off(used_pages, arena_pages, 0,
					       pages, align - 1, base);
	if (index >= arena_pages)
		return NULL;
	bitmap_set(used_pages, index, pages);
	arena_free -= pages;
	if (index + pages > arena_top) {
		arena_top = index + pages;
		*arena_peak = arena_top * (PAGE_SIZE / SZ_1K);
	}
	return (void *)(dde_arena_vaddr + (index << PAGE_SHIFT));
}

/* The pages at hand go back into the arena. Return: there were some. */
static bool spare_shrink(void)
{
	bool some = n_spare;

	while (n_spare)
		dde_pages_give(spare[--n_spare], 1);
	return some;
}

void dde_pages_tell(void)
{
	char name[64];

	if (!exhausted)
		return;
	strscpy(name, dde_driver_name);
	string_upper(name, name);
	pr_err("its %lu KiB of DMA memory were used up: set DDE_%s_DMA_KIB in drivers.config to more\n",
	       dde_arena_bytes / SZ_1K, name);
}

/* Said once; a caller that would not look at the answer gets none. */
static void arena_refuse(unsigned long bytes, gfp_t gfp)
{
	static bool said;

	exhausted = true;
	if (gfp & __GFP_NOFAIL)
		dde_fatal("%lu bytes that must not fail", bytes);
	if (said || gfp & __GFP_NOWARN)
		return;
	said = true;
	pr_warn("%lu bytes refused\n", bytes);
	dde_pages_tell();
}

/* As Linux's direct reclaim: who may sleep gives others a moment to free what
 * they hold, so that nobody who tries again at once does so without end. */
static bool arena_wait(gfp_t gfp)
{
	if (dde_in_loop() || !(gfp & __GFP_DIRECT_RECLAIM) ||
	    gfp & __GFP_NORETRY)
		return false;
	schedule_timeout_uninterruptible(1);
	return true;
}

/* Empty slab pages are given back only now, when somebody needs them. */
static void *arena_take(unsigned int pages, unsigned int align, gfp_t gfp)
{
	void *address;

	if (unlikely(dde_fail_counts) && dde_fail_now(gfp))
		return NULL;
	if (pages == 1 && n_spare)
		address = spare[--n_spare];
	else
		address = arena_find(pages, align, gfp);
	if (!address && (spare_shrink() | dde_slab_shrink()))
		address = arena_find(pages, align, gfp);
	if (!address && arena_wait(gfp))
		address = arena_find(pages, align, gfp);
	if (address)
		virt_to_page(address)->private = pages;
	else
		arena_refuse(pages * PAGE_SIZE, gfp);
	return address;
}

bool dde_pages_exhausted(void)
{
	return exhausted;
}

void *dde_page_take(gfp_t gfp)
{
	return arena_take(1, 1, gfp);
}

static void __noreturn pages_wrong(const void *address)
{
	dde_fatal("pages freed that were not allocated: %px", address);
}

/*
 * Checked, because a wrong free would hand out the same page twice and be found
 * much later, in another place.
 */
void dde_pages_give(void *address, unsigned int pages)
{
	unsigned long index = ((unsigned long)address - dde_arena_vaddr) >>
			      PAGE_SHIFT;

	if (index + pages > arena_pages ||
	    find_next_zero_bit(used_pages, index + pages, index) <
		    index + pages)
		pages_wrong(address);
	bitmap_clear(used_pages, index, pages);
	arena_free += pages;
}

/* Several pages with one reference count, which is the first one's. */
static void pages_compound(struct page *page, unsigned int pages)
{
	struct folio *folio = (struct folio *)page;
	unsigned int i;

	__SetPageHead(page);
	folio->_flags_1 = ilog2(pages);
	folio->_folio_nr_pages = pages;
	for (i = 1; i < pages; i++)
		set_compound_head(page + i, page);
}

static void pages_hold(void *address, unsigned int pages, gfp_t gfp)
{
	unsigned int i;

	for (i = 0; i < pages; i++)
		set_page_count(virt_to_page(address) + i, 1);
	if (gfp & __GFP_COMP && pages > 1)
		pages_compound(virt_to_page(address), pages);
	if (gfp & __GFP_ZERO)
		memset(address, 0, pages * PAGE_SIZE);
}

static void pages_release(void *address, unsigned int pages)
{
	struct page *page = virt_to_page(address);
	unsigned int i;

	if (PageHead(page)) {
		__ClearPageHead(page);
		page[1].flags = 0;
		for (i = 1; i < pages; i++)
			clear_compound_head(page + i);
	}
	for (i = 0; i < pages; i++)
		set_page_count(page + i, 0);
	if (pages == 1 && n_spare < SPARE_MAX && dde_pages_own(address))
		spare[n_spare++] = address;
	else
		dde_pages_give(address, pages);
}

struct page *__alloc_pages_noprof(gfp_t gfp, unsigned int order, int nid,
				  nodemask_t *nodes)
{
	void *address = arena_take(1u << order, 1u << order, gfp);

	if (!address)
		return NULL;
	pages_hold(address, 1u << order, gfp);
	return virt_to_page(address);
}
DDE_EMULATED(__alloc_pages_noprof);

/* Single pages, onto a list or into the empty places of an array. Return: how
 * many are there now, which may be less than was asked for. */
unsigned long alloc_pages_bulk_noprof(gfp_t gfp, int nid, nodemask_t *nodes,
				      int count, struct list_head *list,
				      struct page **array)
{
	struct page *page;
	int n;

	for (n = 0; n < count; n++) {
		if (array && array[n])
			continue;
		page = alloc_pages(gfp, 0);
		if (!page)
			break;
		if (list)
			list_add(&page->lru, list);
		else
			array[n] = page;
	}
	return n;
}
DDE_EMULATED(alloc_pages_bulk_noprof);

unsigned long get_free_pages_noprof(gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_pages(gfp, order);

	return page ? (unsigned long)page_address(page) : 0;
}
DDE_EMULATED(get_free_pages_noprof);

unsigned long get_zeroed_page_noprof(gfp_t gfp)
{
	return get_free_pages_noprof(gfp | __GFP_ZERO, 0);
}
DDE_EMULATED(get_zeroed_page_noprof);

/* Nobody frees what nobody holds: it may be the next one's already. */
static void held_check(struct page *page)
{
	if (page_count(page) <= 0)
		pages_wrong(page_address(page));
}

/* The last holder frees; others have taken their reference by get_page. */
void __free_pages(struct page *page, unsigned int order)
{
	held_check(page);
	if (put_page_testzero(page))
		pages_release(page_address(page), 1u << order);
}
DDE_EMULATED(__free_pages);

/* The last put_page() of a page, whose count is 0 by now. */
void __folio_put(struct folio *folio)
{
	pages_release(folio_address(folio), folio_nr_pages(folio));
}
DDE_EMULATED(__folio_put);

void free_pages(unsigned long address, unsigned int order)
{
	if (address)
		__free_pages(virt_to_page((void *)address), order);
}
DDE_EMULATED(free_pages);

/*
 * Only the pages needed, not the next power of two, which Linux would free
 * again at the tail.
 *
 * Whoever asks with __GFP_NOWARN has a smaller wish in reserve. Granting the
 * large one would give each ring of virtio-mmio, which names 1024 as its most,
 * 28 KiB and up to 1024 buffers; refused, it becomes one of 256, as on PCI.
 */
#define ON_TRIAL_BYTES 16384

void *alloc_pages_exact_noprof(size_t bytes, gfp_t gfp)
{
	unsigned int pages = PFN_UP(bytes);
	void *address;

	if (!bytes)
		return NULL;
	if (gfp & __GFP_NOWARN && bytes > ON_TRIAL_BYTES)
		return NULL;
	if (bytes > dde_arena_bytes) {
		arena_refuse(bytes, gfp);
		return NULL;
	}
	address = arena_take(pages, 1u << get_order(bytes), gfp);
	if (address)
		pages_hold(address, pages, gfp);
	return address;
}
DDE_EMULATED(alloc_pages_exact_noprof);

void free_pages_exact(void *address, size_t bytes)
{
	held_check(virt_to_page(address));
	pages_release(address, PFN_UP(bytes));
}
DDE_EMULATED(free_pages_exact);
