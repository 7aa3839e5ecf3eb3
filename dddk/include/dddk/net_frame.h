/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_frame.h - a network frame between the net service and a driver.
 */
#ifndef DDDK_NET_FRAME_H
#define DDDK_NET_FRAME_H

#include <stdint.h>

/* What the NIC shall do to a frame, in virtio's form (VIRTIO 1.2, 5.1.6). */
struct dddk_net_offload {
	uint8_t flags; /* GLUE_NET_CSUM */
	uint8_t gso_type;
	uint16_t header_bytes; /* with gso_type: within the head */
	uint16_t gso_size;
	uint16_t csum_start;
	uint16_t csum_offset;
};

#define DDDK_NET_NO_TOKEN (~0u)

/* A frame to be sent, checked; the struct is valid only during the call. */
struct dddk_net_frame {
	uint32_t bytes;	     /* the whole frame, without FCS */
	uint32_t head_bytes; /* now in the memory that ops->head gave */
	const void *rest;    /* the others, in lent memory; contiguous */
	uint64_t rest_bus;
	uint32_t token; /* DDDK_NET_NO_TOKEN if there is no rest */
	struct dddk_net_offload offload;
};

struct dddk_net_piece {
	const void *data;
	uint32_t bytes;
};
#define DDDK_NET_PIECES 64u

/* A frame as the device gave it. */
struct dddk_net_received {
	const struct dddk_net_piece *piece;
	uint32_t n_pieces; /* 1..DDDK_NET_PIECES; the first has the addresses */
	uint32_t bytes;	   /* of all pieces */
	uint8_t flags;	   /* GLUE_NET_CSUM_OK, GLUE_NET_PARTIAL */
	uint8_t gso_type;
	uint16_t gso_size;
};

#endif
