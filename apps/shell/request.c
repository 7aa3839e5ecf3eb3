/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.c - one request at a time, which ^C can leave.
 *
 * The request lives in static memory: after a time-out the library still
 * knows it until the disk is closed, so it must not lie on a stack.
 */
#include "console.h"
#include "request.h"

/* The most sectors that one request of a kind may have; 0 = no limit. */
static uint32_t piece_most(const struct glue_block_info *info,
			   enum glue_block_op op)
{
	switch (op) {
	case GLUE_BLOCK_DISCARD:
		return info->max_discard_sectors;
	case GLUE_BLOCK_WRITE_ZEROES:
		return info->max_zeroes_sectors;
	default:
		return info->max_sectors;
	}
}

/* Wait for one piece, in slices short enough to notice ^C. */
static enum k_err piece_await(struct disk *disk, struct glue_block_request *req)
{
	uint64_t deadline = disk_deadline();

	while (req->in_flight) {
		if (glue_block_wait(&disk->blk,
				    glue_deadline_ns(CONSOLE_LOOK_NS)) !=
		    K_ERR_TIMEOUT)
			continue;
		if (console_cancelled()) {
			console_printf("%s: stopped by ^C\n", disk->name);
			return K_ERR_TIMEOUT;
		}
		if (glue_time_ticks() > deadline)
			return K_ERR_TIMEOUT;
	}
	return req->status;
}

enum k_err request_run(struct disk *disk, enum glue_block_op op,
		       uint64_t sector, uint64_t count, void *data)
{
	static struct glue_block_request req;
	uint32_t most = piece_most(&disk->blk.info, op);
	uint8_t *at = data;
	uint64_t part;
	enum k_err err;

	do {
		part = count < UINT32_MAX ? count : UINT32_MAX / 8 * 8;
		part = most && part > most ? most : part;
		req = (struct glue_block_request){
			.op = (uint8_t)op,
			.sector = sector,
			.count = (uint32_t)part,
			.data = at,
		};
		err = glue_block_submit(&disk->blk, &req);
		if (!err)
			err = piece_await(disk, &req);
		sector += part;
		count -= part;
		at += at ? part * GLUE_BLOCK_SECTOR_BYTES : 0;
	} while (count && !err);
	return err;
}
