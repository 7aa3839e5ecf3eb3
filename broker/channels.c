/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * channels.c - open and close channels; see channels.h for who owns what when.
 *
 * The life of a channel, as (client end, server end):
 *
 *   open, open      both processes see the memory, signals go both ways
 *   closed, open    the client has left or died. The server sees CLOSED, ends
 *                   the requests it still has in the device, then closes
 *   open, lost      the server died and is started again; the client sees LOST,
 *                   lets go of the rings (RECONNECT), and then finds the
 *                   channel open again, with empty rings and the same pages
 *   open, closed    the server has hung up, or is given up; it sees CLOSED
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
#include "log.h"
#include "slots.h"

enum side { CLIENT = 0, SERVER = 1 };

struct channel_end {
	struct broker_process *process;
	uint32_t index; /* in the process's channel table */
	uint32_t open;
	uint32_t ring; /* slots of the frames mapped on this side */
	uint32_t data;
};

struct channel {
	uint32_t used;
	uint32_t stuck;	 /* memory may still be written by a device */
	uint32_t lost;	 /* the server end waits for its process's next life */
	uint32_t let_go; /* the client has left the rings, and cleared them */
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

/* Where this end sees the lent region. */
static uint64_t data_vaddr(const struct channel *ch, enum side side)
{
	if (ch->data_pages == 0)
		return 0;
	if (side == SERVER)
		return GLUE_DMA_BASE + ch->data_paddr;
	return GLUE_LENT_VADDR + ch->end[CLIENT].index * GLUE_LENT_SPAN;
}

/*
 * Ring memory and lent pages, mapped in the client. Both ends may write: each
 * ring entry has one writer, but pages are too coarse to say so.
 */
static enum k_err make_memory(struct channel *ch)
{
	struct channel_end *client = &ch->end[CLIENT];
	struct broker_vspace *vspace = &client->process->vspace;
	uint64_t bytes = (uint64_t)ch->data_pages * BROKER_PAGE_BYTES;
	enum k_err err;

	err = broker_account_pages(&ch->account, ABI_OBJ_FRAME_SMALL,
				   ch->ring_pages, &client->ring);
	if (!err)
		err = broker_vspace_map_run(vspace, client->ring,
					    ch->ring_pages,
					    ring_vaddr(client->index),
					    BROKER_RW);
	if (err || bytes == 0)
		return err;
	err = broker_account_region(&ch->account, bytes, &ch->data_paddr,
				    &client->data);
	if (err)
		return err;
	return broker_vspace_map_run(vspace, client->data, ch->data_pages,
				     data_vaddr(ch, CLIENT), BROKER_RW);
}

/* A capability that raises this end's bit at the other. */
static enum k_err make_signal(const struct channel *ch, enum side side)
{
	const struct channel_end *from = &ch->end[side];
	const struct channel_end *to = &ch->end[!side];

	if (glue_cnode_mint(broker_process_slot(from->process,
						GLUE_CAP_PEER0 + from->index),
			    broker_slot(to->process->notify), ABI_RIGHT_WRITE,
			    GLUE_EVENT_CHAN(to->index)))
		return K_ERR_NOMEM;
	return K_OK;
}

/* Copies of all that in the server, and how it wakes the client. */
static enum k_err join_server(struct channel *ch)
{
	const struct channel_end *client = &ch->end[CLIENT];
	struct channel_end *server = &ch->end[SERVER];
	struct broker_vspace *vspace = &server->process->vspace;
	enum k_err err;

