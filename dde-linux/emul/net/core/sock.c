// SPDX-License-Identifier: GPL-2.0-only
/*
 * sock.c - what drivers and sk_buffs know of sockets: that there are none.
 *
 * Stands for net/core/sock.c. Frames of a driver process belong to no socket,
 * so what charges or wakes their owners is not reached.
 */
#include <linux/mm.h>
#include <linux/net.h>
#include <linux/skbuff.h>
#include <net/sock.h>
#include <net/tcp.h>
#include <dde.h>

DEFINE_STATIC_KEY_FALSE(memalloc_socks_key);
int sysctl_tstamp_allow_data __read_mostly;
DDE_NOOP(memalloc_socks_key, "no socket may use memory reserves");
DDE_NOOP(sysctl_tstamp_allow_data, "no socket asks for time stamps");

/* Also when the rest of the page is too short: the page has other holders. */
static bool frag_renew(struct page_frag *frag, unsigned int order, gfp_t gfp)
{
	if (order)
		gfp = (gfp & ~__GFP_DIRECT_RECLAIM) | __GFP_COMP | __GFP_NOWARN;
	frag->page = alloc_pages(gfp, order);
	frag->offset = 0;
	frag->size = PAGE_SIZE << order;
	return frag->page;
}

/**
 * skb_page_frag_refill - see that @frag has @bytes left.
 *
 * Drivers fill their receive rings with this: such pages do not come from the
 * reserve, which is for the frames that arrive in them.
 *
 * Return: false if memory is used up; the fragment then has no page.
 */
bool skb_page_frag_refill(unsigned int bytes, struct page_frag *frag, gfp_t gfp)
{
	if (frag->page && page_count(frag->page) == 1)
		frag->offset = 0;
	if (frag->page && frag->offset + bytes <= frag->size)
		return true;
	if (frag->page)
		put_page(frag->page);
	gfp &= ~__GFP_HIGH;
	return frag_renew(frag, get_order(SZ_32K), gfp) ||
	       frag_renew(frag, 0, gfp);
}
DDE_EMULATED(skb_page_frag_refill);

void sk_error_report(struct sock *sk)
{
}
DDE_NOOP(sk_error_report, "no frame has a socket");

void sock_edemux(struct sk_buff *skb)
{
}
DDE_NOOP(sock_edemux, "no frame has a socket");

void sock_wfree(struct sk_buff *skb)
{
}
DDE_NOOP(sock_wfree, "no frame has a socket");

void sock_efree(struct sk_buff *skb)
{
}
DDE_NOOP(sock_efree, "no frame has a socket");

void sk_free(struct sock *sk)
{
}
DDE_NOOP(sk_free, "no frame has a socket");

struct sk_buff *tcp_get_timestamping_opt_stats(const struct sock *sk,
					       const struct sk_buff *orig,
					       const struct sk_buff *ack)
{
	return NULL;
}
DDE_NOOP(tcp_get_timestamping_opt_stats, "no frame has a socket");
