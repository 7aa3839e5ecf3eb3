// SPDX-License-Identifier: GPL-2.0-only
/*
 * net_device.c - the net class: opening the device, link, filters, counters.
 *
 * The first device that a driver registers is the one that is served. It is
 * opened when probe has returned, with tags left in the frames and without LRO,
 * which loses headers. Merging from which segments can be made again (GRO_HW,
 * virtio's GUEST_TSO) stays: dddk does so for clients with small buffers.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/inetdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/tcp.h>
#include <net/hotdata.h>
#include <dde.h>
#include <net/dde_net.h>
#include "dde_class_net.h"

/* What clients do not expect of received frames. */
#define UNWANTED                                                               \
	(NETIF_F_LRO | NETIF_F_GRO | NETIF_F_RXHASH |                          \
	 NETIF_F_HW_VLAN_CTAG_RX | NETIF_F_HW_VLAN_STAG_RX)

/* Megabits a second, 0 if the device does not say. */
static unsigned int speed_of(struct net_device *dev)
{
	struct ethtool_link_ksettings settings;

	if (__ethtool_get_link_ksettings(dev, &settings) ||
	    settings.base.speed == (__u32)SPEED_UNKNOWN)
		return 0;
	return settings.base.speed;
}

static bool link_is_up(const struct net_device *dev)
{
	return netif_running(dev) && netif_carrier_ok(dev);
}

static void link_changed(struct net_device *dev)
{
	bool up = link_is_up(dev);

	if (!dde_net.started)
		return;
	if (!up)
		dde_net_drop_held();
	kit_net_set_link(up, up ? speed_of(dev) : 0);
}

/* Before it is registered nothing runs; frames go to it without a queue. */
static int device_registered(struct net_device *dev)
{
	if (dde_net.dev) {
		pr_err("%s: this process serves %s; one device a process\n",
		       dev->name, dde_net.dev->name);
		return notifier_from_errno(-EBUSY);
	}
	dev->priv_flags |= IFF_NO_QUEUE;
	dde_net.dev = dev;
	return NOTIFY_DONE;
}

/*
 * A driver removes its device only if the card has gone for good. Without one
 * there is nothing to serve, so the process ends and the broker decides.
 */
static int device_event(struct notifier_block *block, unsigned long event,
			void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);

	if (event == NETDEV_REGISTER)
		return device_registered(dev);
	if (dev != dde_net.dev)
		return NOTIFY_DONE;
	if (event == NETDEV_UNREGISTER && dde_net.started)
		dde_fatal("device %s was removed by its driver", dev->name);
	if (event == NETDEV_UNREGISTER)
		dde_net.dev = NULL;
	else if (event == NETDEV_NOTIFY_PEERS && dde_net.started)
		kit_net_announce();
	else
		link_changed(dev);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = device_event };

/* One poll of a device, then others have their turn: see rx_pause(). */
int dde_net_init(void)
{
	skb_init();
	net_hotdata.netdev_budget = NAPI_POLL_WEIGHT;
	return register_netdevice_notifier(&notifier);
}

/* What clients may ask of the device when they send. */
static unsigned int send_features_of(const struct net_device *dev)
{
	unsigned int features = 0;

	if (!(dev->features & NETIF_F_SG) ||
	    !(dev->features & (NETIF_F_HW_CSUM | NETIF_F_IP_CSUM)))
		return 0;
	features |= KIT_NET_F_CSUM;
	if (dev->features & NETIF_F_TSO)
		features |= KIT_NET_F_TSO4;
	if (dev->features & NETIF_F_TSO6)
		features |= KIT_NET_F_TSO6;
	return features;
}

/* What they may find in what is received. */
static unsigned int receive_features_of(const struct net_device *dev)
{
	unsigned int features = 0;

	if (dev->features & NETIF_F_RXCSUM)
		features |= KIT_NET_F_RXCSUM;
	if (dev->features & (NETIF_F_GRO_HW | NETIF_F_LRO))
		features |= KIT_NET_F_LRO;
	return features;
}

/* Can every frame that a client may send go to the driver as it is? */
static bool takes_all(const struct net_device *dev)
{
	const struct net_device_ops *ops = dev->netdev_ops;

	if (!send_features_of(dev))
		return true;
	return (dev->features & NETIF_F_HW_CSUM) &&
	       (!ops->ndo_features_check ||
		ops->ndo_features_check == passthru_features_check);
}

/* Without scatter and gather, the longest frame; no offload is offered then. */
static unsigned int whole_bytes_of(const struct net_device *dev)
{
	if (dev->features & NETIF_F_SG)
		return KIT_NET_WHOLE;
	return max_t(unsigned int, dev->mtu + ETH_HLEN, KIT_NET_WHOLE);
}

static void info_fill(struct kit_net_info *info, struct net_device *dev)
{
	ether_addr_copy(info->mac, dev->dev_addr);
	info->link = link_is_up(dev);
	info->mtu = dev->mtu;
	info->features = send_features_of(dev) | receive_features_of(dev);
	info->speed_mbit = speed_of(dev);
	dde_driver_text(info->driver, sizeof(info->driver));
}

/*
 * Where frames come that a driver hands up by netif_receive_skb or netif_rx,
 * without the way that could merge them (emul/net/core/gro.c): Linux's own
 * receive path asks this before any protocol. It has taken a VLAN's tag out of
 * the frame, which goes back.
 */
