/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * channels.c - open and close channels; see channels.h for who owns what when.
 *
 * The life of a channel, as (client end, server end):
 *
 *   open, open      both processes see the memory, signals go both ways
 *   closed, open    the client has left or died. The server sees CLOSED, ends
 *                   the requests it still has in the device, then closes
 *   open, closed    the server has hung up or died; the client sees CLOSED
 *   closed, closed  the channel is gone, its memory is free - or stuck, if a
 *                   driver died by a fault and its device was never stopped
 *
 * An end that closes loses its mappings and its capability to signal at once.
 * The other end keeps both until it closes too: signalling a peer that has just
 * died must not be a fault. That is why `ends` counts for both processes until
 * the channel is gone, and an entry of the process table with ends is not
 * used again. All frames and their copies descend from the channel's account,
 * so that closing it is the only clean-up there is.
 */
#include "channels.h"

#include <glue/ring.h>
#include <glue/string.h>
#include <glue/sys.h>

#include "blocks.h"
#include "loader.h"
#include "log.h"
#include "slots.h"

enum side { CLIENT = 0, SERVER = 1 };

struct channel_end {
	struct broker_process *process;
	uint32_t index; /* in the process's channel table */
	uint32_t open;
	uint32_t ring; /* slots of the frames mapped on this side */
	uint32_t data;
	uint64_t data_vaddr; /* where this side sees the lent region */
};

struct channel {
	uint32_t used;
	uint32_t stuck; /* memory may still be written by a device */
	uint32_t ring_pages;
	uint32_t data_pages;
	uint64_t data_paddr;
	struct broker_account account;
	struct channel_end end[2];
};

static struct channel channels[BROKER_CHANNELS_MAX];

void broker_channels_init(void)
{
	memset(channels, 0, sizeof(channels));
}

static struct channel *channel_find_free(void)
{
	for (unsigned int i = 0; i < BROKER_CHANNELS_MAX; i++) {
		if (!channels[i].used)
			return &channels[i];
	}
	return NULL;
}

/* A free index in a process's channel table; GLUE_CHANS_MAX if it is full. */
static unsigned int index_find_free(const struct broker_process *process)
{
	unsigned int i = 0;

	while (i < GLUE_CHANS_MAX && process->chan[i] != 0)
		i++;
	return i;
}

int broker_channel_granted(const struct broker_process *client)
{
	unsigned int taken = 0;

	for (unsigned int i = 0; i < GLUE_CHANS_MAX; i++) {
		unsigned int id = client->chan[i];

		taken += id && channels[id - 1].end[CLIENT].process == client;
	}
	return taken < client->program->channels;
}

int broker_channel_room(const struct broker_process *process)
{
	return index_find_free(process) < GLUE_CHANS_MAX;
}

static uint64_t ring_vaddr(unsigned int index)
{
	return GLUE_RING_VADDR + index * GLUE_RING_SPAN;
}

/* The end of a channel that a process has under an index. */
static struct channel *channel_of(const struct broker_process *process,
				  unsigned int index, enum side *side)
{
	struct channel *ch;

	if (index >= GLUE_CHANS_MAX || process->chan[index] == 0)
		return NULL;
	ch = &channels[process->chan[index] - 1];
	*side = ch->end[CLIENT].process == process ? CLIENT : SERVER;
	return ch;
}

/* The end of a channel region that meets these bytes in a process; 0: none. */
static uint64_t region_in_way(const struct broker_process *process,
			      uint64_t place, uint64_t bytes)
{
	for (unsigned int i = 0; i < GLUE_CHANS_MAX; i++) {
		enum side side;
		const struct channel *ch = channel_of(process, i, &side);
		uint64_t start = ch ? ch->end[side].data_vaddr : 0;
		uint64_t end = start;

		if (start)
			end += (uint64_t)ch->data_pages * BROKER_PAGE_BYTES;
		if (place < end && start < place + bytes)
			return end;
	}
	return 0;
}

/*
 * Where an end shall see the lent region: the lowest room behind the image that
 * has an unmapped page before and behind it, or else the slot's own place.
 */
