// SPDX-License-Identifier: GPL-2.0-only
/*
 * gro.c - where received frames leave Linux: straight to the class's glue.
 *
 * Stands for net/core/gro.c. Frames are not merged: clients lend buffers of one
 * frame's size. So the ways by which a driver hands up a frame that it might
 * have had merged end here, without the protocol layers above.
 */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/gro.h>
#include <dde.h>
#include <net/dde_net.h>

gro_result_t napi_gro_receive(struct napi_struct *napi, struct sk_buff *skb)
{
	dde_net_receive(skb);
	return GRO_NORMAL;
}
DDE_EMULATED(napi_gro_receive);

void napi_gro_flush(struct napi_struct *napi, bool flush_old)
{
}
DDE_NOOP(napi_gro_flush, "frames are never held back to be merged");

/* A sk_buff for a driver that adds only fragments, until napi_gro_frags. */
struct sk_buff *napi_get_frags(struct napi_struct *napi)
{
	if (!napi->skb)
		napi->skb = napi_alloc_skb(napi, GRO_MAX_HEAD);
	return napi->skb;
}
DDE_EMULATED(napi_get_frags);

gro_result_t napi_gro_frags(struct napi_struct *napi)
{
	struct sk_buff *skb = napi->skb;

	napi->skb = NULL;
	if (!pskb_may_pull(skb, ETH_HLEN)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_HDR_TRUNC);
		return GRO_CONSUMED;
	}
	skb->protocol = eth_type_trans(skb, skb->dev);
	dde_net_receive(skb);
	return GRO_NORMAL;
}
DDE_EMULATED(napi_gro_frags);

struct packet_offload *gro_find_receive_by_type(__be16 type)
{
	return NULL;
}
DDE_NOOP(gro_find_receive_by_type, "no protocol merges frames");

struct packet_offload *gro_find_complete_by_type(__be16 type)
{
	return NULL;
}
DDE_NOOP(gro_find_complete_by_type, "no protocol merges frames");

void dev_add_offload(struct packet_offload *offload)
{
}
DDE_NOOP(dev_add_offload, "no protocol merges frames");
