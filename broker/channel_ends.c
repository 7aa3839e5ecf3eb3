/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * channel_ends.c - what either process sees of a channel: memory, the word that
 * says how it is, a capability to wake the other.
 */
#include "channel_ends.h"

#include <glue/string.h>
#include <glue/sys.h>

#include "blocks.h"
#include "build.h"
#include "slots.h"

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
enum k_err broker_channel_make(struct channel *ch)
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
enum k_err broker_channel_signal(const struct channel *ch, enum side side)
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
enum k_err broker_channel_join(struct channel *ch)
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
	return err ? err : broker_channel_signal(ch, SERVER);
}

void broker_channel_mute(const struct channel_end *end)
{
	glue_cnode_delete(
		broker_process_slot(end->process, GLUE_CAP_PEER0 + end->index));
}

/* Tell one process about its end. `state` is written last, with release. */
void broker_channel_publish(struct channel *ch, enum side side)
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

/* Something has become of the peer: show it, and wake the process to look. */
void broker_end_show(const struct channel_end *end, enum glue_chan_state state)
{
	struct glue_chan *chan = &end->process->page->chans.chan[end->index];

	__atomic_store_n(&chan->state, state, __ATOMIC_RELEASE);
	glue_sys_signal(end->process->notify_control);
}

/* The process sees nothing of the channel any more, and cannot signal. */
void broker_end_leave(struct channel *ch, enum side side)
{
	struct channel_end *end = &ch->end[side];
	struct glue_chan *chan = &end->process->page->chans.chan[end->index];

	__atomic_store_n(&chan->state, GLUE_CHAN_FREE, __ATOMIC_RELEASE);
	broker_channel_mute(end);
	broker_slots_delete(end->ring, ch->ring_pages);
	broker_slots_delete(end->data, end->data ? ch->data_pages : 0);
	end->ring = end->data = 0;
	end->open = 0;
}
