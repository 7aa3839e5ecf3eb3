// SPDX-License-Identifier: GPL-2.0-only
/*
 * blk-merge.c - a request's data as a scatter-gather list within the limits.
 *
 * Stands for block/blk-merge.c. Requests are never merged, so what remains is
 * cutting: no piece longer than max_segment_size, none across a boundary of
 * seg_boundary_mask.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/scatterlist.h>
#include <dde.h>
#include "dde_block.h"

static struct scatterlist *sg_append(struct scatterlist *list,
				     struct scatterlist *last)
{
	if (!last)
		return list;
	sg_unmark_end(last);
	return sg_next(last);
}

/* Append one contiguous buffer. Return: entries used. */
static int map_vec(const struct queue_limits *lim, const struct bio_vec *vec,
		   struct scatterlist *list, struct scatterlist **last)
{
	phys_addr_t bus = page_to_phys(vec->bv_page) + vec->bv_offset;
	unsigned int bytes = vec->bv_len;
	int count = 0;

	while (bytes) {
		unsigned int piece = dde_blk_piece(lim, bus, bytes);

		*last = sg_append(list, *last);
		sg_set_page(*last, phys_to_page(bus), piece,
			    offset_in_page(bus));
		bus += piece;
		bytes -= piece;
		count++;
	}
	return count;
}

/* The general case, for drivers that build bio chains of their own. */
static int map_bio_chain(struct request_queue *q, struct request *rq,
			 struct scatterlist *list, struct scatterlist **last)
{
	struct req_iterator iter;
	struct bio_vec vec;
	int count = 0;

	rq_for_each_bvec(vec, rq, iter)
		count += map_vec(&q->limits, &vec, list, last);
	if (*last)
		sg_mark_end(*last);
	return count;
}

/**
 * __blk_rq_map_sg - fill a scatter-gather list with a request's data.
 * @list: at least nr_phys_segments entries, initialised
 * @last: out: the last entry used
 *
 * Return: entries used.
 */
int __blk_rq_map_sg(struct request_queue *q, struct request *rq,
		    struct scatterlist *list, struct scatterlist **last)
{
	const struct bio_vec *vec = &dde_blk_slot_of(rq)->vec;

	if (unlikely(rq->rq_flags & RQF_SPECIAL_PAYLOAD))
		return map_vec(&q->limits, &rq->special_vec, list, last);
	if (unlikely(rq->nr_phys_segments != 1 || !rq->bio))
		return map_bio_chain(q, rq, list, last);
	/* The usual case: one piece, and the list was made with one entry. */
	sg_set_page(list, vec->bv_page, vec->bv_len, vec->bv_offset);
	*last = list;
	return 1;
}
DDE_EMULATED(__blk_rq_map_sg);
