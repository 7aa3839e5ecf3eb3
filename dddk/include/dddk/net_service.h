/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_service.h - the net service: one NIC, several clients, two functions.
 *
 * Takes frames from up to DDDK_NET_CLIENTS clients in turn, checks each, and
 * hands good ones to the driver; gives each received frame to the clients it
 * is for. A driver sees no ring, no client and no bad frame. One service a
 * process; one thread; nothing here blocks. The loop: dddk/service.h.
 *
 * The first bytes of a frame are copied into the driver's own memory before
 * anybody looks at them, since a client may still write its own; so the source
 * address that was checked is the one that is sent. Short frames are copied
 * whole, and their client has its buffer back at once; how short, the driver
 * says: one that cannot gather takes all of every frame.
 * Protocol: glue/net.h. Read next: dddk/net/service.c
 */
#ifndef DDDK_NET_SERVICE_H
#define DDDK_NET_SERVICE_H

#include <stdint.h>
#include <glue/err.h>
#include <glue/net.h>

#define DDDK_NET_CLIENTS  8u
#define DDDK_NET_TOKENS	  256u /* most long frames inside the driver */
#define DDDK_NET_NO_TOKEN (~0u)
#define DDDK_NET_WHOLE	  256u /* what is worth to copy whole, at least */
#define DDDK_NET_HEAD	  128u /* of longer frames so much is copied */

/* A checked frame; the struct is valid only during the call. */
struct dddk_net_frame {
	uint32_t bytes;	     /* the whole frame, without FCS */
	uint32_t head_bytes; /* now in the memory that ops->head gave */
	const void *rest;    /* the others, in lent memory; contiguous */
	uint64_t rest_bus;
	uint32_t token; /* DDDK_NET_NO_TOKEN if there is no rest */
	uint8_t flags;	/* GLUE_NET_CSUM */
	uint8_t gso_type;
	uint16_t gso_size;
	uint16_t csum_start;
	uint16_t csum_offset;
	uint16_t header_bytes; /* with gso_type: within the head */
};

/* What the NIC must let through beside its own address and broadcasts. */
struct dddk_net_filter {
	const uint8_t (*unicast)[6];
	const uint8_t (*multicast)[6];
	uint32_t n_unicast;
	uint32_t n_multicast;
};

struct dddk_net_ops {
	/* Memory for the first whole_bytes of the next frame; the same until
	 * send takes it. NULL: no room; clients are served again
	 * at the next poll, which should follow a completion. */
	void *(*head)(void *drv);
	/* Start one frame, or queue it for commit. K_ERR_BUSY: as NULL above.
	 * Any other error answers the client. */
	enum k_err (*send)(void *drv, const struct dddk_net_frame *frame);
	/* After a batch of sends: tell the device, once. May be NULL. */
	void (*commit)(void *drv);
	/* The addresses have changed; valid during the call. May be NULL for
	 * a device that lets everything through. */
	void (*set_filter)(void *drv, const struct dddk_net_filter *filter);
	/* A client asks for counters: bring up to date what the card itself
	 * counts, on the process's counters page ("net card ..."). May be
	 * NULL. */
	void (*count)(void *drv);
};

/**
 * dddk_net_start - begin to serve; call once the device works.
 * @ops, @drv: the driver; must stay
 * @whole_bytes: frames up to this are copied whole; at least DDDK_NET_WHOLE
 * @info:      copied: the NIC's address, MTU, features, link, driver. `shared`
 *             is the service's, and fill_bytes unless the driver needs less
 *
 * Return: K_ERR_INVALID if info makes no sense.
 */
enum k_err dddk_net_start(const struct dddk_net_ops *ops, void *drv,
			  uint32_t whole_bytes,
			  const struct glue_net_info *info);

/* For a probe that may be a recovery: start, or if clients are served already,
 * tell the device their addresses again and them the link's state. */
enum k_err dddk_net_serve(const struct dddk_net_ops *ops, void *drv,
			  uint32_t whole_bytes,
			  const struct glue_net_info *info);

/* The link went up or down. Frames for a link that is down are refused. */
void dddk_net_set_link(int up, uint32_t speed_mbit);

/* The card is on another wire now, or its machine is (VIRTIO 1.2, 5.1.6.5.4):
 * clients shall tell their neighbours where they are. */
void dddk_net_announce(void);

/**
 * dddk_net_poll - take what clients have submitted and give it to the driver.
 * @events: what dddk_service_wait returned, all of it
 *
 * Call it after each wait, also when only an interrupt came.
 *
 * Return: requests taken out of the rings.
 */
unsigned int dddk_net_poll(uint64_t events);

/* A frame with a token: the device no longer reads its bytes. */
void dddk_net_complete(uint32_t token, enum k_err status);

struct dddk_net_piece {
	const void *data;
	uint32_t bytes;
};
#define DDDK_NET_PIECES 64u
#define DDDK_NET_PLENTY 64u /* buffers: as many as one poll gives frames */

/* A frame as the device gave it. */
struct dddk_net_received {
	const struct dddk_net_piece *piece;
	uint32_t n_pieces; /* 1..DDDK_NET_PIECES; the first has the addresses */
	uint32_t bytes;	   /* of all pieces */
	uint8_t flags;	   /* GLUE_NET_CSUM_OK, GLUE_NET_PARTIAL */
	uint8_t gso_type;
	uint16_t gso_size;
};

/**
 * dddk_net_receive - copy a frame into the buffers of those it is for.
 *
 * The driver has its memory back on return. Nobody's frame, or a frame whose
 * client lends no buffer, is dropped and counted. Clients see it with the
 * next flush.
 *
 * Return: 1; 0 if nobody who wanted it has DDDK_NET_PLENTY buffers left: a
 * driver under load had better stop polling soon and let the clients run.
 */
int dddk_net_receive(const struct dddk_net_received *frame);

/* Frames with tokens inside the driver now. */
unsigned int dddk_net_in_flight(void);

/* Memory that a client lends: its channel opens (1), its last frame has ended
 * (0). For drivers that keep data on each page. Set before dddk_net_start. */
void dddk_net_on_region(void (*changed)(void *data, uint64_t bus,
					uint64_t bytes, int opened));

#endif
