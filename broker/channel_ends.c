/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * channel_ends.c - what either process sees of a channel: memory, the word that
 * says how it is, a capability to wake the other.
 */
#include "channel_ends.h"

#include <glue/string.h>
#include <glue/sys.h>

#include "blocks.h"
#include "loader.h"
#include "slots.h"

#define STALLS 15u /* ten are the driver's own (dddk/virtio/watch.c) */

static uint64_t ring_vaddr(unsigned int index)
{
	return GLUE_RING_VADDR + index * GLUE_RING_SPAN;
}

/* The end of a channel region that meets these bytes in a process; 0: none. */
static uint64_t region_in_way(const struct broker_process *process,
			      uint64_t place, uint64_t bytes)
{
	for (unsigned int i = 0; i < GLUE_CHANS_MAX; i++) {
		enum side side;
		const struct channel *ch = broker_channel_of(process, i, &side);
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
	client->data_vaddr = data_place(ch, CLIENT);
	return broker_vspace_map_run(vspace, client->data, ch->data_pages,
				     client->data_vaddr, BROKER_RW);
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
	if (!err && ch->data_pages) {
		server->data_vaddr = data_place(ch, SERVER);
		err = broker_vspace_map_copy(vspace, ch->account.owner,
					     client->data, ch->data_pages,
					     server->data_vaddr, BROKER_RW,
					     &server->data);
	}
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

/* More than the driver itself waits for a slow device, and its next life. */
static uint16_t patience(const struct broker_program *program)
{
	uint32_t tenths = program->stall_ms * STALLS / 100 + 1;

	return tenths < UINT16_MAX ? (uint16_t)tenths : UINT16_MAX;
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
	chan->data_vaddr = end->data_vaddr;
	chan->data_bus = side == SERVER ? ch->data_paddr : 0;
	chan->data_bytes = (uint64_t)ch->data_pages * BROKER_PAGE_BYTES;
	chan->ring_bytes = ch->ring_pages * BROKER_PAGE_BYTES;
	chan->depth = (uint16_t) class->depth;
	chan->patience = patience(server->program);
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

/* The process sees nothing of the channel any more, and cannot signal. The slots
 * stay with the channel: its server's next life needs them. */
void broker_end_leave(struct channel *ch, enum side side)
{
	struct channel_end *end = &ch->end[side];
	struct glue_chan *chan = &end->process->page->chans.chan[end->index];

	__atomic_store_n(&chan->state, GLUE_CHAN_FREE, __ATOMIC_RELEASE);
	broker_channel_mute(end);
	broker_slots_clear(end->ring, ch->ring_pages);
	broker_slots_clear(end->data, ch->data_pages);
	end->data_vaddr = 0;
	end->open = 0;
}
