// SPDX-License-Identifier: BSD-2-Clause
/*
 * netcore.c - what network drivers use of the emulated net core: pieces of pages,
 * frames handed up, the RTNL lock, the one name space.
 */
#include <linux/etherdevice.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/sock.h>
#include <net/dde_net.h>
#include "check.h"

#define PIECE 1500

static struct sk_buff *received;
static unsigned int inits, exits;

/* In place of class/net.c. */
void dde_net_receive(struct sk_buff *skb)
{
	CHECK(!received);
	received = skb;
}

/* --- pieces of pages ------------------------------------------------------ */

/* Apart from each other, aligned, inside of one page that all of them hold. */
static void pieces(void)
{
	struct page_frag_cache cache = { 0 };
	void *piece[8];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(piece); i++) {
		piece[i] = page_frag_alloc_align(&cache, PIECE, GFP_ATOMIC, 64);
		CHECK(piece[i] && IS_ALIGNED((unsigned long)piece[i], 64));
		CHECK(!i || piece[i] >= piece[i - 1] + PIECE);
		memset(piece[i], i, PIECE);
	}
	CHECK(page_count(virt_to_head_page(piece[0])) == 9);
	for (i = 0; i < ARRAY_SIZE(piece); i++) {
		CHECK(!memchr_inv(piece[i], i, PIECE));
		page_frag_free(piece[i]);
	}
	CHECK(page_count(virt_to_head_page(piece[0])) == 1);
	page_frag_cache_drain(&cache);
	CHECK(!cache.va && page_count(virt_to_page(piece[0])) == 0);
}

/* The page is used again from its start only if nobody holds a piece. */
static void pages_used_again(void)
{
	struct page_frag_cache cache = { 0 };
	void *first = page_frag_alloc(&cache, 20000, GFP_ATOMIC), *second;

	page_frag_free(first);
	second = page_frag_alloc(&cache, 20000, GFP_ATOMIC);
	CHECK(second == first);
	first = page_frag_alloc(&cache, 20000, GFP_ATOMIC);
	CHECK(first && virt_to_head_page(first) != virt_to_head_page(second));
	CHECK(page_count(virt_to_head_page(second)) == 1);
	page_frag_free(second);
	CHECK(page_count(virt_to_page(second)) == 0);
	page_frag_free(first);
	CHECK(!page_frag_alloc(&cache, 100000, GFP_ATOMIC));
	page_frag_cache_drain(&cache);
}

/* References taken in one go are given back in one go. */
static void many_references(void)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, 1);

	page_ref_add(page, 5);
	__page_frag_cache_drain(page, 4);
	CHECK(page_count(page) == 2);
	__page_frag_cache_drain(page, 2);
	CHECK(page_count(page) == 0);
}

static void pieces_without_memory(void)
{
	struct page_frag_cache cache = { 0 };
	struct page_frag frag = { 0 };
	void *all = check_memory_take(), *piece;

	CHECK(!page_frag_alloc(&cache, PIECE, GFP_ATOMIC | __GFP_NOWARN));
	CHECK(!skb_page_frag_refill(PIECE, &frag, GFP_ATOMIC | __GFP_NOWARN));
	CHECK(!frag.page && !alloc_skb(PIECE, GFP_ATOMIC | __GFP_NOWARN));
	check_memory_give(all);
	piece = page_frag_alloc(&cache, PIECE, GFP_ATOMIC);
	CHECK(piece);
	page_frag_free(piece);
	page_frag_cache_drain(&cache);
}

static void refilled(void)
{
	struct page_frag frag = { 0 };
	struct page *first;

	CHECK(skb_page_frag_refill(100, &frag, GFP_KERNEL));
	CHECK(frag.offset == 0 && frag.size >= PAGE_SIZE);
	first = frag.page;
	frag.offset = frag.size - 99;
	CHECK(skb_page_frag_refill(99, &frag, GFP_KERNEL));
	CHECK(frag.page == first);
	CHECK(skb_page_frag_refill(100, &frag, GFP_KERNEL));
	CHECK(frag.offset == 0 && frag.page == first); /* nobody else's */
	frag.offset = frag.size - 99;
	get_page(first);
	CHECK(skb_page_frag_refill(100, &frag, GFP_KERNEL));
	CHECK(frag.page != first && page_count(first) == 1);
	put_page(first);
	put_page(frag.page);
}

/* --- frames --------------------------------------------------------------- */

static void frames_up(struct net_device *dev)
{
	struct napi_struct napi = { .dev = dev };
	struct sk_buff *skb = alloc_skb(100, GFP_KERNEL), *frags;

	CHECK(napi_gro_receive(&napi, skb) == GRO_NORMAL && received == skb);
	received = NULL;
	kfree_skb(skb);
	frags = napi_get_frags(&napi);
	CHECK(frags && napi_get_frags(&napi) == frags && frags->dev == dev);
	memset(skb_put(frags, 60), 0, 60);
	((struct ethhdr *)frags->data)->h_proto = htons(ETH_P_ARP);
	CHECK(napi_gro_frags(&napi) == GRO_NORMAL && received == frags);
	CHECK(frags->protocol == htons(ETH_P_ARP) && frags->len == 46);
	CHECK(!napi.skb);
	received = NULL;
	kfree_skb(frags);
	skb_put(napi_get_frags(&napi), ETH_HLEN - 1);
	CHECK(napi_gro_frags(&napi) == GRO_CONSUMED && !received);
	CHECK(!napi.skb);
}

/* --- the lock and the name space ------------------------------------------ */

static void rtnl(void)
{
	CHECK(!rtnl_is_locked() && rtnl_trylock());
	CHECK(rtnl_is_locked() && !rtnl_trylock());
	__rtnl_unlock();
	CHECK(!rtnl_is_locked() && !rtnl_lock_killable());
	CHECK(rtnl_is_locked());
	rtnl_unlock();
	CHECK(!rtnl_is_locked());
	rtnl_lock();
	CHECK(rtnl_is_locked());
	rtnl_unlock();
}

static int space_init(struct net *net)
{
	CHECK(net == &init_net);
	inits++;
	return inits == 1 ? 0 : -EIO;
}

static void space_exit(struct net *net)
{
	CHECK(net == &init_net);
	exits++;
}

static void name_space(void)
{
	struct pernet_operations ops = { .init = space_init,
					 .exit = space_exit };
	struct pernet_operations sized = { .id = &inits };
	struct net *net;
	unsigned int spaces = 0;

	CHECK(!register_pernet_subsys(&ops) && inits == 1);
	unregister_pernet_subsys(&ops);
	CHECK(exits == 1);
	CHECK(register_pernet_device(&ops) == -EIO && inits == 2);
	unregister_pernet_device(&ops);
	CHECK(exits == 2);
	CHECK(register_pernet_subsys(&sized) == -EOPNOTSUPP);
	down_read(&pernet_ops_rwsem);
	for_each_net(net)
	{
		CHECK(net == &init_net);
		spaces++;
	}
	up_read(&pernet_ops_rwsem);
	CHECK(spaces == 1);
}

static void check_netcore(void)
{
	static const u8 address[ETH_ALEN + 2] = { 2, 0, 0, 0, 0, 1 };
	static struct net_device dev = { .name = "check", .dev_addr = address };

	skb_init();
	pieces();
	pages_used_again();
	many_references();
	pieces_without_memory();
	refilled();
	frames_up(&dev);
	rtnl();
	name_space();
}
CHECK_GROUP(netcore);
