// SPDX-License-Identifier: GPL-2.0-only
/*
 * blk-mq.c - the block layer's request machinery, as thin as drivers allow.
 *
 * Stands for block/blk-mq.c and block/blk-mq-tag.c. Clients' requests come
 * from the class glue already checked and split, so there is no merging, no
 * scheduler, no plugging and no accounting: a request takes a tag, goes to the
 * driver's queue_rq, and its completion gives the tag back. One hardware
 * queue, because there is one CPU.
 *
 * A request the driver cannot take now (BLK_STS_RESOURCE, stopped or quiesced
 * queue) waits in hctx->dispatch and is offered again, in order, when the
 * driver restarts the queue, after a completion, or after RETRY_MS.
 * Read next: class/block.c; blk-mq-sched.c, blk-timeout.c beside this file.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <dde.h>
#include <dde_pages.h>
#include "dde_block.h"

#define DEPTH_MAX 128  /* tags: more only cost memory */
#define NO_TAG	  (-1) /* as BLK_MQ_NO_TAG in block/blk-mq.h */

/* Requests. */

/* A driver's own request: no client and, so far, no data. */
static void rq_prepare(struct request *rq, blk_opf_t opf)
{
	struct bio *bio = &dde_blk_slot_of(rq)->bio;

	rq->cmd_flags = opf;
	rq->rq_flags = 0;
	rq->__data_len = 0;
	rq->__sector = 0;
	rq->nr_phys_segments = 0;
	rq->end_io = NULL;
	rq->bio = NULL;
	rq->biotail = NULL;
	bio->bi_opf = opf;
	bio->bi_status = BLK_STS_OK;
	bio->bi_iter = (struct bvec_iter){ 0 };
	bio->bi_vcnt = 0;
	bio->bi_end_io = NULL;
}

static struct request *rq_try_get(struct request_queue *q)
{
	return q->mq_freeze_depth ? NULL : dde_blk_tags_pop(dde_blk_tags_of(q));
}

/*
 * For the driver itself (identify, serial number). Sleeps for a tag unless it
 * must not; so it runs in a fiber.
 */
struct request *blk_mq_alloc_request(struct request_queue *q, blk_opf_t opf,
				     blk_mq_req_flags_t flags)
{
	struct request *rq = rq_try_get(q);

	if (!rq && (flags & BLK_MQ_REQ_NOWAIT))
		return ERR_PTR(-EWOULDBLOCK);
	if (!rq)
		wait_event(dde_blk_tags_of(q)->wait, (rq = rq_try_get(q)));
	rq_prepare(rq, opf);
	return rq;
}
DDE_EMULATED(blk_mq_alloc_request);

struct request *blk_mq_alloc_request_hctx(struct request_queue *q,
					  blk_opf_t opf,
					  blk_mq_req_flags_t flags,
					  unsigned int hctx)
{
	return hctx ? ERR_PTR(-EXDEV) : blk_mq_alloc_request(q, opf, flags);
}
DDE_EMULATED(blk_mq_alloc_request_hctx);

/*
 * The tag is free at once and will be used next (newest first: still in the
 * cache). Waiters exist only while a queue is frozen or out of tags.
 */
void blk_mq_free_request(struct request *rq)
{
	struct dde_blk_tags *tags = dde_blk_tags_of(rq->q);

	WRITE_ONCE(rq->state, MQ_RQ_IDLE);
	rq->rq_next = tags->free;
	tags->free = rq;
	tags->free_count++;
	if (unlikely(waitqueue_active(&tags->wait)))
		wake_up_all(&tags->wait);
}
DDE_EMULATED(blk_mq_free_request);

/* A driver that wants to hear of requests without answer: blk-timeout.c. */
void blk_mq_start_request(struct request *rq)
{
	if (unlikely(rq->q->mq_ops->timeout))
		dde_blk_timer_start(rq);
	WRITE_ONCE(rq->state, MQ_RQ_IN_FLIGHT);
}
DDE_EMULATED(blk_mq_start_request);

