/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dde_pages.h - what mm/page_alloc.c knows about device-visible memory.
 */
#ifndef DDE_PAGES_H
#define DDE_PAGES_H

#include <linux/types.h>

/* May the device see these bytes: arena, or lent by a client now? */
bool dde_pages_visible(phys_addr_t bus, size_t bytes);
/* The arena's last byte. */
phys_addr_t dde_pages_last_bus(void);
/* The arena. Written once, by dde_pages_init. */
extern unsigned long dde_arena_vaddr;
extern unsigned long dde_arena_bytes;

static inline bool dde_pages_own(const void *address)
{
	return (unsigned long)address - dde_arena_vaddr < dde_arena_bytes;
}

/* A page for the slab allocator; NULL when the arena is used up. */
void *dde_page_take(gfp_t gfp);
void dde_pages_give(void *address, unsigned int pages);

/* Has any allocation failed so far? Tells why a probe may have failed. */
bool dde_pages_exhausted(void);
/* If one has, say how much memory there is and what setting gives more. */
void dde_pages_tell(void);

/* mm/failslab.c: does a word of the args ask for a refusal, is this the one? */
extern bool dde_fail_counts;
int dde_fail_word(const char *number);
bool dde_fail_now(gfp_t gfp);

/* Called when the arena is used up. Return: true if pages became free. */
bool dde_slab_shrink(void);
/* Objects that are free now are put aside, or taken back. */
void dde_slab_swap(void);

#endif