	err = broker_vspace_map_copy(vspace, ch->account.owner, client->ring,
				     ch->ring_pages, ring_vaddr(server->index),
				     BROKER_RW, &server->ring);
	if (!err && ch->data_pages)
		err = broker_vspace_map_copy(vspace, ch->account.owner,
					     client->data, ch->data_pages,
					     data_vaddr(ch, SERVER), BROKER_RW,
					     &server->data);
	if (!err)
		err = broker_load_metadata(server->process, ch->data_paddr,
					   (uint64_t)ch->data_pages *
						   BROKER_PAGE_BYTES);
	return err ? err : make_signal(ch, SERVER);
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
	chan->data_vaddr = data_vaddr(ch, side);
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

/* A server end that waits for another life waits no longer. */
static void forget_lost(struct channel *ch)
{
	const struct channel_end *server = &ch->end[SERVER];

	if (ch->lost)
		server->process->chan[server->index] = 0;
	ch->lost = 0;
}

/* Memory of the channel goes back, unless a device may still use it. */
static void channel_free(struct channel *ch)
{
	forget_lost(ch);
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
	err = make_memory(ch);
	if (!err)
		err = join_server(ch);
	if (!err)
		err = make_signal(ch, CLIENT);
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

/* Something has become of the peer: show it, and wake the process to look. */
static void end_show(const struct channel_end *end, enum glue_chan_state state)
{
	struct glue_chan *chan = &end->process->page->chans.chan[end->index];

	__atomic_store_n(&chan->state, state, __ATOMIC_RELEASE);
	glue_sys_signal(end->process->notify_control);
}

/* The process sees nothing of the channel any more, and cannot signal. */
static void end_leave(struct channel *ch, enum side side)
{
	struct channel_end *end = &ch->end[side];
	struct glue_chan *chan = &end->process->page->chans.chan[end->index];

	__atomic_store_n(&chan->state, GLUE_CHAN_FREE, __ATOMIC_RELEASE);
	delete_signal(end);
	broker_slots_delete(end->ring, ch->ring_pages);
	broker_slots_delete(end->data, end->data ? ch->data_pages : 0);
	end->ring = end->data = 0;
	end->open = 0;
}

/* The process loses the channel; the peer is told, or all of it is freed. */
static void end_close(struct channel *ch, enum side side)
{
	struct channel_end *end = &ch->end[side];

	end_leave(ch, side);
	end->process->chan[end->index] = 0;
	if (ch->end[!side].open)
		end_show(&ch->end[!side], GLUE_CHAN_CLOSED);
	else
		channel_free(ch);
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

/* Its server lives again: the client finds the channel open. */
static void rejoin(struct channel *ch)
{
	ch->let_go = 0;
	if (join_server(ch)) {
		broker_log("%s cannot be connected to %s again: out of memory",
			   ch->end[CLIENT].process->label,
			   ch->end[SERVER].process->label);
		end_leave(ch, SERVER);
		forget_lost(ch);
		end_show(&ch->end[CLIENT], GLUE_CHAN_CLOSED);
		return;
	}
	ch->lost = 0;
	ch->end[SERVER].open = 1;
	publish(ch, SERVER);
	publish(ch, CLIENT);
	glue_sys_signal(ch->end[SERVER].process->notify_control);
	glue_sys_signal(ch->end[CLIENT].process->notify_control);
}

enum k_err broker_channel_reconnect(struct broker_process *client,
				    unsigned int index)
{
	enum side side;
	struct channel *ch = channel_of(client, index, &side);

	if (!ch || side != CLIENT || !ch->lost)
		return K_ERR_INVALID;
	ch->let_go = 1;
	if (ch->end[SERVER].process->state == GLUE_PROC_READY)
		rejoin(ch);
	return K_OK;
}

void broker_channels_lose(struct broker_process *process)
{
	for (unsigned int i = 0; i < GLUE_CHANS_MAX; i++) {
		enum side side;
		struct channel *ch = channel_of(process, i, &side);

		if (!ch)
			continue;
		if (side == CLIENT || !ch->end[CLIENT].open) {
			end_close(ch, side);
			continue;
		}
		end_leave(ch, SERVER);
		ch->lost = 1;
		end_show(&ch->end[CLIENT], GLUE_CHAN_LOST);
	}
}

void broker_channels_rejoin(struct broker_process *process)
{
	for (unsigned int i = 0; i < GLUE_CHANS_MAX; i++) {
		enum side side;
		struct channel *ch = channel_of(process, i, &side);

		if (ch && side == SERVER && ch->lost && ch->let_go)
			rejoin(ch);
	}
}

void broker_channels_give_up(struct broker_process *process)
{
	for (unsigned int i = 0; i < GLUE_CHANS_MAX; i++) {
		enum side side;
		struct channel *ch = channel_of(process, i, &side);

		if (!ch || side != SERVER || !ch->lost)
			continue;
		forget_lost(ch);
		end_show(&ch->end[CLIENT], GLUE_CHAN_CLOSED);
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
