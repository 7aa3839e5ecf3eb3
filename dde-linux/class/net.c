// SPDX-License-Identifier: GPL-2.0-only
/*
 * net.c - a Linux network device behind the net class protocol.
 *
 * Every frame to send arrives checked by dddk. Its head is copied straight into
 * a new sk_buff; the rest of a long one stays in the client's pages and becomes
 * the sk_buff's one fragment, with Linux's zero-copy mark that tells when the
 * device is done with it. For a device that cannot gather fragments (virtio
 * without checksum offload, as Linux will have it) all of it is copied: Linux
 * would make one piece of it later, when there is no way back, and lose it if
 * memory is short, while net_head then lets the client wait. The device's own
 * transmit function is called directly, without queueing discipline: a frame is
 * held back until the next one or the end of the batch, because only then it is
 * known whether more follow (one kick a batch). Received frames are given to
 * dddk from the sk_buff's pieces, which copies them once, into buffers of the
 * client.
 *
 * All functions run in the event loop, but net_start and the notifier, which
 * run in the init fiber, in work items or in the loop, under the RTNL mutex.
 * Read next: class/net_device.c, emul/net/core/gro.c, dddk/net_service.h
 */
#include <linux/etherdevice.h>
#include <linux/interrupt.h>
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <net/hotdata.h>
#include <kit_net.h>
#include <dde.h>
#include <net/dde_net.h>
#include "dde_class_net.h"

#define RX_PAUSE_US 4000u
/* Frames in the device: more would only wait there, in memory of ours. */
#define TX_MAX	    128u

struct dde_class_net dde_net;

/* --- to the device --------------------------------------------------------- */

static inline struct netdev_queue *tx_queue(void)
{
	return netdev_get_tx_queue(dde_net.dev, 0);
}

/* The device has read the client's pages (Linux's ubuf_info). */
static void rest_released(struct sk_buff *skb, struct ubuf_info *uarg,
			  bool success)
{
	unsigned int token = uarg - dde_net.rest;

	if (!refcount_dec_and_test(&uarg->refcnt))
		return;
	kit_trace(KIT_TRACE_DONE, token);
	kit_net_complete(token, KIT_OK);
}

static const struct ubuf_info_ops rest_ops = { .complete = rest_released };

/* The device has read a frame, or its driver has dropped it. */
static void frame_released(struct sk_buff *skb)
{
	dde_net.in_device--;
	dde_net.watch.ended++;
	if (!dde_net.waiting)
		return;
	/* The loop may have polled already and be about to sleep. */
	dde_net.waiting = false;
	dde_pending |= DDE_PENDING_CLASS;
}

/* Returns false if the driver has no room after all: the frame stays. */
static bool transmit(struct sk_buff *skb, bool more)
{
	struct netdev_queue *txq = tx_queue();

	if (unlikely(netif_xmit_frozen_or_stopped(txq))) {
		dde_net.waiting = true;
		return false;
	}
	return dev_xmit_complete(
		netdev_start_xmit(skb, dde_net.dev, txq, more));
}

/* What was held back goes out. @more: another frame follows. */
static bool send_held(bool more)
{
	while (dde_net.held) {
		struct sk_buff *skb = dde_net.held;
		struct sk_buff *next = skb->next;

		skb_mark_not_on_list(skb);
		if (!transmit(skb, more || next)) {
			skb->next = next;
			return false;
		}
		dde_net.held = next;
	}
	return true;
}

/* The loop's turn after it polls the class. */
static void head_retry(struct timer_list *unused)
{
}
static DEFINE_TIMER(retry_timer, head_retry);

/**
 * net_head - memory for the first bytes of the next frame (kit_net_ops.head).
 *
 * Return: whole_bytes of memory; NULL if the device's queue is full or memory is
 * used up: dddk asks again after the next completion, or a jiffy later.
 */
static void *net_head(void *drv)
{
	struct sk_buff *skb = dde_net.head;

	if (unlikely(netif_xmit_frozen_or_stopped(tx_queue()) ||
		     dde_net.in_device >= TX_MAX)) {
		dde_net.waiting = true;
		return NULL;
	}
	if (likely(!skb)) {
		skb = __alloc_skb(dde_net.headroom + dde_net.whole_bytes,
				  GFP_ATOMIC | __GFP_MEMALLOC, SKB_ALLOC_NAPI,
				  NUMA_NO_NODE);
		if (unlikely(!skb)) {
			mod_timer(&retry_timer, jiffies + 1);
			return NULL;
		}
		skb_reserve(skb, dde_net.headroom);
		dde_net.head = skb;
	}
	return skb->data;
}

