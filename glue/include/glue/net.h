/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net.h - the net class protocol: Ethernet frames between client and driver.
 *
 * A client lends a region and cuts it into frame buffers. SEND names a frame to
 * transmit, FILL lends an empty buffer for one received frame; each ends with
 * one completion, in any order among the kinds, in the order of arrival among
 * received frames. Frames carry no FCS. A frame for which the client has lent
 * no buffer is dropped and counted, never kept.
 *
 * Several clients may share one NIC. Each has a MAC address of its own: the
 * first the NIC's, others one that the driver's service makes from it (locally
 * administered). A client gets frames for its address, broadcasts, and
 * multicasts it asked for; a frame it sends must carry its own source address,
 * or it ends with K_ERR_DENIED. Frames between clients of one NIC are passed on
 * in the service. The same for native and Linux drivers. Ring rules: ring.h.
 */
#ifndef GLUE_NET_H
#define GLUE_NET_H

#include <stdint.h>

#define GLUE_NET_DEPTH	    256u   /* entries in each ring */
#define GLUE_NET_MIN_BYTES  14u	   /* an Ethernet header; drivers pad to 60 */
#define GLUE_NET_FRAME_MAX  1514u  /* without GSO, at the default MTU */
#define GLUE_NET_GSO_MAX    65535u /* a SEND or FILL with offloads */
#define GLUE_NET_MULTICASTS 16u	   /* groups a client may join */

enum glue_net_op {
	GLUE_NET_INFO = 0,   /* struct glue_net_info into the data */
	GLUE_NET_SEND = 1,   /* transmit; ends when the buffer is free */
	GLUE_NET_FILL = 2,   /* room for a frame; ends with the frame */
	GLUE_NET_JOIN = 3,   /* data: multicast addresses, 6 bytes each */
	GLUE_NET_LEAVE = 4,  /* data: one of them */
	GLUE_NET_STATS = 5,  /* struct glue_net_stats into the data */
	GLUE_NET_LINK = 6,   /* ends when the link state is not `gso_type`
				  (0 down, 1 up), or it is up and the card has
				  been moved: tell the neighbours who you are;
				  completion: see flags */
	GLUE_NET_RECALL = 7, /* all FILLs of this client end with K_ERR_GONE */
};

/* Flags of SEND: the checksum from csum_start on is to be completed and put
 * at csum_start + csum_offset (VIRTIO 1.2, 5.1.6.2). */
#define GLUE_NET_CSUM	 1u
/* Flags of a completed FILL: checksums were found good by the device. */
#define GLUE_NET_CSUM_OK 2u
/* Flags of a completed FILL: bytes from csum_start are partial (sent by a peer
 * on the same host that left the work to the device). The frame is good. */
#define GLUE_NET_PARTIAL 4u
/* Flags of a completed LINK or INFO: the link is up. */
#define GLUE_NET_LINK_UP 8u

enum glue_net_gso {
	GLUE_NET_GSO_NONE = 0,
	GLUE_NET_GSO_TCP4 = 1,
	GLUE_NET_GSO_TCP6 = 4,
};

/* Submission entry, 32 bytes. Written by the client only. */
struct glue_net_sqe {
	uint8_t op;
	uint8_t flags;	     /* GLUE_NET_CSUM */
	uint8_t gso_type;    /* enum glue_net_gso, SEND only */
	uint8_t rsvd;	     /* 0 */
	uint32_t tag;	     /* the client's own, returned unchanged */
	uint32_t offset;     /* of the frame or buffer in the lent region */
	uint32_t bytes;	     /* of the frame or buffer */
	uint16_t csum_start; /* SEND with GLUE_NET_CSUM */
	uint16_t csum_offset;
	uint16_t gso_size;     /* SEND with GSO: payload of one segment */
	uint16_t header_bytes; /* SEND with GSO: all headers */
	uint64_t rsvd2;	       /* 0 */
};

/* Completion entry, 16 bytes. Written by the driver only. */
struct glue_net_cqe {
	uint32_t tag;
	uint16_t status;  /* enum k_err */
	uint8_t flags;	  /* GLUE_NET_CSUM_OK, _PARTIAL, _LINK_UP */
	uint8_t gso_type; /* FILL: the frame was merged from segments */
	uint32_t bytes;	  /* FILL: of the frame */
	uint16_t gso_size;
	uint16_t rsvd;
};

#define GLUE_NET_F_CSUM	  (1u << 0) /* SEND may ask for checksums */
#define GLUE_NET_F_TSO4	  (1u << 1)
#define GLUE_NET_F_TSO6	  (1u << 2)
#define GLUE_NET_F_RXCSUM (1u << 3)
/* TCP frames may come merged, up to GLUE_NET_GSO_MAX bytes: whole if the oldest
 * buffer has room for all, else as the segments they were made from. */
#define GLUE_NET_F_LRO	  (1u << 4)

struct glue_net_info {
	uint8_t mac[6]; /* this client's own */
	uint8_t link;	/* 1: up */
	uint8_t shared; /* 1: other clients use this NIC too */
	uint32_t mtu;
	uint32_t features;   /* GLUE_NET_F_* */
	uint32_t fill_bytes; /* smallest buffer that FILL takes */
	uint32_t speed_mbit; /* 0 unknown */
	uint32_t rsvd;
	char driver[32]; /* who serves: "linux virtio_net" */
};

/* Of one client; the whole card's are on its driver's counters page, those
 * that the card makes itself ("net card ...") as of the last STATS. */
struct glue_net_stats {
	uint64_t sent_frames, sent_bytes;
	uint64_t received_frames, received_bytes;
	uint64_t dropped_no_buffer; /* nothing was lent when a frame came */
	uint64_t dropped_too_long;
	uint64_t refused; /* SENDs that ended with an error */
};

_Static_assert(sizeof(struct glue_net_sqe) == 32, "ring entry");
_Static_assert(sizeof(struct glue_net_cqe) == 16, "ring entry");

#endif
