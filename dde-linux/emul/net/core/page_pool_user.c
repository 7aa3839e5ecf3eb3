// SPDX-License-Identifier: GPL-2.0-only
/*
 * page_pool_user.c - lists of page pools for user space, which is not there.
 *
 * Stands for net/core/page_pool_user.c. The pools themselves are Linux's own,
 * where a listed driver's Kconfig entry selects PAGE_POOL: all drivers share
 * one configuration, so then every network driver's core starts them.
 */
#include <net/page_pool/types.h>
#include <dde.h>

/* Declared in net/core/page_pool_priv.h, which is private. */
int page_pool_list(struct page_pool *pool);
void page_pool_unlist(struct page_pool *pool);
void page_pool_detached(struct page_pool *pool);

int page_pool_list(struct page_pool *pool)
{
	return 0;
}
DDE_NOOP(page_pool_list, "nobody asks for a list of pools");

void page_pool_unlist(struct page_pool *pool)
{
}
DDE_NOOP(page_pool_unlist, "there is no list");

void page_pool_detached(struct page_pool *pool)
{
}
DDE_NOOP(page_pool_detached, "nobody asks for a list of pools");