/* The rest of the frame becomes a fragment over the client's own pages. */
static void add_rest(struct sk_buff *skb, const struct kit_net_frame *frame)
{
	unsigned int bytes = frame->bytes - frame->head_bytes;
	struct ubuf_info *uarg = &dde_net.rest[frame->token];

	refcount_set(&uarg->refcnt, 1);
	skb_fill_page_desc_noacc(skb, 0, virt_to_page(frame->rest),
				 offset_in_page(frame->rest), bytes);
	skb->len += bytes;
	skb->data_len = bytes;
	skb->truesize += bytes;
	skb_zcopy_init(skb, uarg);
}

/*
 * The checksum's place and the segments' size. dddk has checked that they lie
 * in the frame and the headers in the head; drivers read the headers, so what
 * those say must agree.
 */
static enum kit_err add_offloads(struct sk_buff *skb,
				 const struct kit_net_frame *frame)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);

	if (!skb_partial_csum_set(skb, frame->csum_start, frame->csum_offset))
		return KIT_ERR_INVALID;
	if (frame->gso_type == KIT_NET_GSO_NONE)
		return KIT_OK;
	if (!dde_net_tcp_fits(skb, frame))
		return KIT_ERR_INVALID;
	shinfo->gso_type = frame->gso_type == KIT_NET_GSO_TCP4 ? SKB_GSO_TCPV4 :
								 SKB_GSO_TCPV6;
	shinfo->gso_size = frame->gso_size;
	shinfo->gso_segs = DIV_ROUND_UP(frame->bytes - frame->header_bytes,
					frame->gso_size);
	return KIT_OK;
}

/* What every driver may look at. */
static void set_headers(struct sk_buff *skb)
{
	skb->dev = dde_net.dev;
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->protocol = eth_hdr(skb)->h_proto;
}

/* Frames that go out together, each behind the one before. */
static void hold(struct sk_buff *skb)
{
	/* What the device cannot do itself, Linux does here in software:
	 * then there are several frames, or none for lack of memory. */
	if (unlikely(!dde_net.direct)) {
		bool again = false;

		skb = validate_xmit_skb_list(skb, dde_net.dev, &again);
		if (!skb)
			++*kit_counter(KIT_COUNTER_EVENT,
				       "net lost on sending, no memory");
	}
	dde_net.held = skb;
}

/**
 * net_send - take over one checked frame (kit_net_ops.send).
 *
 * Its head lies in what net_head gave. The frame goes to the device with the
 * next one, or with net_commit.
 *
 * Return: KIT_OK; KIT_ERR_BUSY no room in the device; KIT_ERR_INVALID headers
 * and offloads that do not fit each other.
 */
static enum kit_err net_send(void *drv, const struct kit_net_frame *frame)
{
	struct sk_buff *skb = dde_net.head;

	if (unlikely(!send_held(true)))
		return KIT_ERR_BUSY;
	kit_trace(KIT_TRACE_QUEUE_RQ, frame->token);
	dde_net.head = NULL;
	__skb_put(skb, frame->head_bytes);
	set_headers(skb);
	if ((frame->flags & KIT_NET_CSUM) &&
	    add_offloads(skb, frame) != KIT_OK) {
		kfree_skb(skb);
		return KIT_ERR_INVALID;
	}
	if (frame->rest)
		add_rest(skb, frame);
	skb->destructor = frame_released;
	dde_net.in_device++;
	hold(skb);
	return KIT_OK;
}

/* The batch is over: the device is told with its last frame. */
static void net_commit(void *drv)
{
	send_held(false);
	dde_watch(&dde_net.watch);
}

/* The device no longer takes frames: what was held back will not be sent. */
void dde_net_drop_held(void)
{
	kfree_skb_list(dde_net.held);
	dde_net.held = NULL;
}

/* --- from the device ------------------------------------------------------- */

