/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream.h - a virtqueue that carries bytes one way, in buffers of its own.
 *
 * A slot is one buffer in the DMA arena, with one descriptor. For devices whose
 * requests have no form: random numbers, the bytes of a console, its messages.
 */
#ifndef DDDK_STREAM_H
#define DDDK_STREAM_H

#include <dddk/virtqueue.h>

struct dddk_stream {
	struct dddk_virtqueue queue;
	uint8_t *data;	/* slot 0's buffer, the others follow it */
	uint32_t bytes; /* of a buffer */
	/* What the device wrote, as far as it is not yet taken. */
	uint32_t slot, at, left;
};

/**
 * dddk_stream_start - a queue as of dddk_vq_start, with its buffers.
 * @flags: DDDK_VQ_WRITE for a device that writes, else 0
 */
enum k_err dddk_stream_start(struct dddk_virtio *dev,
			     struct dddk_stream *stream, uint32_t index,
			     uint32_t slots, uint32_t bytes, uint16_t flags);

/* Hand all free buffers to a device that writes, and tell it. */
void dddk_stream_fill(struct dddk_stream *stream);

/**
 * dddk_stream_peek - the oldest bytes that have come and are not yet taken.
 * @bytes: in: the most that are wanted; out: how many there are, never 0
 *
 * Return: NULL if there are none; then the device interrupts for the next. One
 * that ends a buffer without a byte is broken.
 */
const uint8_t *dddk_stream_peek(struct dddk_stream *stream, uint32_t *bytes);

/* So many of the peeked bytes are done with. Buffers go back by a fill. */
void dddk_stream_take(struct dddk_stream *stream, uint32_t bytes);

/* Bytes that can be written now. If none, the device interrupts when it has
 * taken some. */
uint32_t dddk_stream_room(struct dddk_stream *stream);

/* Copy bytes into free buffers and send them; no more than there is room for. */
void dddk_stream_write(struct dddk_stream *stream, const void *data,
		       uint32_t bytes);

/* Has the device read all that was written? */
int dddk_stream_is_sent(struct dddk_stream *stream);

#endif
