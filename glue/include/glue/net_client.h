/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_client.h - using a network card: open, send and receive Ethernet frames.
 *
 * Frames lie in the region lent to the driver, in memory from glue_net_alloc; the
 * device reads sent frames from these very pages. A struct glue_net_frame and its bytes
 * belong to the library from send or fill until done has been called. Received frames
 * come in the order of their arrival, into the oldest buffers. When the driver has died
 * and lives again, lent buffers are lent again, and frames that it had not answered sent
 * again; what had come in, and was not told yet, is lost. One thread; struct glue_net is
 * the caller's. Protocol: glue/net.h. Read next: glue/client/net.c
 */
#ifndef GLUE_NET_CLIENT_H
#define GLUE_NET_CLIENT_H

#include <stdint.h>
#include <glue/err.h>
#include <glue/net.h>
#include <glue/net_frame.h>
#include <glue/port.h>

#define GLUE_NET_ALLOC_ALIGN 64u
#define GLUE_NET_LEND_MIN    8192u
/* Frames in flight, sent and lent together: three slots are the library's. */
#define GLUE_NET_FRAMES_MAX  (GLUE_NET_DEPTH - 3)

/* An open network card, about 3 KiB. Every field belongs to glue/client, but
 * link_changed and owner, which the caller may set after opening. */
struct glue_net {
	struct glue_port port;
	struct glue_net_frame *slot[GLUE_NET_DEPTH];
	uint8_t free_slot[GLUE_NET_DEPTH]; /* stack of free slots */
	uint32_t n_free;
	uint32_t n_slots;   /* as many as the ring is deep */
	uint32_t serial;    /* upper tag bits: late answers, order */
	uint64_t data_used; /* handed out by glue_net_alloc */
	struct glue_net_info info;
	struct glue_net_frame control; /* INFO, JOIN, LEAVE, STATS, RECALL */
	uint32_t control_op;	       /* which of them, enum glue_net_op */
	struct glue_net_frame link;    /* always open: waits for a change */
	struct glue_net_frame rejoin;  /* JOIN of all groups, for a new life */
	uint8_t group[GLUE_NET_MULTICASTS][6]; /* joined */
	uint32_t n_groups;
	uint64_t sent_again; /* frames; the wire may have seen them twice */
	struct glue_net_stats known, before; /* last answer; earlier lives */
	/* Also while the link stays up: the card has been moved. May be NULL */
	void (*link_changed)(struct glue_net *net);
	void *owner;
};

/**
 * glue_net_open - connect to a network card and read its properties.
 * @data_bytes:     memory to lend, GLUE_NET_LEND_MIN..GLUE_LENT_SPAN; the library keeps
 *                  the first GLUE_NET_ALLOC_ALIGN * 6 bytes
 * @deadline_ticks: when to stop waiting for the driver's answer
 *
 * Return: what glue_broker_connect returns; K_ERR_TIMEOUT; K_ERR_PROTOCOL if
 *         the channel is not a net channel or the driver's answer is bad.
 */
enum k_err glue_net_open(struct glue_net *net, const char *service,
			 uint64_t data_bytes, uint64_t deadline_ticks);

/* Give the channel back. Frames in flight end with K_ERR_GONE first. */
void glue_net_close(struct glue_net *net);
/* `link` follows the wire (seen in poll), the rest is as of the last refresh.
 * Return of refresh: as glue_net_open's of an open channel. */
static inline const struct glue_net_info *glue_net_info(
	const struct glue_net *net)
{
	return &net->info;
}
enum k_err glue_net_refresh(struct glue_net *net, uint64_t deadline_ticks);

/* Memory in the lent region, GLUE_NET_ALLOC_ALIGN-aligned; lives until close.
 * Return: NULL when the region is used up. */
void *glue_net_alloc(struct glue_net *net, uint64_t bytes);

/**
 * glue_net_send - transmit a frame; it leaves with the next kick or wait.
 *
 * done: K_OK says that the device has it, not that anybody received it;
 * K_ERR_DENIED: not this client's source address; K_ERR_GONE: no link.
 *
 * Return: K_OK: done will be called, from poll or wait, never from here. Else
 *         the frame was not taken: K_ERR_BUSY (GLUE_NET_FRAMES_MAX in flight),
 *         K_ERR_GONE, K_ERR_INVALID (below 14 bytes, offloads that make no
 *         sense or that info does not offer), K_ERR_RANGE (too long, or
 *         outside of the lent region).
 */
enum k_err glue_net_send(struct glue_net *net, struct glue_net_frame *frame);

/**
 * glue_net_fill - lend @room bytes at @data for one received frame.
 *
 * done: K_OK and the frame's bytes, flags and gso fields, or K_ERR_GONE.
 * Keep enough lent: frames that find no buffer are dropped.
 *
 * Return: as glue_net_send; K_ERR_INVALID: room below info.fill_bytes.
 */
enum k_err glue_net_fill(struct glue_net *net, struct glue_net_frame *frame);

/* All lent buffers come back, each with K_ERR_GONE or a frame. */
enum k_err glue_net_recall(struct glue_net *net, uint64_t deadline_ticks);
/* Show frames to the driver; one signal, only if it sleeps. */
static inline void glue_net_kick(struct glue_net *net)
{
	glue_port_kick(&net->port);
}
/* Handle what has ended, or the channel's end. Return: how many frames. */
unsigned int glue_net_poll(struct glue_net *net);

/**
 * glue_net_wait - kick, then sleep until a frame has ended or the link changed.
 *
 * Return: K_OK; K_ERR_TIMEOUT; K_ERR_GONE: the channel has closed and every
 *         frame has ended with K_ERR_GONE.
 */
enum k_err glue_net_wait(struct glue_net *net, uint64_t deadline_ticks);

/* Wait until the link is up (1) or down (0). Frames' done may run. Return: as
 * glue_net_wait. */
enum k_err glue_net_wait_link(struct glue_net *net, int up,
			      uint64_t deadline_ticks);

/* Blocking; frames' done may run inside. K_ERR_FULL: too many groups;
 * K_ERR_INVALID: no multicast address; K_ERR_NOTFOUND: was not joined. Stats go on
 * through the driver's deaths, as far as each life was asked for them. */
enum k_err glue_net_join(struct glue_net *net, const uint8_t group[6],
			 uint64_t deadline_ticks);
enum k_err glue_net_leave(struct glue_net *net, const uint8_t group[6],
			  uint64_t deadline_ticks);
enum k_err glue_net_stats(struct glue_net *net, struct glue_net_stats *stats,
			  uint64_t deadline_ticks);

/* Frames that the caller has given and not got back. */
static inline unsigned int glue_net_in_flight(const struct glue_net *net)
{
	return net->n_slots - 3 - net->n_free;
}

/* Are frames taken, now or when the driver is back? */
static inline int glue_net_is_open(const struct glue_net *net)
{
	return glue_port_serves(&net->port);
}

/* For programs with their own event loop: glue_port_sleep_prepare and _end. */
#define GLUE_NET_EVENTS(net) GLUE_PORT_EVENTS(&(net)->port)

#endif
