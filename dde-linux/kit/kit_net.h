/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kit_net.h - the waist's half for network cards: frames down, frames up.
 *
 * Mirrors dddk/net_service.h with plain C types; kit_net.c proves that the
 * structures are the same bytes. What a frame promises to the driver (length,
 * offloads, source address already checked) is said there.
 */
#ifndef KIT_NET_H
#define KIT_NET_H

#include "kit.h"
#include "kit_block.h" /* kit_region_fn */

#define KIT_NET_TOKENS	 256
#define KIT_NET_NO_TOKEN (~0u)
#define KIT_NET_WHOLE	 256 /* frames up to this are worth to copy */
#define KIT_NET_PIECES	 64

#define KIT_NET_CSUM	1 /* of a frame to send */
#define KIT_NET_CSUM_OK 2 /* of a received one */
#define KIT_NET_PARTIAL 4

enum kit_net_gso {
	KIT_NET_GSO_NONE = 0,
	KIT_NET_GSO_TCP4 = 1,
	KIT_NET_GSO_TCP6 = 4,
};

struct kit_net_frame {
	unsigned int bytes;
	unsigned int head_bytes;
	const void *rest;
	unsigned long rest_bus;
	unsigned int token;
	unsigned char flags;
	unsigned char gso_type;
	unsigned short header_bytes;
	unsigned short gso_size;
	unsigned short csum_start;
	unsigned short csum_offset;
};

struct kit_net_filter {
	const unsigned char (*unicast)[6];
	const unsigned char (*multicast)[6];
	unsigned int n_unicast;
	unsigned int n_multicast;
};

struct kit_net_ops {
	void *(*head)(void *drv);
	enum kit_err (*send)(void *drv, const struct kit_net_frame *frame);
	void (*commit)(void *drv);
	void (*set_filter)(void *drv, const struct kit_net_filter *filter);
	void (*count)(void *drv);
};

#define KIT_NET_F_CSUM	 1u
#define KIT_NET_F_TSO4	 2u
#define KIT_NET_F_TSO6	 4u
#define KIT_NET_F_RXCSUM 8u
#define KIT_NET_F_LRO	 16u

struct kit_net_info {
	unsigned char mac[6];
	unsigned char link;
	unsigned char shared;
	unsigned int mtu;
	unsigned int features;
	unsigned int fill_bytes;
	unsigned int speed_mbit;
	unsigned int rsvd;
	char driver[32];
};

struct kit_net_piece {
	const void *data;
	unsigned int bytes;
};

struct kit_net_received {
	const struct kit_net_piece *piece;
	unsigned int n_pieces;
	unsigned int bytes;
	unsigned char flags;
	unsigned char gso_type;
	unsigned short gso_size;
};

/* Begin to serve. @region may be called before the first frame. @whole_bytes:
 * what ops->head has room for; longer frames have a rest. */
enum kit_err kit_net_start(const struct kit_net_ops *ops,
			   unsigned int whole_bytes,
			   const struct kit_net_info *info,
			   kit_region_fn *region);
void kit_net_set_link(int up, unsigned int speed_mbit);
void kit_net_announce(void);
/* Take what clients have submitted; calls the ops. */
void kit_net_poll(unsigned long events);
/* The device has read the frame of this token. */
void kit_net_complete(unsigned int token, enum kit_err status);
/* Copy a frame to those it is for. Return: 0 if their buffers run short. */
int kit_net_receive(const struct kit_net_received *frame);

#endif
