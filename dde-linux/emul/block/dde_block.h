/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dde_block.h - between the emulated block layer and the block class glue.
 *
 * One request slot holds everything a client request needs, laid out so that a
 * driver finds its private data where blk_mq_rq_to_pdu() looks:
 * bio, its one bio_vec, struct request, then the driver's cmd_size bytes.
 * A slot is allocated once, with the tag set, and used again and again.
 */
#ifndef DDE_BLOCK_H
#define DDE_BLOCK_H

#include <linux/blk-mq.h>
#include <linux/blkdev.h>

struct dde_blk_slot {
	struct bio bio;
	struct bio_vec vec; /* client's data is contiguous: one will do */
	struct request rq;  /* last: the driver's data follows */
};

/* First member is what Linux's inline functions know; the rest is ours. */
struct dde_blk_tags {
	struct blk_mq_tags tags;
	struct request *free; /* list through rq_next, newest first */
	unsigned int free_count;
	unsigned int stride;	    /* bytes from slot to slot */
	struct blk_mq_hw_ctx *hctx; /* the one hardware queue */
	wait_queue_head_t wait;	    /* for a free tag, or for all of them */
	void *slots;
};

static inline struct dde_blk_slot *dde_blk_slot_of(struct request *rq)
{
	return container_of(rq, struct dde_blk_slot, rq);
}

static inline struct dde_blk_tags *dde_blk_tags_of(struct request_queue *q)
{
	return container_of(q->tag_set->tags[0], struct dde_blk_tags, tags);
}

/* Has the set's one queue been made? */
static inline bool dde_blk_set_bound(const struct blk_mq_tag_set *set)
{
	return container_of(set->tags[0], struct dde_blk_tags, tags)->hctx;
}

static inline struct blk_mq_hw_ctx *dde_blk_hctx(struct request_queue *q)
{
	return dde_blk_tags_of(q)->hctx;
}

/* Take a request from the free ones; NULL if all are in use. */
static inline struct request *dde_blk_tags_pop(struct dde_blk_tags *tags)
{
	struct request *rq = tags->free;

	if (likely(rq)) {
		tags->free = rq->rq_next;
		tags->free_count--;
	}
	return rq;
}

/* Length of the first scatter-gather piece of [bus, bus + bytes). */
static inline unsigned int dde_blk_piece(const struct queue_limits *lim,
					 phys_addr_t bus, unsigned int bytes)
{
	unsigned long to_boundary = lim->seg_boundary_mask -
				    (bus & lim->seg_boundary_mask);

	/* Compared before adding 1: the mask may be all ones. */
	if (unlikely(bytes - 1 > to_boundary))
		bytes = to_boundary + 1;
	return min(bytes, lim->max_segment_size);
}

/* Give it to the driver now, or later if the driver cannot take it now. Its
 * bio's bi_end_io tells the end, perhaps before this function returns. */
void dde_blk_issue(struct request *rq);

/* After a batch of dde_blk_issue: the driver tells its device. */
void dde_blk_commit(struct request_queue *q);

/* Requests put aside are offered to the driver again. Called by the loop. */
void dde_blk_poll(struct request_queue *q);

/* How many scatter-gather entries a contiguous buffer makes. */
static inline unsigned int dde_blk_segments(const struct queue_limits *lim,
					    phys_addr_t bus, unsigned int bytes)
{
	unsigned int count = 0;
	unsigned int piece;

	for (; bytes; bytes -= piece, bus += piece, count++)
		piece = dde_blk_piece(lim, bus, bytes);
	return count;
}

/* Requests' deadlines (blk-timeout.c); start: for drivers that have ->timeout. */
void dde_blk_timer_start(struct request *rq);
void dde_blk_timeout_setup(struct request_queue *q,
			   const struct blk_mq_tag_set *set);
void dde_blk_timeout_end(struct request_queue *q);

int dde_blk_queue_setup(struct request_queue *q, struct blk_mq_tag_set *set,
			struct queue_limits *lim, void *queuedata);
void dde_blk_queue_free(struct request_queue *q);
void dde_blk_hctx_setup(struct blk_mq_hw_ctx *hctx, struct request_queue *q);

/* The class glue is told about a disk (class/block.c). */
int dde_block_disk_added(struct gendisk *disk,
			 const struct attribute_group **groups);
void dde_block_disk_changed(struct gendisk *disk);
void dde_block_disk_removed(struct gendisk *disk);

#endif
