/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio_net.h - what the files of this driver share: layouts and the card.
 *
 * Layouts are the device's, VIRTIO 1.2, 5.1, little-endian.
 */
#ifndef VIRTIO_NET_H
#define VIRTIO_NET_H

#include <stddef.h>
#include <stdint.h>
#include <dddk/net_service.h>
#include <dddk/virtqueue.h>

#define VIRTIO_ID_NET 1u

/* Features (5.1.3) that this driver uses. */
#define F_CSUM	     (1ull << 0)
#define F_GUEST_CSUM (1ull << 1)
#define F_MTU	     (1ull << 3)
#define F_MAC	     (1ull << 5)
#define F_GUEST_TSO4 (1ull << 7)
#define F_GUEST_TSO6 (1ull << 8)
#define F_HOST_TSO4  (1ull << 11)
#define F_HOST_TSO6  (1ull << 12)
#define F_MRG_RXBUF  (1ull << 15)
#define F_STATUS     (1ull << 16)
#define F_CTRL_VQ    (1ull << 17)
#define F_CTRL_RX    (1ull << 18)
#define WISH                                                                   \
	(F_CSUM | F_GUEST_CSUM | F_MTU | F_MAC | F_HOST_TSO4 | F_HOST_TSO6 |   \
	 F_MRG_RXBUF | F_STATUS | F_CTRL_VQ | F_CTRL_RX | DDDK_VIRTIO_F_EVENT)

/* The configuration space (5.1.4). */
struct net_config {
	uint8_t mac[6];
	uint16_t status; /* bit 0: the link is up */
	uint16_t max_pairs;
	uint16_t mtu;
};
_Static_assert(offsetof(struct net_config, mtu) == 10, "VIRTIO 1.2, 5.1.4");

/* In front of each frame (5.1.6). */
struct net_header {
	uint8_t flags;
	uint8_t gso_type;
	uint16_t header_bytes;
	uint16_t gso_size;
	uint16_t csum_start;
	uint16_t csum_offset;
	uint16_t n_buffers;
};
_Static_assert(sizeof(struct net_header) == 12, "VIRTIO 1.2, 5.1.6");
#define H_NEEDS_CSUM 1u
#define H_DATA_VALID 2u
#define GSO_ECN	     0x80u

enum { RX = 0, TX = 1, CTRL = 2 };
#define SLOTS	 128u
#define RX_BYTES 2048u /* a header and a frame of the usual MTU */

#define WHOLE DDDK_NET_WHOLE
struct tx {
	struct net_header header;
	uint8_t head[WHOLE];
	uint8_t pad[52];
};
_Static_assert(sizeof(struct tx) == 320, "whole cache lines");

/* The command that sets the table of addresses (5.1.6.5.2), in pieces. */
#define ADDRESSES_MAX 32u
struct table {
	uint32_t n;
	uint8_t address[ADDRESSES_MAX][6];
};
struct command {
	uint8_t class_id, command;
	uint8_t ack; /* 0: done */
	uint8_t pad;
	struct table unicast, multicast;
};
#define CTRL_MAC     1u
#define CTRL_MAC_SET 0u

struct nic {
	struct dddk_virtio dev;
	struct dddk_virtqueue rx, tx, ctrl;
	uint8_t *rx_data;	 /* RX_BYTES a slot */
	struct tx *tx_data;	 /* by slot */
	struct command *command; /* the device reads it while it is busy */
	struct command wanted;	 /* the next one */
	uint32_t token[SLOTS];	 /* of the frame in a tx slot */
	uint32_t head;		 /* the slot that ops->head gave out */
	int command_busy;
	int command_due;
	struct glue_net_info info;
};
extern struct nic nic;

/* frames.c */
extern const struct dddk_net_ops nic_ops;
void nic_reclaim(void); /* frames that have been sent */
void nic_receive(void);

/* filter.c: through the control queue */
enum k_err nic_filter_start(void);
void nic_filter_set(void *drv, const struct dddk_net_filter *filter);
void nic_filter_end(void); /* the device may have answered */

#endif
