/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block_internal.h - what the files of the block client share.
 */
#ifndef GLUE_BLOCK_INTERNAL_H
#define GLUE_BLOCK_INTERNAL_H

#include <glue/block_client.h>

/* glue_block_submit without the limits on what a user may send. */
enum k_err glue_block_send(struct glue_block *blk,
			   struct glue_block_request *req);

/* The driver has gone or cannot be believed: end every request, oldest first. */
void glue_block_lose(struct glue_block *blk, enum k_err status);

/* block_sums.c: how a read has ended. */
enum glue_block_verdict {
	GLUE_BLOCK_RIGHT = 0, /* for all that is known */
	GLUE_BLOCK_DAMAGED,   /* two lives have said so */
	GLUE_BLOCK_DOUBTED,   /* one has: ask the next one, once */
};

/* A disk has been opened, or is closed: may it have the manifest's memory? */
void glue_block_sums_open(struct glue_block *blk);
void glue_block_sums_close(struct glue_block *blk);

/* If sums are kept: a request was taken, and is not shown to the driver yet.
 * Return: K_OK, always. */
enum k_err glue_block_sums_begin(struct glue_block *blk,
				 struct glue_block_request *req);
/* It was answered. */
enum glue_block_verdict glue_block_sums_end(struct glue_block *blk,
					    struct glue_block_request *req,
					    enum k_err status);

#endif
