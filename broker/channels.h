/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * channels.h - shared memory between a client and the driver that serves it.
 *
 * A channel is ring memory plus a lent region, mapped in both processes, and a
 * capability on each side to signal the other. Its memory is an account of its
 * own: it goes back only when both ends have closed, because a device may
 * still write to lent pages while only the client has left. If the driver died
 * by a fault, nobody can say what its device does: the memory then stays out
 * of use. Read next: glue/env.h (struct glue_chan), glue/ring.h
 */
#ifndef BROKER_CHANNELS_H
#define BROKER_CHANNELS_H

#include <stdint.h>
#include <glue/err.h>

#include "process.h"

#define BROKER_CHANNELS_MAX 256

/* At boot: no channel exists. */
void broker_channels_init(void);

/**
 * broker_channel_open - connect a client to a server.
 * @bytes: to lend, rounded up to pages; 0: rings only
 * @index: out: channel index on the client's side
 *
 * Return: K_OK; after one message K_ERR_FULL if either side may have no more, or
 *         K_ERR_NOMEM.
 */
enum k_err broker_channel_open(struct broker_process *client,
			       struct broker_process *server, uint64_t bytes,
			       unsigned int *index);

/**
 * broker_channel_close - close one process's end of a channel.
 *
 * The other end, if open, becomes CLOSED and its process is told.
 *
 * Return: K_OK; K_ERR_INVALID if the process has no such channel.
 */
enum k_err broker_channel_close(struct broker_process *process, uint64_t index);

/**
 * broker_channels_drop - close all ends of a process that ends.
 * @faulted: 1: if it served, its device may still write to lent memory
 */
void broker_channels_drop(struct broker_process *process, int faulted);

/**
 * broker_channels_lose - a process dies that will be started again.
 *
 * What it was a client of is closed. Whom it served keeps the channel, with the
 * lent pages, and sees LOST. Its device must have been stopped before.
 */
void broker_channels_lose(struct broker_process *process);

/**
 * broker_channel_reconnect - a client has let go of a lost channel's rings.
 *
 * The channel opens when its server is ready, which may be now.
 *
 * Return: K_ERR_INVALID if the channel is not lost.
 */
enum k_err broker_channel_reconnect(struct broker_process *client,
				    uint64_t index);

/* Who serves this client's channel; NULL if it has no such open channel. */
struct broker_process *broker_channel_server(
	const struct broker_process *client, uint64_t index);

/* The process is ready again: whoever has let go gets its channel back. Or it will
 * not be started again: whom it served sees CLOSED. */
void broker_channels_return(struct broker_process *process, int lives);

/* DMA-visible bytes of a process's channels, counted at the client. */
uint64_t broker_channels_bytes(const struct broker_process *process);

#endif
