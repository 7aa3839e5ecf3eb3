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
#define F_CSUM		 (1ull << 0)
#define F_GUEST_CSUM	 (1ull << 1)
#define F_MTU		 (1ull << 3)
#define F_MAC		 (1ull << 5)
#define F_GUEST_TSO4	 (1ull << 7)
#define F_GUEST_TSO6	 (1ull << 8)
#define F_HOST_TSO4	 (1ull << 11)
#define F_HOST_TSO6	 (1ull << 12)
#define F_MRG_RXBUF	 (1ull << 15)
#define F_STATUS	 (1ull << 16)
#define F_CTRL_VQ	 (1ull << 17)
#define F_CTRL_RX	 (1ull << 18)
#define F_GUEST_ANNOUNCE (1ull << 21)
/* Frames longer than a buffer: only if they may take several. */
#define LONG		 (F_MRG_RXBUF | F_GUEST_TSO4 | F_GUEST_TSO6 | F_MTU)
#define WISH                                                                   \
	(F_CSUM | F_GUEST_CSUM | F_MAC | F_HOST_TSO4 | F_HOST_TSO6 |           \
	 F_STATUS | F_CTRL_VQ | F_CTRL_RX | F_GUEST_ANNOUNCE |                 \
	 DDDK_VIRTIO_F_EVENT | LONG)

/* The configuration space (5.1.4). */
struct net_config {
	uint8_t mac[6];
	uint16_t status; /* S_... */
	uint16_t max_pairs;
	uint16_t mtu;
};
_Static_assert(offsetof(struct net_config, mtu) == 10, "VIRTIO 1.2, 5.1.4");
#define S_LINK_UP  1u
#define S_ANNOUNCE 2u /* tell the network where we are, then say so */

/* In front of each frame (5.1.6). */
struct net_header {
	struct dddk_net_offload offload;
	uint16_t n_buffers;
};
_Static_assert(sizeof(struct net_header) == 12, "VIRTIO 1.2, 5.1.6");
#define H_NEEDS_CSUM 1u
#define H_DATA_VALID 2u
#define GSO_ECN	     0x80u
#define TCP_CSUM     16u /* where it is in TCP's header */

enum { RX = 0, TX = 1, CTRL = 2 };
#define SLOTS 128u

/* A header and a frame of the usual MTU, or a piece of a longer one. */
struct rx {
	_Alignas(8) struct net_header header;
	uint8_t frame[2048 - sizeof(struct net_header)];
};
_Static_assert(sizeof(struct rx) == 2048, "so that 32 have room for 64 KiB");

struct tx {
	_Alignas(64) struct net_header header;
	uint8_t head[DDDK_NET_WHOLE];
};

/* Of each class of commands (5.1.6.5) this driver uses number 0, and a slot of
 * the control queue. */
enum command_class { CTRL_RX = 0, CTRL_MAC = 1, CTRL_ANNOUNCE = 3, CLASSES };
#define UNICASTS   (DDDK_NET_CLIENTS - 1)
#define MULTICASTS (DDDK_NET_CLIENTS * GLUE_NET_MULTICASTS)
struct command {
	uint8_t ack; /* the device's answer; 0: done */
	uint8_t class_id, command;
	uint8_t data[2 * sizeof(uint32_t) + (UNICASTS + MULTICASTS) * 6];
};

struct nic {
	struct dddk_virtio dev;
	struct dddk_virtqueue rx, tx, ctrl;
	struct rx *rx_data; /* by slot */
	struct tx *tx_data;
	struct command *command;
	struct dddk_net_filter filter; /* to be let through */
	uint32_t due;		       /* bit: a command of this class */
	uint32_t token[SLOTS];	       /* of the frame in a tx slot */
	struct glue_net_info info;
};
extern struct nic nic;

/* frames.c */
void nic_reclaim(void); /* frames that have been sent */
void nic_receive(void);

/* control.c: through the control queue */
enum k_err nic_control_start(void);
void nic_control_serve(void); /* answers, and what is due */

#endif
