/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * internal.h - what the files of the net service share: clients and buffers.
 */
#ifndef DDDK_NET_INTERNAL_H
#define DDDK_NET_INTERNAL_H

#include <stdint.h>
#include <dddk/net_service.h>
#include <glue/net_check.h>

#include "../channels/serve.h"
#include "../channels/tokens.h"
#include "address.h"
#include "counts.h"

/* An empty buffer that a client lends. */
struct net_fill {
	uint32_t offset; /* in the lent region, checked */
	uint32_t room;
	uint32_t tag;
};

/* A client with an address; addresses as in address.h. */
struct net_client {
	struct dddk_channel *channel; /* NULL: free */
	uint64_t mac;
	uint32_t fill_first; /* both count without end, modulo the depth */
	uint32_t fill_end;
	uint32_t link_tag;
	uint8_t link_waits; /* a LINK request is open, for not link_knows */
	uint8_t link_knows;
	uint8_t announce; /* its next LINK ends as soon as the link is up */
	uint8_t n_groups;
	struct glue_net_stats stats;
	uint64_t group[GLUE_NET_MULTICASTS];
	struct net_fill fill[GLUE_NET_DEPTH];
};

struct net_service {
	const struct dddk_net_ops *ops;
	void *drv;
	struct glue_net_info info; /* mac: the NIC's own */
	void (*on_region)(void *data, uint64_t bus, uint64_t bytes, int opened);
	uint32_t whole_bytes; /* longer frames stay with the client */
	uint32_t uncommitted; /* sends since the last commit */
	uint32_t filter_due;  /* addresses have changed since set_filter */
	uint32_t used;	      /* bit i: client[i] has a channel */
	struct net_client *of[GLUE_CHANS_MAX]; /* by channel; NULL: refused */
	struct net_client client[DDDK_NET_CLIENTS];
};

extern struct net_service dddk_net;

static inline struct net_client *net_client_of(
	const struct dddk_channel *channel)
{
	return dddk_net.of[channel->index];
}

/* Fields that only a SEND with offloads uses, and those nobody uses. */
static inline int net_has_offloads(const struct glue_net_sqe *sqe)
{
	uint32_t small = sqe->flags | sqe->gso_type | sqe->rsvd;
	uint32_t csum = sqe->csum_start | sqe->csum_offset;
	uint32_t gso = sqe->gso_size | sqe->header_bytes;

	return (small | csum | gso | sqe->rsvd2) != 0;
}

/* Is it a FILL, and good? @sqe: private, no offloads. */
static inline int net_is_fill(const struct dddk_channel *channel,
			      const struct glue_net_sqe *sqe)
{
	return sqe->op == GLUE_NET_FILL &&
	       glue_net_fill_fits(&dddk_net.info, channel->data_bytes,
				  sqe->offset, sqe->bytes);
}

/* Has the card more than one client? */
static inline int net_is_shared(void)
{
	return (dddk_net.used & (dddk_net.used - 1)) != 0;
}

static inline uint32_t net_fills(const struct net_client *client)
{
	return client->fill_end - client->fill_first;
}

/* A checked FILL: only remembered, until a frame comes. */
static inline void net_keep_fill(struct net_client *client,
				 const struct glue_net_sqe *sqe)
{
	uint32_t place = client->fill_end++ % GLUE_NET_DEPTH;

	client->fill[place] = (struct net_fill){ .offset = sqe->offset,
						 .room = sqe->bytes,
						 .tag = sqe->tag };
	client->channel->in_flight++;
}

/* There is room: dddk_channel_ready() saw to it before the request came. */
static inline void net_answer(struct dddk_channel *channel,
			      const struct glue_net_cqe *answer)
{
	struct glue_net_cqe *cqe = dddk_channel_slot(channel, sizeof(*cqe));

	*cqe = *answer;
	dddk_channel_push(channel);
}

/* service.c */
void net_answer_status(struct dddk_channel *channel, uint32_t tag,
		       enum k_err status);

/* receive.c */
/* Among clients: 1 if the frame is for one of them only, and so done with. */
int net_is_local(const struct net_client *sender, uint64_t destination);
void net_forward(const struct net_client *sender,
		 const struct dddk_net_frame *frame, const uint8_t *head);

/* The buffer for the client's next frame, or NULL; and its end, counted. */
const struct net_fill *net_fill_oldest(struct net_client *client);
void net_drop_no_buffer(struct net_client *client);
void net_drop_too_long(struct net_client *client);
void net_fill_end(struct net_client *client, const struct net_fill *fill,
		  struct glue_net_cqe *answer);

/* segment.c: a frame that does not fit the oldest buffer, in pieces that may;
 * what is dropped is counted. */
void net_deliver_cut(struct net_client *client,
		     const struct dddk_net_received *frame);

/* clients.c */
extern const struct dddk_channels_kind net_kind;
void net_filter_update(void);

/* control.c: requests other than SEND and FILL; already checked. */
void net_control(struct dddk_channel *channel, struct net_client *client,
		 const struct glue_net_sqe *sqe);
void net_drop_fills(struct net_client *client, int answer);
void net_link_tell(struct net_client *client);

#endif
