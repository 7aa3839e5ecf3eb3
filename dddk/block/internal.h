/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * internal.h - what the files of the block service share.
 */
#ifndef DDDK_BLOCK_INTERNAL_H
#define DDDK_BLOCK_INTERNAL_H

#include <stdint.h>
#include <dddk/block_service.h>

#include "../channels/serve.h"
#include "../channels/tokens.h"

/* Token states beside the common ones. Tokens in FLUSH_NEXT are counted in
 * dddk_channels.due. */
enum block_token_state {
	/* A write that a flush must follow. */
	DDDK_BLOCK_FUA = DDDK_TOKEN_OWN,
	/* That write has ended; the flush is not yet sent. */
	DDDK_BLOCK_FLUSH_NEXT,
};

struct service {
	const struct dddk_block_ops *ops;
	void *drv;
	struct glue_block_info info;
	void (*on_region)(const struct dddk_block_region *region, int opened);
	uint32_t uncommitted; /* submits since the last commit */
};

extern struct service dddk_block;

/* Nobody waits any more for what the client has in the driver. */
void dddk_block_orphan_requests(struct dddk_channel *client);

#endif
