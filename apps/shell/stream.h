/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream.h - move a long run of sectors with several requests in flight.
 *
 * The run is cut into pieces of up to 64 KiB; up to STREAM_DEPTH of them are
 * on their way at once. The caller's function sees the pieces in order: after
 * the read, to use the data; before the write, to make it.
 */
#ifndef SHELL_STREAM_H
#define SHELL_STREAM_H

#include "disk.h"

#define STREAM_DEPTH	   32u
#define STREAM_PIECE_BYTES 65536u
#define STREAM_LEND_BYTES  (STREAM_DEPTH * STREAM_PIECE_BYTES)

/* Use or make one piece. Return 0 to stop the stream. */
typedef int (*stream_piece)(void *ctx, uint64_t sector, uint8_t *data,
			    uint32_t bytes);

/**
 * stream_run - read or write @count sectors from @sector on.
 * @disk:  open, with STREAM_LEND_BYTES lent
 * @op:    GLUE_BLOCK_READ or GLUE_BLOCK_WRITE
 * @piece: called for each piece, in order of sectors
 *
 * Ends early on ^C (with a message), an error (with a message), or when
 * @piece says so; nothing is in flight afterwards, except after a time-out.
 *
 * Return: 1 if all of it was done.
 */
int stream_run(struct disk *disk, enum glue_block_op op, uint64_t sector,
	       uint64_t count, stream_piece piece, void *ctx);

#endif
