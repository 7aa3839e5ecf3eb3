/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fills.h - the empty buffers that a client lends: kept, used up, answered.
 *
 * Inline, as each received frame uses one up and each answer brings the next.
 */
#ifndef DDDK_NET_FILLS_H
#define DDDK_NET_FILLS_H

#include "internal.h"

/* Is it a FILL, and good? @sqe: private, no offloads. */
static inline int net_is_fill(const struct dddk_channel *channel,
			      const struct glue_net_sqe *sqe)
{
	return sqe->op == GLUE_NET_FILL &&
	       glue_net_fill_fits(&dddk_net.info, channel->data_bytes,
				  sqe->offset, sqe->bytes);
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

/* The buffer for the client's next frame, or NULL. */
const struct net_fill *net_fill_oldest(struct net_client *client);
void net_drop_no_buffer(struct net_client *client);
void net_drop_too_long(struct net_client *client);

/* Answer the client's oldest buffer: a frame of so many bytes is in it. The
 * entry is written where it lies; there is room, as in net_answer. */
static inline void net_fill_end(struct net_client *client, uint32_t bytes,
				const struct dddk_net_received *frame)
{
	uint32_t place = client->fill_first++ % GLUE_NET_DEPTH;
	struct dddk_channel *channel = client->channel;
	struct glue_net_cqe *cqe = dddk_channel_slot(channel, sizeof(*cqe));

	cqe->tag = client->fill[place].tag;
	cqe->status = K_OK;
	cqe->flags = frame->flags;
	cqe->gso_type = frame->gso_type;
	cqe->bytes = bytes;
	cqe->gso_size = frame->gso_size;
	cqe->rsvd = 0;
	dddk_channel_push(channel);
	channel->in_flight--;
	client->stats.received_frames++;
	client->stats.received_bytes += bytes;
}

#endif
