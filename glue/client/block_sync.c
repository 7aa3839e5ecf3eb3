/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block_sync.c - block client: open and close, and the calls that block.
 *
 * A blocking call uses the one request inside struct glue_block. When its
 * deadline passes the device may still be writing to the data, so the request
 * stays in flight, and the next blocking call waits for it first.
 */
#include <glue/block_check.h>
#include <glue/string.h>

#include "block_internal.h"

/* Wait until the embedded request is not in flight. */
static enum k_err settle(struct glue_block *blk, uint64_t deadline_ticks)
{
	while (blk->sync.in_flight) {
		enum k_err err = glue_block_wait(blk, deadline_ticks);

		if (err == K_ERR_TIMEOUT)
			return err;
	}
	return K_OK;
}

/* Send the embedded request, waiting for a free slot if need be. */
static enum k_err send_sync(struct glue_block *blk, uint64_t deadline_ticks)
{
	for (;;) {
		enum k_err err = glue_block_send(blk, &blk->sync);

		if (err != K_ERR_BUSY)
			return err;
		err = glue_block_wait(blk, deadline_ticks);
		if (err)
			return err == K_ERR_INVALID ? K_ERR_BUSY : err;
	}
}

static enum k_err run(struct glue_block *blk,
		      const struct glue_block_request *what,
		      uint64_t deadline_ticks)
{
	enum k_err err = settle(blk, deadline_ticks);

	if (err)
		return err;
	blk->sync = *what;
	err = send_sync(blk, deadline_ticks);
	if (err)
		return err;
	err = settle(blk, deadline_ticks);
	return err ? err : blk->sync.status;
}

/* As @what, in pieces of at most @limit sectors. */
static enum k_err run_pieces(struct glue_block *blk,
			     struct glue_block_request what, uint32_t limit,
			     uint64_t deadline_ticks)
{
	uint32_t unit = blk->info.logical_bytes / GLUE_BLOCK_SECTOR_BYTES;
	uint32_t left = what.count;
	enum k_err err;

	limit -= limit % unit;
	do {
		what.count = limit && left > limit ? limit : left;
		err = run(blk, &what, deadline_ticks);
		left -= what.count;
		what.sector += what.count;
		if (what.data)
			what.data = (uint8_t *)what.data +
				    (uint64_t)what.count *
					    GLUE_BLOCK_SECTOR_BYTES;
	} while (!err && left);
	return err;
}

/* The whole range is refused before its first piece is sent. */
static enum k_err check_whole(const struct glue_block *blk, uint64_t sector,
			      uint32_t count)
{
	const struct glue_block_info *info = &blk->info;

	if (sector > info->sectors || count > info->sectors - sector)
		return K_ERR_RANGE;
	return K_OK;
}

static enum k_err transfer(struct glue_block *blk, enum glue_block_op op,
			   uint64_t sector, uint32_t count, void *data,
			   uint64_t deadline_ticks)
{
	struct glue_block_request what = {
		.op = (uint8_t)op,
		.sector = sector,
		.count = count,
		.data = data,
	};
	uint64_t offset = (uintptr_t)data - (uintptr_t)blk->port.data;
	uint64_t bytes = (uint64_t)count * GLUE_BLOCK_SECTOR_BYTES;
	enum k_err err = check_whole(blk, sector, count);

	if (err)
		return err;
	if (!data)
		return K_ERR_INVALID;
	if (offset > blk->port.data_bytes ||
	    bytes > blk->port.data_bytes - offset)
		return K_ERR_RANGE;
	return run_pieces(blk, what, blk->info.max_sectors, deadline_ticks);
}

enum k_err glue_block_read(struct glue_block *blk, uint64_t sector,
			   uint32_t count, void *data, uint64_t deadline_ticks)
{
	return transfer(blk, GLUE_BLOCK_READ, sector, count, data,
			deadline_ticks);
}

enum k_err glue_block_write(struct glue_block *blk, uint64_t sector,
			    uint32_t count, const void *data,
			    uint64_t deadline_ticks)
{
	/* The library and the driver only read what is to be written. */
	return transfer(blk, GLUE_BLOCK_WRITE, sector, count, (void *)data,
			deadline_ticks);
}

