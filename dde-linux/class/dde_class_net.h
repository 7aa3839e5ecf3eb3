/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dde_class_net.h - what the files of the net class's glue share.
 */
#ifndef DDE_CLASS_NET_H
#define DDE_CLASS_NET_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <kit_net.h>

#include "watch.h"

struct dde_class_net {
	struct net_device *dev;
	struct sk_buff *head; /* for the next frame; NULL: none yet */
	struct sk_buff *held; /* taken over, not yet given to the device */
	unsigned int headroom;
	unsigned int whole_bytes; /* frames up to this are copied whole */
	unsigned int in_device;	  /* frames given to the driver and not freed */
	bool direct; /* the device does all that is offered to clients */
	struct dde_watch watch; /* frames in the device */
	bool started;		/* the service runs */
	bool waiting;		/* for frames to leave the device */
	struct ubuf_info rest[KIT_NET_TOKENS];	    /* fragments, by token */
	struct kit_net_piece piece[KIT_NET_PIECES]; /* of a received frame */
};

extern struct dde_class_net dde_net;

/* net_device.c: the device as a whole. */
int dde_net_init(void);
int dde_net_open(struct kit_net_info *info);
void dde_net_filter(const struct kit_net_filter *filter);
void dde_net_watch(void);      /* before it is given frames */
void dde_net_count(void *drv); /* kit_net_ops.count */
bool dde_net_tcp_fits(const struct sk_buff *skb,
		      const struct kit_net_frame *frame);
void dde_net_region(void *data, unsigned long bus, unsigned long bytes,
		    int opened);

/* net.c */
void dde_net_drop_held(void);

#endif
