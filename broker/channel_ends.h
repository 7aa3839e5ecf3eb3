/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * channel_ends.h - a channel from the inside, for channels.c.
 */
#ifndef BROKER_CHANNEL_ENDS_H
#define BROKER_CHANNEL_ENDS_H

#include <stdint.h>
#include <glue/env.h>
#include <glue/err.h>

#include "account.h"
#include "process.h"

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
	uint32_t stuck;	 /* memory may still be written by a device */
	uint32_t lost;	 /* the server end waits for its process's next life */
	uint32_t let_go; /* the client has left the rings, and cleared them */
	uint32_t ring_pages;
	uint32_t data_pages;
	uint64_t data_paddr;
	struct broker_account account;
	struct channel_end end[2];
};

/* channels.c: the channel, and its end, that a process has under an index. */
struct channel *broker_channel_of(const struct broker_process *process,
				  uint64_t index, enum side *side);

/* Make ring memory and lent pages, mapped in the client. */
enum k_err broker_channel_make(struct channel *ch);
/* Map copies of them in the server, and let it wake the client. */
enum k_err broker_channel_join(struct channel *ch);
/* A capability that raises this end's bit at the other. */
enum k_err broker_channel_signal(const struct channel *ch, enum side side);
void broker_channel_mute(const struct channel_end *end);

/* Tell one process about its end. `state` is written last, with release. */
void broker_channel_publish(struct channel *ch, enum side side);

/* Something has become of the peer: show it, and wake the process to look. */
void broker_end_show(const struct channel_end *end, enum glue_chan_state state);

/* The process sees nothing of the channel any more, and cannot signal. */
void broker_end_leave(struct channel *ch, enum side side);

#endif
