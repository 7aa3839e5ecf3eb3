/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve.h - the fast path of a service: one poll, from the rings to the class.
 *
 * Inline, with the class's functions as constant arguments, so that a class
 * pays no indirect call for sharing this. The shape of a class's poll:
 *
 *	if (!dddk_channels_begin(events))
 *		return 0;
 *	total = dddk_channels_serve(serve);
 *	(tell the driver that the batch is complete)
 *	dddk_channels_end();
 *
 * where serve() is dddk_channel_take() with the class's entry and handler.
 */
#ifndef DDDK_SERVE_H
#define DDDK_SERVE_H

#include "channels.h"

#define DDDK_INLINE static inline __attribute__((always_inline))

/* Takes entries of one client; returns how many. */
typedef unsigned int dddk_serve_fn(struct dddk_channel *channel);
/* One entry, already private. Returns 0 if it must stay in the ring. */
typedef int dddk_handle_fn(struct dddk_channel *channel, const void *entry);

/* Take a bounded batch from one client. @entry: room for one, 8-aligned. */
DDDK_INLINE unsigned int dddk_channel_take(struct dddk_channel *channel,
					   void *entry, uint32_t entry_bytes,
					   dddk_handle_fn *handle)
{
	uint32_t ready = dddk_channel_ready(channel);
	unsigned int n;

	if (ready > DDDK_BATCH) {
		ready = DDDK_BATCH;
		dddk_channels.more = 1;
	}
	for (n = 0; n < ready; n++) {
		glue_ring_peek(&channel->rx, entry, entry_bytes);
		if (!handle(channel, entry))
			break;
		glue_ring_pop(&channel->rx);
	}
	if (n)
		glue_ring_release(&channel->rx);
	if (dddk_channel_broken(channel))
		dddk_channel_break(channel);
	return n;
}

/* Where the next answer goes. There is room: dddk_channel_ready() saw to it
 * before the request was taken. Fill it, then dddk_channel_push. */
DDDK_INLINE void *dddk_channel_slot(const struct dddk_channel *channel,
				    uint32_t cqe_bytes)
{
	return glue_ring_slot(&channel->tx, cqe_bytes);
}

/* The client sees it with the next flush. */
DDDK_INLINE void dddk_channel_push(struct dddk_channel *channel)
{
	glue_ring_push(&channel->tx);
	dddk_channels.unseen |= 1u << channel->index;
}

/* Serve the clients of @mask in order until the driver has no room. */
DDDK_INLINE unsigned int dddk_channels_serve_mask(uint32_t mask,
						  dddk_serve_fn *serve)
{
	unsigned int total = 0;

	for (; mask && !dddk_channels.busy; mask &= mask - 1) {
		unsigned int index = (unsigned int)__builtin_ctz(mask);
		unsigned int n = serve(&dddk_channels.channel[index]);

		total += n;
		/* Who got something goes behind the others; who found the
		 * driver full at once comes first next time. */
		if (dddk_channels.busy)
			dddk_channels.turn = n ? (index + 1) % GLUE_CHANS_MAX :
						 index;
	}
	return total;
}

/* Rounds over the clients, each beginning with the one whose turn it is.
 * What comes meanwhile is seen before the driver sleeps. */
DDDK_INLINE unsigned int dddk_channels_serve(dddk_serve_fn *serve)
{
	unsigned int total = 0;

	while (dddk_channels.awake && !dddk_channels.busy) {
		uint32_t ahead = dddk_channels.awake &
				 (~0u << dddk_channels.turn);

		dddk_channels.more = 0;
		total += dddk_channels_serve_mask(ahead, serve);
		total += dddk_channels_serve_mask(dddk_channels.awake & ~ahead,
						  serve);
		if (!dddk_channels.more)
			break;
	}
	return total;
}

/* Returns 0 before the start: there is nobody to serve, and no driver. */
DDDK_INLINE int dddk_channels_begin(uint64_t events)
{
	if (!dddk_channels.kind)
		return 0;
	if (events & GLUE_EVENT_CONTROL)
		dddk_channels_update();
	dddk_channels.awake |= (uint32_t)events & dddk_channels.serving;
	dddk_channels.busy = 0;
	return 1;
}

DDDK_INLINE void dddk_channels_end(void)
{
	if (dddk_channels.leaving)
		dddk_channels_release();
}

#endif
