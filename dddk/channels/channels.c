/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * channels.c - channels that open, close, or misbehave.
 *
 * The broker writes the channel table and raises GLUE_EVENT_CONTROL. A channel
 * that closes may still have requests inside the driver, whose device reads or
 * writes the lent pages. So the service first lets them end, and only then
 * tells the broker (DISCONNECT) that the pages may be taken away.
 */
#include <dddk/log.h>
#include <dddk/service.h>
#include <glue/broker_client.h>
#include <glue/rt.h>

#include "channels.h"

struct dddk_channels dddk_channels DDDK_TABLE(2);

/* A class need not care for every step of a channel's life. */
static void tell(void (*hook)(struct dddk_channel *channel),
		 struct dddk_channel *channel)
{
	if (hook)
		hook(channel);
}

static enum k_err attach_rings(struct dddk_channel *channel,
			       const struct glue_chan *chan)
{
	void *ring = (void *)(GLUE_RING_VADDR +
			      channel->index * GLUE_RING_SPAN);
	struct glue_ring_shape shape = {
		.depth = chan->depth,
		.sqe_bytes = dddk_channels.kind->sqe_bytes,
		.cqe_bytes = dddk_channels.kind->cqe_bytes,
	};
	struct glue_ring_ends ends;
	enum k_err err;

	err = glue_ring_attach(&ends, ring, chan->ring_bytes, &shape, 1);
	if (err)
		return err;
	channel->rx = ends.rx;
	channel->tx = ends.tx;
	channel->sleep = ends.sleep;
	return K_OK;
}

static void open_channel(struct dddk_channel *channel, unsigned int index,
			 const struct glue_chan *chan)
{
	*channel = (struct dddk_channel){
		.generation = chan->generation,
		.index = index,
	};
	if (attach_rings(channel, chan)) {
		dddk_log("channel %u of %.16s: depth %u does not fit %u bytes "
			 "of ring; closed",
			 index, chan->peer, chan->depth, chan->ring_bytes);
		channel->state = DDDK_CHANNEL_LEAVING;
		dddk_channels.leaving |= 1u << index;
		return;
	}
	channel->data = (uint8_t *)chan->data_vaddr;
	channel->data_bus = chan->data_bus;
	channel->data_bytes = chan->data_bytes;
	channel->state = DDDK_CHANNEL_SERVING;
	channel->attached = 1;
	dddk_channels.serving |= 1u << index;
	dddk_channels.awake |= 1u << index;
	tell(dddk_channels.kind->opened, channel);
}

/* Its requests inside the driver run on; the class may hurry them. */
static void stop_channel(struct dddk_channel *channel)
{
	uint32_t bit = 1u << channel->index;

	channel->state = DDDK_CHANNEL_LEAVING;
	dddk_channels.serving &= ~bit;
	dddk_channels.awake &= ~bit;
	dddk_channels.unseen &= ~bit;
	dddk_channels.leaving |= bit;
	if (channel->in_flight)
		tell(dddk_channels.kind->stopped, channel);
}

void dddk_service_stop(void)
{
	uint32_t left = dddk_channels.serving;

	dddk_channels.serving = dddk_channels.awake = 0;
	for (; left; left &= left - 1) {
		struct dddk_channel *channel =
			&dddk_channels.channel[__builtin_ctz(left)];

		if (channel->in_flight)
			tell(dddk_channels.kind->stopped, channel);
	}
}

unsigned int dddk_service_in_flight(void)
{
	unsigned int index, n = 0;

	for (index = 0; index < GLUE_CHANS_MAX; index++)
		n += dddk_channels.channel[index].in_flight;
	return n;
}

void dddk_channel_break(struct dddk_channel *channel)
{
	dddk_log("client %.16s broke the ring protocol: an index jumped; "
		 "channel %u is closed, others go on",
		 glue_chan(channel->index)->peer, channel->index);
	stop_channel(channel);
}

/* After this, answers to what the channel had in flight are dropped. */
static void forget_channel(struct dddk_channel *channel)
{
	uint32_t bit = 1u << channel->index;

	dddk_channels.serving &= ~bit;
	dddk_channels.awake &= ~bit;
	dddk_channels.leaving &= ~bit;
	dddk_channels.unseen &= ~bit;
	if (channel->in_flight)
		tell(dddk_channels.kind->orphaned, channel);
	if (channel->attached)
		tell(dddk_channels.kind->closed, channel);
	*channel = (struct dddk_channel){ .state = DDDK_CHANNEL_NONE };
}

void dddk_channels_release(void)
{
	uint32_t left;

	for (left = dddk_channels.leaving; left; left &= left - 1) {
		unsigned int index = (unsigned int)__builtin_ctz(left);
		struct dddk_channel *channel = &dddk_channels.channel[index];

		if (channel->in_flight)
			continue;
		forget_channel(channel);
		glue_broker_disconnect(index);
	}
}

static void update_channel(unsigned int index)
{
	const struct glue_chan *chan = glue_chan(index);
	/* Pairs with the broker's release: the rest is written before. */
	uint32_t state = __atomic_load_n(&chan->state, __ATOMIC_ACQUIRE);
	struct dddk_channel *channel = &dddk_channels.channel[index];
	uint32_t known = dddk_channels.serving | dddk_channels.leaving;
	int ours = state == GLUE_CHAN_OPEN && chan->server &&
		   chan->class_id == dddk_channels.kind->class_id;

	if (state == GLUE_CHAN_FREE && !(known >> index & 1))
		return; /* not one access to its memory */
	/* A new channel in the slot, or the slot taken back without asking. */
	if (channel->state != DDDK_CHANNEL_NONE &&
	    (chan->generation != channel->generation ||
	     state == GLUE_CHAN_FREE))
		forget_channel(channel);
	if (channel->state == DDDK_CHANNEL_SERVING && !ours)
		stop_channel(channel);
	if (channel->state == DDDK_CHANNEL_NONE && ours)
		open_channel(channel, index, chan);
}

/* Answers that clients have been given; of those who left it is forgotten. */
static uint64_t count_served(void)
{
	uint64_t served = dddk_channels.aside;

	for (uint32_t left = dddk_channels.serving; left; left &= left - 1)
		served +=
			dddk_channels.channel[__builtin_ctz(left)].tx.published;
	return served;
}

void dddk_channels_update(void)
{
	unsigned int index;

	for (index = 0; index < GLUE_CHANS_MAX; index++)
		update_channel(index);
	glue_beat(count_served());
}

void dddk_channels_start(const struct dddk_channels_kind *kind)
{
	dddk_channels.kind = kind;
	dddk_channels_update();
}
