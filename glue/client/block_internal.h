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

#endif