static uint64_t data_place(const struct channel *ch, enum side side)
{
	const struct channel_end *end = &ch->end[side];
	uint64_t bytes = (uint64_t)(ch->data_pages + 2) * BROKER_PAGE_BYTES;
	uint64_t place, next;

	if (side == SERVER && broker_process_is_linear(end->process))
		return GLUE_DMA_BASE + ch->data_paddr;
	next = end->process->low_end;
	do {
		place = next;
		next = region_in_way(end->process, place, bytes);
	} while (next);
	if (place + bytes > GLUE_IMAGE_END)
		return GLUE_LENT_VADDR + end->index * GLUE_LENT_SPAN;
	return place + BROKER_PAGE_BYTES;
}

/* Map frames in the client, and copies of them in the server. Both may write:
 * each ring entry has one writer, but pages are too coarse to say so. */
static enum k_err map_both(struct channel *ch, uint32_t frame, uint32_t count,
			   uint64_t at_client, uint64_t at_server,
			   uint32_t *copies)
{
	enum k_err err;

	err = broker_vspace_map_run(&ch->end[CLIENT].process->vspace, frame,
				    count, at_client, BROKER_RW);
	if (err)
		return err;
	return broker_vspace_map_copy(&ch->end[SERVER].process->vspace,
				      ch->account.owner, frame, count,
				      at_server, BROKER_RW, copies);
}

static enum k_err make_ring(struct channel *ch)
{
	struct channel_end *client = &ch->end[CLIENT];
	struct channel_end *server = &ch->end[SERVER];
	enum k_err err;

	err = broker_account_pages(&ch->account, ABI_OBJ_FRAME_SMALL,
				   ch->ring_pages, &client->ring);
	if (err)
		return err;
	return map_both(ch, client->ring, ch->ring_pages,
			ring_vaddr(client->index), ring_vaddr(server->index),
			&server->ring);
}

static enum k_err make_data(struct channel *ch)
{
	struct channel_end *client = &ch->end[CLIENT];
	struct channel_end *server = &ch->end[SERVER];
	uint64_t bytes = (uint64_t)ch->data_pages * BROKER_PAGE_BYTES;
	enum k_err err;

	if (bytes == 0)
		return K_OK;
	err = broker_account_region(&ch->account, bytes, &ch->data_paddr,
				    &client->data);
	if (err)
		return err;
	client->data_vaddr = data_place(ch, CLIENT);
	server->data_vaddr = data_place(ch, SERVER);
	err = map_both(ch, client->data, ch->data_pages, client->data_vaddr,
		       server->data_vaddr, &server->data);
	if (!err)
		err = broker_load_metadata(server->process, ch->data_paddr,
					   bytes);
	return err;
}

/* Give each side a capability that raises its bit at the other. */
static enum k_err make_signals(struct channel *ch)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		const struct channel_end *from = &ch->end[side];
		const struct channel_end *to = &ch->end[!side];

		if (glue_cnode_mint(broker_process_slot(from->process,
							GLUE_CAP_PEER0 +
								from->index),
				    broker_slot(to->process->notify),
				    ABI_RIGHT_WRITE,
				    GLUE_EVENT_CHAN(to->index)))
			return K_ERR_NOMEM;
	}
	return K_OK;
}

static void delete_signal(const struct channel_end *end)
{
	glue_cnode_delete(
		broker_process_slot(end->process, GLUE_CAP_PEER0 + end->index));
}

/* Tell one process about its end. `state` is written last, with release. */
static void publish(struct channel *ch, enum side side)
{
	const struct channel_end *end = &ch->end[side];
	const struct channel_end *peer = &ch->end[!side];
	const struct broker_process *server = ch->end[SERVER].process;
	const struct broker_class *class = server->program->class;
	struct glue_chan *chan = &end->process->page->chans.chan[end->index];

	chan->generation++;
	chan->data_vaddr = end->data_vaddr;
	chan->data_bus = side == SERVER ? ch->data_paddr : 0;
	chan->data_bytes = (uint64_t)ch->data_pages * BROKER_PAGE_BYTES;
	chan->ring_bytes = ch->ring_pages * BROKER_PAGE_BYTES;
	chan->depth = class->depth;
	chan->server = side == SERVER;
	chan->class_id = class->id;
	chan->peer_pid = peer->process->pid;
	glue_strlcpy(chan->peer,
		     side == CLIENT ? peer->process->service :
				      peer->process->program->name,
		     sizeof(chan->peer));
	__atomic_store_n(&chan->state, GLUE_CHAN_OPEN, __ATOMIC_RELEASE);
}

/* Memory of the channel goes back, unless a device may still use it. */
static void channel_free(struct channel *ch)
{
	ch->end[CLIENT].process->ends--;
	ch->end[SERVER].process->ends--;
	if (ch->stuck)
		return;
	broker_account_close(&ch->account);
	ch->used = 0;
}

