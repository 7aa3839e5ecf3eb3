// SPDX-License-Identifier: GPL-2.0-only
/*
 * blk-map.c - attach a kernel buffer to a driver's own request.
 *
 * Stands for block/blk-map.c. The buffer must be heap memory (kmalloc, pages),
 * which is what drivers use; Linux would copy others through a bounce buffer.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <dde.h>
#include <dde_pages.h>
#include "dde_block.h"

int blk_rq_map_kern(struct request_queue *q, struct request *rq, void *buffer,
		    unsigned int bytes, gfp_t gfp)
{
	struct dde_blk_slot *slot = dde_blk_slot_of(rq);

	if (!bytes || !buffer || bytes >> 9 > q->limits.max_hw_sectors)
		return -EINVAL;
	if (!dde_pages_own(buffer)) {
		pr_err("blk_rq_map_kern: buffer %px is not heap memory\n",
		       buffer);
		return -EFAULT;
	}
	bvec_set_virt(&slot->vec, buffer, bytes);
	slot->bio.bi_vcnt = 1;
	slot->bio.bi_iter.bi_size = bytes;
	rq->bio = &slot->bio;
	rq->biotail = &slot->bio;
	rq->__data_len = bytes;
	rq->nr_phys_segments = dde_blk_segments(&q->limits,
						virt_to_phys(buffer), bytes);
	return 0;
}
DDE_EMULATED(blk_rq_map_kern);

int blk_rq_map_user_io(struct request *rq, struct rq_map_data *map,
		       void __user *data, unsigned long bytes, gfp_t gfp,
		       bool vector, int count, bool check, int direction)
{
	return -EFAULT;
}
DDE_NOOP(blk_rq_map_user_io, "no user space: no memory of it can be mapped");

int blk_rq_unmap_user(struct bio *bio)
{
	return 0;
}
DDE_NOOP(blk_rq_unmap_user, "no user memory is ever mapped");