enum k_err glue_block_flush(struct glue_block *blk, uint64_t deadline_ticks)
{
	struct glue_block_request what = { .op = GLUE_BLOCK_FLUSH };

	return run(blk, &what, deadline_ticks);
}

static enum k_err clear(struct glue_block *blk, enum glue_block_op op,
			uint64_t sector, uint32_t count, uint32_t limit,
			uint64_t deadline_ticks)
{
	struct glue_block_request what = {
		.op = (uint8_t)op,
		.sector = sector,
		.count = count,
	};
	enum k_err err = check_whole(blk, sector, count);

	return err ? err : run_pieces(blk, what, limit, deadline_ticks);
}

enum k_err glue_block_discard(struct glue_block *blk, uint64_t sector,
			      uint32_t count, uint64_t deadline_ticks)
{
	return clear(blk, GLUE_BLOCK_DISCARD, sector, count,
		     blk->info.max_discard_sectors, deadline_ticks);
}

enum k_err glue_block_write_zeroes(struct glue_block *blk, uint64_t sector,
				   uint32_t count, uint64_t deadline_ticks)
{
	return clear(blk, GLUE_BLOCK_WRITE_ZEROES, sector, count,
		     blk->info.max_zeroes_sectors, deadline_ticks);
}

/* The driver's text fields end where they should; its numbers make sense. */
static enum k_err accept_info(struct glue_block *blk,
			      const struct glue_block_info *shared)
{
	struct glue_block_info info;

	memcpy(&info, shared, sizeof(info));
	__atomic_signal_fence(__ATOMIC_SEQ_CST); /* check the copy only */
	info.serial[sizeof(info.serial) - 1] = 0;
	info.driver[sizeof(info.driver) - 1] = 0;
	if (glue_block_check_info(&info))
		return K_ERR_PROTOCOL;
	blk->info = info;
	return K_OK;
}

enum k_err glue_block_refresh(struct glue_block *blk, uint64_t deadline_ticks)
{
	struct glue_block_request what = { .op = GLUE_BLOCK_INFO, .count = 1 };
	enum k_err err;

	what.data = glue_block_alloc(blk, GLUE_BLOCK_PAGE_BYTES, 0);
	if (!what.data)
		return K_ERR_NOMEM;
	err = run(blk, &what, deadline_ticks);
	/* The driver may yet write to it: the page stays taken. */
	if (err == K_ERR_TIMEOUT)
		return err;
	if (!err)
		err = accept_info(blk, what.data);
	glue_block_free(blk, what.data, GLUE_BLOCK_PAGE_BYTES);
	return err;
}

static void prepare_slots(struct glue_block *blk)
{
	uint32_t i;

	blk->n_slots = blk->n_plain = blk->port.sq.depth;
	for (i = 0; i < blk->n_slots; i++)
		blk->free_slot[i] = (uint8_t)(blk->n_slots - 1 - i);
	blk->n_free = blk->n_slots;
}

enum k_err glue_block_open(struct glue_block *blk, const char *service,
			   uint64_t data_bytes, uint64_t deadline_ticks)
{
	static const struct glue_port_kind kind = {
		.class_id = GLUE_CLASS_BLOCK,
		.depth_max = GLUE_BLOCK_DEPTH,
		.sqe_bytes = sizeof(struct glue_block_sqe),
		.cqe_bytes = sizeof(struct glue_block_cqe),
	};
	enum k_err err;

	memset(blk, 0, sizeof(*blk));
	err = glue_port_open(&blk->port, service, &kind, data_bytes);
	if (err)
		return err;
	prepare_slots(blk);
	err = glue_block_refresh(blk, deadline_ticks);
	if (err)
		glue_port_close(&blk->port);
	else
		glue_block_sums_open(blk);
	return err;
}

void glue_block_close(struct glue_block *blk)
{
	glue_block_lose(blk, K_ERR_GONE);
	glue_block_sums_close(blk);
	glue_port_close(&blk->port);
}