/* Add the pieces of one sk_buff behind the first @n. Return: all pieces. */
static unsigned int add_pieces(const struct sk_buff *skb, unsigned int n)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	struct kit_net_piece *piece = dde_net.piece;
	unsigned int i;

	if (n + 1 + shinfo->nr_frags > KIT_NET_PIECES)
		return KIT_NET_PIECES + 1;
	piece[n++] = (struct kit_net_piece){ skb->data, skb_headlen(skb) };
	for (i = 0; i < shinfo->nr_frags; i++) {
		const skb_frag_t *frag = &shinfo->frags[i];

		piece[n++] = (struct kit_net_piece){ skb_frag_address(frag),
						     skb_frag_size(frag) };
	}
	return n;
}

/* The same for a frame in more buffers than one sk_buff has room for. */
static unsigned int add_list(const struct sk_buff *skb, unsigned int n)
{
	const struct sk_buff *part;

	skb_walk_frags(skb, part)
	{
		if (n > KIT_NET_PIECES || skb_has_frag_list(part))
			return KIT_NET_PIECES + 1;
		n = add_pieces(part, n);
	}
	return n;
}

/* What the device has found out about checksums, or merged. */
static void set_offloads(struct kit_net_received *frame,
			 const struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);

	if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		frame->flags = KIT_NET_CSUM_OK;
	else if (skb->ip_summed == CHECKSUM_PARTIAL)
		frame->flags = KIT_NET_PARTIAL;
	if (likely(!shinfo->gso_size))
		return;
	frame->gso_size = shinfo->gso_size;
	if (shinfo->gso_type & SKB_GSO_TCPV4)
		frame->gso_type = KIT_NET_GSO_TCP4;
	else if (shinfo->gso_type & SKB_GSO_TCPV6)
		frame->gso_type = KIT_NET_GSO_TCP6;
}

/*
 * When buffers run short under load, polling on would only throw frames away,
 * and keep their clients from running. So the softirq ends after this poll
 * (that is what need_resched does to it), and if the device has more, the loop
 * sleeps once, until a client lends more or RX_PAUSE_US have passed.
 */
static void rx_pause(void)
{
	set_tsk_need_resched(current);
	dde_loop_pause(RX_PAUSE_US);
}

void dde_net_receive(struct sk_buff *skb)
{
	struct kit_net_received frame = { .piece = dde_net.piece };

	__skb_push(skb, ETH_HLEN);
	frame.bytes = skb->len;
	frame.n_pieces = add_pieces(skb, 0);
	if (unlikely(skb_has_frag_list(skb)))
		frame.n_pieces = add_list(skb, frame.n_pieces);
	set_offloads(&frame, skb);
	if (kit_net_receive(&frame) <= 0)
		rx_pause();
	napi_consume_skb(skb, NAPI_POLL_WEIGHT);
}

/* --- the class ------------------------------------------------------------- */

static void net_set_filter(void *drv, const struct kit_net_filter *filter)
{
	dde_net_filter(filter);
}

static const struct kit_net_ops net_ops = {
	.head = net_head,
	.send = net_send,
	.commit = net_commit,
	.set_filter = net_set_filter,
	.count = dde_net_count,
};

/* Runs in the init fiber after probe: opening the device sleeps. */
static int net_start(void)
{
	struct kit_net_info info = { 0 };
	unsigned int i;
	int err;

	if (!dde_net.dev)
		return -ENODEV;
	for (i = 0; i < KIT_NET_TOKENS; i++) {
		dde_net.rest[i].ops = &rest_ops;
		dde_net.rest[i].flags = SKBFL_ZEROCOPY_FRAG |
					SKBFL_MANAGED_FRAG_REFS;
	}
	dde_net_watch();
	err = dde_net_open(&info);
	if (err)
		return err;
	if (kit_net_start(&net_ops, dde_net.whole_bytes, &info, dde_net_region))
		return -EINVAL;
	dde_net.started = true;
	return 0;
}

/* First what could not be sent before (it is older), then new frames. */
static void net_poll(unsigned long events)
{
	send_held(false);
	kit_net_poll(events);
	clear_tsk_need_resched(current);
}

const struct dde_class dde_class_net = {
	.name = "net",
	.init = dde_net_init,
	.start = net_start,
	.poll = net_poll,
};
