// SPDX-License-Identifier: GPL-2.0-only
/*
 * block_watch.c - what a disk owes: its requests; see watch.c.
 *
 * Beside a disk that ends nothing any more there is the request that stays while
 * others end: it has hung too. So what is there is marked, and when all of it has
 * ended what is there then: of the marked ones one must end now and then.
 */
#include <linux/blk-mq.h>
#include <block/dde_block.h>
#include "class_block.h"

static struct gendisk *disk;

static struct dde_blk_tags *tags(void)
{
	return dde_blk_tags_of(disk->queue);
}

static bool is_busy(void)
{
	return tags()->free_count != tags()->tags.nr_tags;
}

/* How many requests the disk has that are marked, or now will be. The mark goes with
 * the next use; no driver without ops->timeout knows it. */
static unsigned int count(req_flags_t wanted, req_flags_t mark)
{
	const struct blk_mq_tags *all = &tags()->tags;
	unsigned int i, n = 0;

	for (i = 0; i < all->nr_tags; i++) {
		struct request *rq = all->rqs[i];

		if (!blk_mq_request_started(rq) ||
		    (rq->rq_flags & RQF_TIMED_OUT) != wanted)
			continue;
		rq->rq_flags |= mark;
		n++;
	}
	return n;
}

static bool is_moving(void)
{
	static unsigned int seen;
	unsigned int old = count(RQF_TIMED_OUT, 0);

	if (old && old == seen)
		return false;
	seen = old ? old : count(0, RQF_TIMED_OUT);
	return true;
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
	.moving = is_moving,
};

void dde_block_watch(struct dde_watch *watch, struct gendisk *block_disk)
{
	disk = block_disk;
	if (!disk->queue->mq_ops->timeout)
		dde_watch_init(watch, &ops, disk->disk_name,
			       disk_to_dev(disk)->parent);
}