/* Completion. */

/*
 * Linux may move the completion to the CPU that submitted. Return: false, it
 * did not: the caller completes the request itself.
 */
bool blk_mq_complete_request_remote(struct request *rq)
{
	WRITE_ONCE(rq->state, MQ_RQ_COMPLETE);
	return false;
}
DDE_EMULATED(blk_mq_complete_request_remote);

void blk_mq_complete_request(struct request *rq)
{
	WRITE_ONCE(rq->state, MQ_RQ_COMPLETE);
	rq->q->mq_ops->complete(rq);
}
DDE_EMULATED(blk_mq_complete_request);

/* The client's part of the end: all data of the request is done. */
static void rq_end_bio(struct request *rq, blk_status_t status)
{
	struct bio *bio = rq->bio;

	if (bio && bio->bi_end_io) {
		bio->bi_status = status;
		bio->bi_end_io(bio);
	}
}

/**
 * blk_update_request - some bytes of a request are done.
 *
 * Drivers that transfer in steps call it; others reach it in one step through
 * blk_mq_end_request. Return: true while bytes are left.
 */
bool blk_update_request(struct request *rq, blk_status_t status,
			unsigned int bytes)
{
	if (bytes >= blk_rq_bytes(rq)) {
		rq_end_bio(rq, status);
		rq->bio = NULL;
		rq->__data_len = 0;
		return false;
	}
	if (rq->bio)
		bio_advance_iter(rq->bio, &rq->bio->bi_iter, bytes);
	rq->__data_len -= bytes;
	rq->__sector += bytes >> SECTOR_SHIFT;
	return true;
}
DDE_EMULATED(blk_update_request);

/* end_io belongs to a driver's own request and decides who frees it. */
void __blk_mq_end_request(struct request *rq, blk_status_t status)
{
	if (rq->end_io) {
		if (rq->end_io(rq, status) == RQ_END_IO_FREE)
			blk_mq_free_request(rq);
		return;
	}
	blk_mq_free_request(rq);
}
DDE_EMULATED(__blk_mq_end_request);

/* The client is told before the tag is free: the bio lies in the slot. */
void blk_mq_end_request(struct request *rq, blk_status_t status)
{
	rq_end_bio(rq, status);
	__blk_mq_end_request(rq, status);
}
DDE_EMULATED(blk_mq_end_request);

void blk_mq_end_request_batch(struct io_comp_batch *batch)
{
	struct request *rq;

	while ((rq = rq_list_pop(&batch->req_list)))
		blk_mq_end_request(rq, BLK_STS_OK);
}
DDE_EMULATED(blk_mq_end_request_batch);

/* Tag sets. */

/* What never changes in a slot's life is written once, here. */
static void slot_setup(struct dde_blk_slot *slot, unsigned int tag)
{
	slot->bio.bi_io_vec = &slot->vec;
	slot->bio.bi_max_vecs = 1;
	atomic_set(&slot->bio.__bi_remaining, 1);
	atomic_set(&slot->bio.__bi_cnt, 1);
	slot->rq.tag = tag;
	slot->rq.internal_tag = NO_TAG;
	INIT_LIST_HEAD(&slot->rq.queuelist);
}

/* From the last slot to the first, so that tag 0 is handed out first. */
static int tags_fill(struct blk_mq_tag_set *set, struct dde_blk_tags *tags)
{
	unsigned int i = set->queue_depth;
	int err = 0;

	while (i-- && !err) {
		struct dde_blk_slot *slot = tags->slots + i * tags->stride;

		slot_setup(slot, i);
		tags->tags.rqs[i] = &slot->rq;
		slot->rq.rq_next = tags->free;
		tags->free = &slot->rq;
		tags->free_count++;
		if (set->ops->init_request)
			err = set->ops->init_request(set, &slot->rq, 0,
						     NUMA_NO_NODE);
	}
	return err;
}