static rx_handler_result_t frame_taken(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;

	if (skb_vlan_tag_present(skb)) {
		__skb_push(skb, ETH_HLEN);
		skb = __vlan_hwaccel_push_inside(skb);
		if (!skb)
			return RX_HANDLER_CONSUMED;
		__skb_pull(skb, ETH_HLEN);
	}
	dde_net_receive(skb);
	return RX_HANDLER_CONSUMED;
}

int dde_net_open(struct kit_net_info *info)
{
	struct net_device *dev = dde_net.dev;
	int err;

	rtnl_lock();
	dev->wanted_features &= ~UNWANTED;
	netdev_update_features(dev);
	err = netdev_rx_handler_register(dev, frame_taken, NULL);
	if (!err)
		err = dev_open(dev, NULL);
	if (!err) {
		dde_net.headroom = LL_RESERVED_SPACE(dev);
		dde_net.direct = takes_all(dev);
		dde_net.whole_bytes = whole_bytes_of(dev);
		info_fill(info, dev);
	}
	rtnl_unlock();
	return err;
}

/* A wire may be slow. Without a link nobody can send. */
static bool owes_frames(void)
{
	return dde_net.in_device && link_is_up(dde_net.dev);
}

static const struct dde_watch_ops watch_ops = { .busy = owes_frames };

void dde_net_watch(void)
{
	dde_watch_init(&dde_net.watch, &watch_ops, dde_net.dev->name,
		       dde_net.dev->dev.parent);
}

/* Another client's address, or groups: Linux's lists, then the driver. */
void dde_net_filter(const struct kit_net_filter *filter)
{
	struct net_device *dev = dde_net.dev;
	unsigned int i;

	rtnl_lock();
	dev_uc_flush(dev);
	dev_mc_flush(dev);
	for (i = 0; i < filter->n_unicast; i++)
		dev_uc_add(dev, filter->unicast[i]);
	for (i = 0; i < filter->n_multicast; i++)
		dev_mc_add(dev, filter->multicast[i]);
	/* Also if the lists are empty now. */
	dev_set_rx_mode(dev);
	rtnl_unlock();
}

#define FIELD(name)                                                            \
	{                                                                      \
		"net card " #name, offsetof(struct rtnl_link_stats64, name)    \
	}
static const struct {
	const char *name;
	unsigned int offset;
} card_counts[] = {
	FIELD(rx_errors),	  FIELD(rx_dropped),
	FIELD(rx_missed_errors),  FIELD(rx_length_errors),
	FIELD(rx_over_errors),	  FIELD(rx_crc_errors),
	FIELD(rx_frame_errors),	  FIELD(rx_fifo_errors),
	FIELD(tx_errors),	  FIELD(tx_dropped),
	FIELD(tx_aborted_errors), FIELD(tx_carrier_errors),
	FIELD(tx_fifo_errors),	  FIELD(tx_heartbeat_errors),
	FIELD(tx_window_errors),  FIELD(collisions),
};

/*
 * What driver and card have counted themselves, under Linux's names, beside what
 * they had in earlier lives. Asked for
 * only when somebody looks: drivers read the card's registers for it. What is 0
 * takes no place on the page.
 */
void dde_net_count(void *drv)
{
	static u64 seen[ARRAY_SIZE(card_counts)];
	struct rtnl_link_stats64 stats;
	unsigned int i;

	dev_get_stats(dde_net.dev, &stats);
	for (i = 0; i < ARRAY_SIZE(card_counts); i++) {
		u64 value = *(u64 *)((void *)&stats + card_counts[i].offset);

		if (value != seen[i])
			*kit_counter(KIT_COUNTER_EVENT,
				     card_counts[i].name) += value - seen[i];
		seen[i] = value;
	}
}

/* The network header, or NULL if it does not name a TCP segment of 4 or 6. */
static const struct tcphdr *tcp_header(const struct sk_buff *skb, bool v6)
{
	const struct iphdr *ip = ip_hdr(skb);
	const struct ipv6hdr *ip6 = ipv6_hdr(skb);
	unsigned int start = skb_checksum_start_offset(skb);

	if (v6 &&
	    (skb->protocol != htons(ETH_P_IPV6) || ip6->version != 6 ||
	     ip6->nexthdr != IPPROTO_TCP || start != ETH_HLEN + sizeof(*ip6)))
		return NULL;
	if (!v6 && (skb->protocol != htons(ETH_P_IP) || ip->version != 4 ||
		    ip->ihl < 5 || ip->protocol != IPPROTO_TCP ||
		    start != ETH_HLEN + ip->ihl * 4))
		return NULL;
	return tcp_hdr(skb);
}

/*
 * Drivers compute lengths from the headers of a frame to be segmented, so all
 * that was said of it must agree with them. The checksum's place is set.
 */
bool dde_net_tcp_fits(const struct sk_buff *skb,
		      const struct kit_net_frame *frame)
{
	const struct tcphdr *tcp;
	unsigned int end = frame->csum_start + sizeof(*tcp);

	if (end > frame->head_bytes ||
	    frame->csum_offset != offsetof(struct tcphdr, check))
		return false;
	tcp = tcp_header(skb, frame->gso_type == KIT_NET_GSO_TCP6);
	return tcp && tcp->doff >= 5 &&
	       frame->csum_start + tcp->doff * 4u == frame->header_bytes;
}

/* A channel opens or closes: its pages get or lose their metadata. */
void dde_net_region(void *data, unsigned long bus, unsigned long bytes,
		    int opened)
{
	dde_pages_lend(bus, bytes, opened);
}
