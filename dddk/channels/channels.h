/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * channels.h - a service's channels: who is served, who sleeps, who leaves.
 *
 * The layer below every class service (block, net, the small classes). It
 * attaches to the rings that the broker offers, takes bounded batches from the
 * clients in turn, publishes answers, and lets a channel go only when its last
 * request has ended. What an entry means is the class's business. A process
 * has one service, so there is one of these, at a constant address.
 * The fast path: serve.h. Channels that come and go: channels.c. Sleep: wait.c
 * (dddk/service.h)
 */
#ifndef DDDK_CHANNELS_H
#define DDDK_CHANNELS_H

#include <stdint.h>
#include <glue/env.h>
#include <glue/ring_ops.h>

/*
 * A table of which mostly the beginning is used, in the order of these numbers
 * behind all other data: pages that nobody touches take no memory.
 */
#define DDDK_TABLE(n) __attribute__((section(".bss." #n "table")))

#define DDDK_BATCH 32u /* most entries from one client before the next */

enum dddk_channel_state {
	DDDK_CHANNEL_NONE = 0,
	DDDK_CHANNEL_SERVING = 1,
	DDDK_CHANNEL_LEAVING = 2, /* no more answers; its last requests end */
};

/* One channel. Everything here is private to the driver's process. */
struct dddk_channel {
	struct glue_ring_consumer rx;
	struct glue_ring_producer tx;
	uint8_t *data; /* lent region */
	uint64_t data_bus;
	uint64_t data_bytes;
	struct glue_ring_sleep sleep;
	uint32_t in_flight; /* taken from the ring, not answered */
	uint32_t generation;
	uint32_t state;	   /* enum dddk_channel_state */
	uint32_t index;	   /* of the channel */
	uint32_t attached; /* `opened` was called; `closed` will be */
};

/* What the layer knows of a class. Constant; hooks may be NULL. */
struct dddk_channels_kind {
	uint32_t class_id; /* enum glue_class */
	uint32_t sqe_bytes;
	uint32_t cqe_bytes;
	/* The class's poll, for a driver that does not call it itself. */
	unsigned int (*poll)(uint64_t events);
	/* Before the first request, and after the last one has ended. */
	void (*opened)(struct dddk_channel *channel);
	void (*closed)(struct dddk_channel *channel);
	/* The client leaves with requests in flight: they should end soon. */
	void (*stopped)(struct dddk_channel *channel);
	/* The slot was taken back: nobody waits for what is in flight. */
	void (*orphaned)(struct dddk_channel *channel);
};

struct dddk_channels {
	const struct dddk_channels_kind *kind; /* NULL before the start */
	uint32_t serving;		       /* bit i: channel i is served */
	uint32_t awake;	  /* bit i: its ring is to be looked at */
	uint32_t leaving; /* bit i: channel i is leaving */
	uint32_t unseen;  /* bit i: answers not yet published */
	uint32_t first;	  /* channel that is shown its answers first */
	uint32_t turn;	  /* channel that is served first */
	uint32_t busy;	  /* the driver has no room: serve nobody */
	uint32_t more;	  /* a batch was cut short: one more round */
	uint32_t due;	  /* things the service itself owes the driver */
	uint32_t aside;	  /* work, no answer: frames dropped, bytes begun */
	struct dddk_channel channel[GLUE_CHANS_MAX];
};

extern struct dddk_channels dddk_channels;

/* Begin to serve the channels of a class, those that are open already too. */
void dddk_channels_start(const struct dddk_channels_kind *kind);

/* Compare the broker's channel table with what is served: open, close. */
void dddk_channels_update(void);

/* Give back channels whose last request has ended. */
void dddk_channels_release(void);

/* The client's ring holds nonsense: say so once, and stop serving it. */
void dddk_channel_break(struct dddk_channel *channel);

/*
 * How many requests of a client can be taken now: they are in the ring, and
 * the completion ring has room for their answers beside those of what is in
 * flight already. Both are looked up in shared memory only if need be.
 */
static inline uint32_t dddk_channel_ready(struct dddk_channel *channel)
{
	struct glue_ring_producer *tx = &channel->tx;
	uint32_t ready = glue_ring_ready(&channel->rx);
	uint32_t room = tx->depth - (tx->next - tx->seen);

	if (ready == 0)
		return 0;
	if (room < channel->in_flight + ready)
		room = glue_ring_refresh_space(tx);
	if (room <= channel->in_flight)
		return 0;
	room -= channel->in_flight;
	return ready < room ? ready : room;
}

static inline int dddk_channel_broken(const struct dddk_channel *channel)
{
	return channel->rx.broken || channel->tx.broken;
}

#endif
