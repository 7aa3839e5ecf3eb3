// SPDX-License-Identifier: GPL-2.0-only
/*
 * block_watch.c - what a disk owes: its requests; see watch.c.
 *
 * Beside a disk that ends nothing any more there is the request that stays while
 * others end: it has hung too.
 */
#include <linux/blk-mq.h>
#include <block/dde_block.h>
#include "class_block.h"

static struct dde_watch *watch;
static struct gendisk *disk;

static struct dde_blk_tags *tags(void)
{
	return dde_blk_tags_of(disk->queue);
}

static bool is_busy(void)
{
	return tags()->free_count != tags()->tags.nr_tags;
}

/* What is still the request that it was at the last count is overdue: the mark
 * goes with the next use. No driver without ops->timeout knows this mark. */
static void mark_requests(void)
{
	const struct blk_mq_tags *all = &tags()->tags;
	unsigned int i;

	for (i = 0; i < all->nr_tags; i++) {
		struct request *rq = all->rqs[i];

		if (!blk_mq_request_started(rq))
			continue;
		if (rq->rq_flags & RQF_TIMED_OUT)
			dde_watch_hung(watch, "a request has been left out",
				       DDE_WATCH_SLOW_TIMES);
		rq->rq_flags |= RQF_TIMED_OUT;
	}
}

/* Has the medium work that takes long? A driver's own requests do not. */
static bool is_slow(void)
{
	const struct blk_mq_tags *all = &tags()->tags;
	unsigned int i;

	for (i = 0; i < all->nr_tags; i++) {
		struct request *rq = all->rqs[i];

		if (blk_mq_request_started(rq) && req_op(rq) >= REQ_OP_FLUSH &&
		    req_op(rq) < REQ_OP_DRV_IN)
			return true;
	}
	return false;
}

static const struct dde_watch_ops ops = {
	.busy = is_busy,
	.slow = is_slow,
	.round = mark_requests,
};

void dde_block_watch(struct dde_watch *block_watch, struct gendisk *block_disk)
{
	watch = block_watch;
	disk = block_disk;
	if (!disk->queue->mq_ops->timeout)
		dde_watch_init(watch, &ops, disk->disk_name,
			       disk_to_dev(disk)->parent);
}