/* Fill in what is known before anything is made. */
static void channel_describe(struct channel *ch, struct broker_process *client,
			     struct broker_process *server, uint64_t bytes)
{
	const struct broker_class *class = server->program->class;
	struct glue_ring_shape shape = { class->depth, class->sqe_bytes,
					 class->cqe_bytes };

	*ch = (struct channel){
		.ring_pages = (uint32_t)((glue_ring_bytes(&shape) +
					  BROKER_PAGE_BYTES - 1) /
					 BROKER_PAGE_BYTES),
		.data_pages = (uint32_t)((bytes + BROKER_PAGE_BYTES - 1) /
					 BROKER_PAGE_BYTES),
		.end[CLIENT] = { .process = client,
				 .index = index_find_free(client) },
		.end[SERVER] = { .process = server,
				 .index = index_find_free(server) },
	};
}

static enum k_err channel_build(struct channel *ch)
{
	unsigned int id = (unsigned int)(ch - channels);
	enum k_err err;

	broker_account_open(&ch->account, BROKER_OWNER_CHANNEL + id,
			    BROKER_NO_LIMIT);
	err = make_ring(ch);
	if (!err)
		err = make_data(ch);
	if (!err)
		err = make_signals(ch);
	if (err) {
		delete_signal(&ch->end[CLIENT]);
		delete_signal(&ch->end[SERVER]);
		broker_account_close(&ch->account);
	}
	return err;
}

enum k_err broker_channel_open(struct broker_process *client,
			       struct broker_process *server, uint64_t bytes,
			       unsigned int *index)
{
	struct channel *ch = channel_find_free();
	enum k_err err;

	if (!ch || !broker_channel_granted(client) ||
	    !broker_channel_room(client) || !broker_channel_room(server))
		return K_ERR_FULL;
	channel_describe(ch, client, server, bytes);
	err = channel_build(ch);
	if (err)
		return err;
	ch->used = 1;
	for (int side = CLIENT; side <= SERVER; side++) {
		struct channel_end *end = &ch->end[side];

		end->open = 1;
		end->process->ends++;
		end->process->chan[end->index] = (uint16_t)(ch - channels + 1);
		publish(ch, side);
	}
	glue_sys_signal(server->notify_control);
	*index = ch->end[CLIENT].index;
	return K_OK;
}

/* The peer has gone: show it, and wake the process so that it looks. */
static void end_hang_up(struct channel_end *end)
{
	struct glue_chan *chan = &end->process->page->chans.chan[end->index];

	__atomic_store_n(&chan->state, GLUE_CHAN_CLOSED, __ATOMIC_RELEASE);
	glue_sys_signal(end->process->notify_control);
}

/* The process loses the channel; the peer is told, or all of it is freed. */
static void end_close(struct channel *ch, enum side side)
{
	struct channel_end *end = &ch->end[side];
	struct glue_chan *chan = &end->process->page->chans.chan[end->index];

	__atomic_store_n(&chan->state, GLUE_CHAN_FREE, __ATOMIC_RELEASE);
	delete_signal(end);
	broker_slots_delete(end->ring, ch->ring_pages);
	broker_slots_delete(end->data, end->data ? ch->data_pages : 0);
	end->process->chan[end->index] = 0;
	end->open = 0;
	if (ch->end[!side].open)
		end_hang_up(&ch->end[!side]);
	else
		channel_free(ch);
}

enum k_err broker_channel_close(struct broker_process *process,
				unsigned int index)
{
	enum side side;
	struct channel *ch = channel_of(process, index, &side);

	if (!ch)
		return K_ERR_INVALID;
	end_close(ch, side);
	return K_OK;
}

void broker_channels_drop(struct broker_process *process, int faulted)
{
	for (unsigned int i = 0; i < GLUE_CHANS_MAX; i++) {
		enum side side;
		struct channel *ch = channel_of(process, i, &side);

		if (!ch)
			continue;
		if (faulted && side == SERVER && process->device)
			ch->stuck = 1;
		end_close(ch, side);
	}
}

uint64_t broker_channels_bytes(const struct broker_process *process)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < GLUE_CHANS_MAX; i++) {
		enum side side;
		const struct channel *ch = channel_of(process, i, &side);

		if (ch && side == CLIENT)
			bytes += ch->account.bytes;
	}
	return bytes;
}
