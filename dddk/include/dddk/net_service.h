/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_service.h - the net service: one NIC, several clients, five functions.
 *
 * Takes frames from up to DDDK_NET_CLIENTS clients in turn, checks each, and
 * hands good ones to the driver; gives each received frame to the clients it
 * is for. A driver sees no ring, no client and no bad frame. One service a
 * process; one thread; nothing here blocks. The loop: dddk/service.h.
 *
 * A frame's first bytes are copied before anybody looks at them, since a client
 * may still write its own: the source address that was checked is the one that
 * is sent. Short frames are copied whole, and their client has its buffer back
 * at once; how short, the driver says.
 * Protocol: glue/net.h. Read next: dddk/net/service.c
 */
#ifndef DDDK_NET_SERVICE_H
#define DDDK_NET_SERVICE_H

#include <stdint.h>
#include <dddk/net_frame.h>
#include <glue/err.h>
#include <glue/net.h>

#define DDDK_NET_CLIENTS 8u
#define DDDK_NET_TOKENS	 256u /* most long frames inside the driver */
#define DDDK_NET_WHOLE	 256u /* what is worth to copy whole, at least */
#define DDDK_NET_HEAD	 128u /* of longer frames so much is copied */
#define DDDK_NET_PLENTY	 64u  /* buffers: as many as one poll gives frames */

/* What the NIC must let through beside its own address and broadcasts. */
struct dddk_net_filter {
	const uint8_t (*unicast)[6];
	const uint8_t (*multicast)[6];
	uint32_t n_unicast;
	uint32_t n_multicast;
};

/*
 * What the driver defines, dddk_nic_...: names and no table of pointers, since
 * a program drives one card. Linked with -flto they are no calls at all.
 */

/* Memory for the first whole_bytes of the next frame; if it is to be sent, send
 * comes next. NULL: no room; clients are served again at the next poll, which should
 * follow a completion. */
void *dddk_nic_head(void);
/* Start one frame, or queue it for commit. K_ERR_BUSY: as NULL above. Any other
 * error answers the client. */
enum k_err dddk_nic_send(const struct dddk_net_frame *frame);
/* After a batch of sends: tell the device, once. */
void dddk_nic_commit(void);
/* The addresses have changed; the lists stay until the next call. */
void dddk_nic_set_filter(const struct dddk_net_filter *filter);
/* A client asks for counters: bring those of the card up to date ("net card
 * ...", on the counters page). A driver may leave it out. */
void dddk_nic_count(void);

/**
 * dddk_net_start - begin to serve; call once the device works.
 * @whole_bytes: frames up to this are copied whole; at least DDDK_NET_WHOLE
 * @info:      copied: the NIC's address, MTU, features, link, driver. `shared`
 *             is the service's, and fill_bytes unless the driver needs less
 *
 * Return: K_ERR_INVALID, with a line in the log, if info makes no sense.
 */
enum k_err dddk_net_start(uint32_t whole_bytes,
			  const struct glue_net_info *info);

/* The link went up or down. Frames for a link that is down are refused. */
void dddk_net_set_link(int up, uint32_t speed_mbit);

/* The card is on another wire now: clients shall tell their neighbours. */
void dddk_net_announce(void);

/**
 * dddk_net_poll - take what clients have submitted and give it to the driver.
 * @events: what dddk_service_wait returned, all of it
 *
 * Call it after each wait, also when only an interrupt came. Return: requests
 * taken out of the rings.
 */
unsigned int dddk_net_poll(uint64_t events);

/* A frame with a token: the device no longer reads its bytes. */
void dddk_net_complete(uint32_t token, enum k_err status);

/* Count a frame that the driver drops: what the device says makes no sense. */
void dddk_net_bad_frame(void);

/**
 * dddk_net_receive - copy a frame into the buffers of those it is for.
 *
 * Nobody's frame, or a frame whose client lends no buffer, is dropped and
 * counted. Clients see it with the next flush.
 *
 * Return: 1; 0 if nobody who wanted it has DDDK_NET_PLENTY buffers left: a
 * driver under load had better stop polling soon and let the clients run; -1
 * if nobody had one: so will it go for the next.
 */
int dddk_net_receive(const struct dddk_net_received *frame);

/* The same for a frame in one piece of at least GLUE_NET_MIN_BYTES, about which
 * the device says nothing, as nearly all. Return: as dddk_net_receive. */
int dddk_net_receive_plain(const void *data, uint32_t bytes);

/* Frames with tokens inside the driver now. */
unsigned int dddk_net_in_flight(void);

/* Memory that a client lends: channel opens (1), last frame has ended (0). For
 * drivers that keep data on each page. Set before dddk_net_start. */
void dddk_net_on_region(void (*changed)(void *data, uint64_t bus,
					uint64_t bytes, int opened));

#endif
