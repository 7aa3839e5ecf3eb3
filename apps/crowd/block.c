/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block.c - a client of a disk that keeps so many requests in flight.
 *
 * Each request that ends is submitted again at once, somewhere else on the
 * disk; it leaves with the others of its turn, at the next wait. What the data
 * are is nobody's business, so large requests share memory.
 */
#include <glue/block_client.h>
#include <glue/pattern.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "crowd.h"

#define LEND_MAX (4u << 20) /* what a manifest line grants by itself */

static struct glue_block blk;
static struct glue_block_request request[GLUE_BLOCK_DEPTH];
static const struct crowd_work *work;
static uint64_t places, begun;
static enum k_err failed;

static void request_begin(struct glue_block_request *req)
{
	req->sector = glue_pattern_word(work->seed, begun++) % places *
		      req->count;
	if (!failed)
		failed = glue_block_submit(&blk, req);
}

static void request_ended(struct glue_block_request *req)
{
	(*work->done)++;
	if (req->status)
		failed = req->status;
	else
		request_begin(req);
}

static enum k_err requests_begin(uint32_t lent)
{
	uint8_t *data = glue_block_alloc(&blk, lent, 0);
	uint32_t i;

	places = blk.info.sectors / (work->bytes / GLUE_BLOCK_SECTOR_BYTES);
	if (!data || !places)
		return K_ERR_RANGE;
	for (i = 0; i < work->depth && !failed; i++) {
		request[i] = (struct glue_block_request){
			.op = strcmp(work->what, "write") ? GLUE_BLOCK_READ :
							    GLUE_BLOCK_WRITE,
			.count = work->bytes / GLUE_BLOCK_SECTOR_BYTES,
			.data = data + i * work->bytes % lent,
			.done = request_ended,
		};
		request_begin(&request[i]);
	}
	return failed;
}

enum k_err crowd_block(const struct crowd_work *wanted)
{
	uint64_t deadline = glue_deadline_ns(CROWD_PATIENCE_NS);
	uint32_t lent = wanted->depth * wanted->bytes;
	enum k_err err;

	work = wanted;
	if (work->depth > GLUE_BLOCK_DEPTH ||
	    work->bytes < GLUE_BLOCK_SECTOR_BYTES)
		return K_ERR_RANGE;
	if (lent > LEND_MAX)
		lent = LEND_MAX - LEND_MAX % work->bytes;
	err = glue_block_open(&blk, work->service, lent, deadline);
	if (!err)
		err = requests_begin(lent);
	while (!err) {
		err = crowd_go_on(work, glue_block_wait(&blk, deadline),
				  &deadline);
		err = failed ? failed : err;
	}
	return err;
}
