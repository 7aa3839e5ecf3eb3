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
#include "channel_ends.h"
#include "log.h"
#include "slots.h"

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

static unsigned int channels_as_client(const struct broker_process *process)
{
	unsigned int taken = 0;

	for (unsigned int i = 0; i < GLUE_CHANS_MAX; i++) {
		unsigned int id = process->chan[i];

		taken += id && channels[id - 1].end[CLIENT].process == process;
	}
	return taken;
}

/* Why this cannot be a channel between the two; NULL: it can. A client has as many
 * as its manifest line grants, so it cannot take all those of a driver. */
static const char *no_room(const struct broker_process *client,
			   const struct broker_process *server,
			   const struct channel *ch)
{
	if (channels_as_client(client) >= client->program->channels)
		return "it has all the channels its manifest line grants";
	if (index_find_free(server) == GLUE_CHANS_MAX)
		return "that driver serves 32 clients already";
	if (index_find_free(client) == GLUE_CHANS_MAX)
		return "this client has 32 channels already";
	return ch ? NULL : "the broker's table of channels is full";
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
		.ring_pages = broker_pages_of(glue_ring_bytes(&shape)),
		.data_pages = broker_pages_of(bytes),
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

	broker_account_open(&ch->account, BROKER_OWNER_CHANNEL + id);
	err = broker_channel_make(ch);
	if (!err)
		err = broker_channel_join(ch);
	if (!err)
		err = broker_channel_signal(ch, CLIENT);
	if (err) {
		broker_channel_mute(&ch->end[CLIENT]);
		broker_channel_mute(&ch->end[SERVER]);
		broker_account_close(&ch->account);
	}
	return err;
}

enum k_err broker_channel_open(struct broker_process *client,
			       struct broker_process *server, uint64_t bytes,
			       unsigned int *index)
{
	struct channel *ch = channel_find_free();
	const char *why = no_room(client, server, ch);
	enum k_err err = why ? K_ERR_FULL : K_OK;

	if (!why) {
		channel_describe(ch, client, server, bytes);
		err = channel_build(ch);
	}
	if (err && broker_process_may_complain(client))
		broker_log("%s (pid %u) cannot connect to %s: %s",
			   client->label, client->pid, server->label,
			   why ? why : k_err_text(err));
	if (err)
		return err;
	ch->used = 1;
	for (int side = CLIENT; side <= SERVER; side++) {
		struct channel_end *end = &ch->end[side];

		end->open = 1;
		end->process->ends++;
		end->process->chan[end->index] = (uint16_t)(ch - channels + 1);
		broker_channel_publish(ch, side);
	}
	glue_sys_signal(server->notify_control);
	*index = ch->end[CLIENT].index;
	return K_OK;
}

/* The process loses the channel; the peer is told, or all of it is freed. */
static void end_close(struct channel *ch, enum side side)
{
	struct channel_end *end = &ch->end[side];

	broker_end_leave(ch, side);
	end->process->chan[end->index] = 0;
	if (side == SERVER)
		ch->lost = 0; /* the index is another channel's soon */
	if (ch->end[!side].open)
		broker_end_show(&ch->end[!side], GLUE_CHAN_CLOSED);
	else
		channel_free(ch);
}

/* The end of a channel that a process has under an index. */
struct channel *broker_channel_of(const struct broker_process *process,
				  uint64_t index, enum side *side)
{
	struct channel *ch;

	if (index >= GLUE_CHANS_MAX || process->chan[index] == 0)
		return NULL;
	ch = &channels[process->chan[index] - 1];
	*side = ch->end[CLIENT].process == process ? CLIENT : SERVER;
	return ch;
}

enum k_err broker_channel_close(struct broker_process *process, uint64_t index)
{
	enum side side;
	struct channel *ch = broker_channel_of(process, index, &side);

	if (!ch || !ch->end[side].open)
		return K_ERR_INVALID;
	end_close(ch, side);
	return K_OK;
}

void broker_channels_drop(struct broker_process *process, int faulted)
{
	for (unsigned int i = 0; i < GLUE_CHANS_MAX; i++) {
		enum side side;
		struct channel *ch = broker_channel_of(process, i, &side);

		if (!ch)
			continue;
		if (faulted && side == SERVER && process->device)
			ch->stuck = 1;
		end_close(ch, side);
	}
}

/* It will not come: the client sees CLOSED. */
static void stay_lost(struct channel *ch)
{
	forget_lost(ch);
	broker_end_show(&ch->end[CLIENT], GLUE_CHAN_CLOSED);
}

/* Its server lives again: the client finds the channel open. */
static void rejoin(struct channel *ch)
{
	enum k_err err = broker_channel_join(ch);

	ch->let_go = 0;
	if (err) {
		broker_log("%s cannot be connected to %s again: %s",
			   ch->end[CLIENT].process->label,
			   ch->end[SERVER].process->label, k_err_text(err));
		broker_end_leave(ch, SERVER);
		stay_lost(ch);
		return;
	}
	ch->lost = 0;
	ch->end[SERVER].open = 1;
	broker_channel_publish(ch, SERVER);
	broker_channel_publish(ch, CLIENT);
	glue_sys_signal(ch->end[SERVER].process->notify_control);
	glue_sys_signal(ch->end[CLIENT].process->notify_control);
}

enum k_err broker_channel_reconnect(struct broker_process *client,
				    uint64_t index)
{
	enum side side;
	struct channel *ch = broker_channel_of(client, index, &side);

	if (!ch || side != CLIENT || !ch->lost)
		return K_ERR_INVALID;
	ch->let_go = 1;
	if (ch->end[SERVER].process->state == GLUE_PROC_READY)
		rejoin(ch);
	return K_OK;
}

struct broker_process *broker_channel_server(
	const struct broker_process *client, uint64_t index)
{
	enum side side;
	const struct channel *ch = broker_channel_of(client, index, &side);

	return ch && side == CLIENT && ch->end[SERVER].open ?
		       ch->end[SERVER].process :
		       NULL;
}

void broker_channels_lose(struct broker_process *process)
{
	for (unsigned int i = 0; i < GLUE_CHANS_MAX; i++) {
		enum side side;
		struct channel *ch = broker_channel_of(process, i, &side);

		if (!ch)
			continue;
		if (side == CLIENT || !ch->end[CLIENT].open) {
			end_close(ch, side);
			continue;
		}
		broker_end_leave(ch, SERVER);
		ch->lost = 1;
		broker_end_show(&ch->end[CLIENT], GLUE_CHAN_LOST);
	}
}

void broker_channels_return(struct broker_process *process, int lives)
{
	for (unsigned int i = 0; i < GLUE_CHANS_MAX; i++) {
		enum side side;
		struct channel *ch = broker_channel_of(process, i, &side);

		if (!ch || side != SERVER || !ch->lost)
			continue;
		if (!lives)
			stay_lost(ch);
		else if (ch->let_go)
			rejoin(ch);
	}
}

uint64_t broker_channels_bytes(const struct broker_process *process)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < GLUE_CHANS_MAX; i++) {
		enum side side;
		const struct channel *ch = broker_channel_of(process, i, &side);

		if (ch && side == CLIENT)
			bytes += ch->account.bytes;
	}
	return bytes;
}