static void tags_free(struct dde_blk_tags *tags)
{
	if (!tags)
		return;
	if (tags->slots)
		free_pages_exact(tags->slots,
				 tags->tags.nr_tags * tags->stride);
	kfree(tags->tags.rqs);
	kfree(tags);
}

/*
 * One allocation for all slots: pages, because drivers point their device at
 * their part of a slot, and because it is large.
 */
static struct dde_blk_tags *tags_alloc(struct blk_mq_tag_set *set)
{
	struct dde_blk_tags *tags = kzalloc(sizeof(*tags), GFP_KERNEL);

	if (!tags)
		return NULL;
	tags->tags.nr_tags = set->queue_depth;
	tags->tags.nr_reserved_tags = set->reserved_tags;
	tags->stride = ALIGN(sizeof(struct dde_blk_slot) + set->cmd_size,
			     cache_line_size());
	init_waitqueue_head(&tags->wait);
	tags->tags.rqs = kcalloc(set->queue_depth, sizeof(*tags->tags.rqs),
				 GFP_KERNEL);
	tags->slots = alloc_pages_exact(set->queue_depth * tags->stride,
					GFP_KERNEL | __GFP_ZERO);
	if (tags->tags.rqs && tags->slots)
		return tags;
	tags_free(tags);
	return NULL;
}

/* The driver's own map_queues() may look at, and fill, the CPU map. */
static int set_map_queues(struct blk_mq_tag_set *set)
{
	unsigned int i;

	for (i = 0; i < set->nr_maps; i++) {
		set->map[i].mq_map = kcalloc(nr_cpu_ids, sizeof(unsigned int),
					     GFP_KERNEL);
		if (!set->map[i].mq_map)
			return -ENOMEM;
		set->map[i].nr_queues = 1;
	}
	if (set->ops->map_queues)
		set->ops->map_queues(set);
	return 0;
}

/* Refuse what would fail later in a way that is hard to understand. */
static int set_check(struct blk_mq_tag_set *set)
{
	if (!set->nr_hw_queues || !set->queue_depth || !set->ops->queue_rq)
		return -EINVAL;
	return 0;
}

/**
 * blk_mq_alloc_tag_set - make all requests that will ever be in flight.
 * @set: filled by the driver; nr_hw_queues, nr_maps and queue_depth are cut
 *         down to what is provided, as Linux does when memory is short
 *
 * Return: 0; -EINVAL; -ENOMEM.
 */
int blk_mq_alloc_tag_set(struct blk_mq_tag_set *set)
{
	struct dde_blk_tags *tags;
	int err = set_check(set);

	if (err)
		return err;
	set->nr_hw_queues = 1;
	set->nr_maps = max(set->nr_maps, 1u);
	set->queue_depth = min(set->queue_depth, (unsigned int)DEPTH_MAX);
	set->tags = kcalloc(1, sizeof(*set->tags), GFP_KERNEL);
	tags = tags_alloc(set);
	if (!set->tags || !tags) {
		err = -ENOMEM;
		goto free_tags;
	}
	set->tags[0] = &tags->tags;
	mutex_init(&set->tag_list_lock);
	INIT_LIST_HEAD(&set->tag_list);
	err = set_map_queues(set);
	if (!err)
		err = tags_fill(set, tags);
	if (!err)
		return 0;

free_tags:
	tags_free(tags);
	kfree(set->tags);
	return err;
}
DDE_EMULATED(blk_mq_alloc_tag_set);

/* The driver calls it when no request can be in flight any more. */
void blk_mq_free_tag_set(struct blk_mq_tag_set *set)
{
	unsigned int i;

	for (i = 0; i < set->nr_maps; i++)
		kfree(set->map[i].mq_map);
	tags_free(container_of(set->tags[0], struct dde_blk_tags, tags));
	kfree(set->tags);
	set->tags = NULL;
}
DDE_EMULATED(blk_mq_free_tag_set);
