/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clients.c - block service: channels that open, close, or misbehave.
 *
 * The broker writes the channel table and raises GLUE_EVENT_CONTROL. A channel
 * that closes may still have requests inside the driver, whose device reads or
 * writes the lent pages. So the service first lets them end, and only then
 * tells the broker (DISCONNECT) that the pages may be taken away.
 */
#include <dddk/log.h>
#include <glue/broker_client.h>
#include <glue/rt.h>

#include "internal.h"

static void report_region(const struct client *client, int opened)
{
	struct dddk_block_region region = {
		.data = client->data,
		.bus = client->data_bus,
		.bytes = client->data_bytes,
	};

	if (dddk_block.on_region)
		dddk_block.on_region(&region, opened);
}

static enum k_err attach_rings(struct client *client, unsigned int index,
			       const struct glue_chan *chan)
{
	void *ring = (void *)(GLUE_RING_VADDR + index * GLUE_RING_SPAN);
	struct glue_ring_shape shape = {
		.depth = chan->depth,
		.sqe_bytes = sizeof(struct glue_block_sqe),
		.cqe_bytes = sizeof(struct glue_block_cqe),
	};
	struct glue_ring_ends ends;
	enum k_err err;

	err = glue_ring_attach(&ends, ring, chan->ring_bytes, &shape, 1);
	if (err)
		return err;
	client->rx = ends.rx;
	client->tx = ends.tx;
	client->sleep = ends.sleep;
	return K_OK;
}

static void open_client(unsigned int index, const struct glue_chan *chan)
{
	struct client *client = &dddk_block.client[index];

	*client = (struct client){
		.generation = chan->generation,
		.index = index,
	};
	if (attach_rings(client, index, chan)) {
		dddk_log("channel %u of %.16s: depth %u does not fit %u bytes "
			 "of ring; closed",
			 index, chan->peer, chan->depth, chan->ring_bytes);
		client->state = CLIENT_LEAVING;
		dddk_block.leaving |= 1u << index;
		return;
	}
	client->data = (uint8_t *)chan->data_vaddr;
	client->data_bus = chan->data_bus;
	client->data_bytes = chan->data_bytes;
	client->state = CLIENT_SERVING;
	dddk_block.serving |= 1u << index;
	dddk_block.awake |= 1u << index;
	report_region(client, 1);
}

void dddk_block_stop_client(unsigned int index)
{
	dddk_block.client[index].state = CLIENT_LEAVING;
	dddk_block.serving &= ~(1u << index);
	dddk_block.awake &= ~(1u << index);
	dddk_block.unseen &= ~(1u << index);
	dddk_block.leaving |= 1u << index;
}

void dddk_block_break_client(unsigned int index)
{
	dddk_log("client %.16s broke the ring protocol: an index jumped; "
		 "channel %u is closed, others go on",
		 glue_chan(index)->peer, index);
	dddk_block_stop_client(index);
}

/* After this, answers to what the channel had in flight are dropped. */
static void forget_client(unsigned int index)
{
	struct client *client = &dddk_block.client[index];

	dddk_block.serving &= ~(1u << index);
	dddk_block.awake &= ~(1u << index);
	dddk_block.leaving &= ~(1u << index);
	dddk_block.unseen &= ~(1u << index);
	if (client->in_flight)
		dddk_block_orphan_requests(index);
	if (client->data)
		report_region(client, 0);
	*client = (struct client){ .state = CLIENT_NONE };
}

void dddk_block_release_clients(void)
{
	uint32_t left;

	for (left = dddk_block.leaving; left; left &= left - 1) {
		unsigned int index = (unsigned int)__builtin_ctz(left);

		if (dddk_block.client[index].in_flight)
			continue;
		forget_client(index);
		glue_broker_disconnect(index);
	}
}

static void update_client(unsigned int index)
{
	const struct glue_chan *chan = glue_chan(index);
	/* Pairs with the broker's release: the rest is written before. */
	uint32_t state = __atomic_load_n(&chan->state, __ATOMIC_ACQUIRE);
	struct client *client = &dddk_block.client[index];
	int ours = state == GLUE_CHAN_OPEN && chan->server &&
		   chan->class_id == GLUE_CLASS_BLOCK;

	/* A new channel in the slot, or the slot taken back without asking. */
	if (client->state != CLIENT_NONE &&
	    (chan->generation != client->generation || state == GLUE_CHAN_FREE))
		forget_client(index);
	if (client->state == CLIENT_SERVING && !ours)
		dddk_block_stop_client(index);
	if (client->state == CLIENT_NONE && ours)
		open_client(index, chan);
}

void dddk_block_update_clients(void)
{
	unsigned int index;

	for (index = 0; index < GLUE_CHANS_MAX; index++)
		update_client(index);
}
