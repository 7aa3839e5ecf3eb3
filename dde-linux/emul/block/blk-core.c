// SPDX-License-Identifier: GPL-2.0-only
/*
 * blk-core.c - request queues: made, frozen, freed; status codes, names.
 *
 * Stands for block/blk-core.c and the queues' part of block/blk-mq.c. A tag set
 * has one queue here, with one hardware queue: a driver that wants a second
 * disk on the same requests (NVMe namespaces) is told that there is none.
 */
#include <linux/blk-mq.h>
#include <linux/blk-mq-pci.h>
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <dde.h>
#include "dde_block.h"

/* Declared in Linux's private block/blk.h. */
extern int blk_set_default_limits(struct queue_limits *lim);

static const struct {
	blk_status_t status;
	int error;
} codes[] = {
	{ BLK_STS_OK, 0 },
	{ BLK_STS_NOTSUPP, -EOPNOTSUPP },
	{ BLK_STS_TIMEOUT, -ETIMEDOUT },
	{ BLK_STS_NOSPC, -ENOSPC },
	{ BLK_STS_TRANSPORT, -ENOLINK },
	{ BLK_STS_TARGET, -EREMOTEIO },
	{ BLK_STS_RESV_CONFLICT, -EBADE },
	{ BLK_STS_MEDIUM, -ENODATA },
	{ BLK_STS_PROTECTION, -EILSEQ },
	{ BLK_STS_RESOURCE, -ENOMEM },
	{ BLK_STS_DEV_RESOURCE, -EBUSY },
	{ BLK_STS_AGAIN, -EAGAIN },
	{ BLK_STS_OFFLINE, -ENODEV },
	{ BLK_STS_ZONE_OPEN_RESOURCE, -ETOOMANYREFS },
	{ BLK_STS_ZONE_ACTIVE_RESOURCE, -EOVERFLOW },
	{ BLK_STS_DURATION_LIMIT, -ETIME },
	{ BLK_STS_INVAL, -EINVAL },
};

int blk_status_to_errno(blk_status_t status)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		if (codes[i].status == status)
			return codes[i].error;
	}
	return -EIO;
}
DDE_EMULATED(blk_status_to_errno);

blk_status_t errno_to_blk_status(int error)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		if (codes[i].error == error)
			return codes[i].status;
	}
	return BLK_STS_IOERR;
}
DDE_EMULATED(errno_to_blk_status);

/* Queues. */

/* Requests belong to the tag set, which is older than the queue. */
static void tags_bind(struct request_queue *q, struct blk_mq_hw_ctx *hctx)
{
	struct blk_mq_tags *tags = q->tag_set->tags[0];
	unsigned int i;

	dde_blk_tags_of(q)->hctx = hctx;
	for (i = 0; i < tags->nr_tags; i++) {
		tags->rqs[i]->q = q;
		tags->rqs[i]->mq_hctx = hctx;
	}
}

/*
 * The one hardware queue. It is also in hctx_table, where
 * queue_for_each_hw_ctx() of Linux's headers looks.
 */
static int queue_add_hctx(struct request_queue *q)
{
	struct blk_mq_hw_ctx *hctx = kzalloc(sizeof(*hctx), GFP_KERNEL);
	int err;

	if (!hctx)
		return -ENOMEM;
	dde_blk_hctx_setup(hctx, q);
	err = xa_err(xa_store(&q->hctx_table, 0, hctx, GFP_KERNEL));
	if (!err && q->mq_ops->init_hctx)
		err = q->mq_ops->init_hctx(hctx, q->tag_set->driver_data, 0);
	if (err) {
		xa_erase(&q->hctx_table, 0);
		kfree(hctx);
		return err;
	}
	tags_bind(q, hctx);
	return 0;
}

/*
 * The driver's limits are completed and checked by Linux's own code, so a
 * driver that asks for nonsense fails here as it would in Linux.
 */
int dde_blk_queue_setup(struct request_queue *q, struct blk_mq_tag_set *set,
			struct queue_limits *lim, void *queuedata)
{
	struct queue_limits limits = lim ? *lim : (struct queue_limits){};
	int err = blk_set_default_limits(&limits);

	if (err)
		return err;
	if (dde_blk_set_bound(set)) {
		pr_warn("blk-mq: one disk a process: the next one is left out\n");
		return -EBUSY;
	}
	q->limits = limits;
	q->queuedata = queuedata;
	q->mq_ops = set->ops;
	q->tag_set = set;
	q->nr_hw_queues = 1;
	q->nr_requests = set->queue_depth;
	q->queue_flags = QUEUE_FLAG_MQ_DEFAULT;
	xa_init(&q->hctx_table);
	mutex_init(&q->limits_lock);
	mutex_init(&q->sysfs_lock);
	spin_lock_init(&q->queue_lock);
	refcount_set(&q->refs, 1);
	dde_blk_timeout_setup(q, set);
	return queue_add_hctx(q);
}

/* Also one that was only half made: what is missing is NULL. */
void dde_blk_queue_free(struct request_queue *q)
{
	struct blk_mq_hw_ctx *hctx;

	if (!q)
		return;
	/* Not through the tag set: the driver may have freed it. */
	hctx = xa_load(&q->hctx_table, 0);
	if (hctx && q->mq_ops->exit_hctx)
		q->mq_ops->exit_hctx(hctx, 0);
	xa_destroy(&q->hctx_table);
	if (q->mq_ops)
		dde_blk_timeout_end(q);
	kfree(hctx);
	kfree(q);
}

void blk_queue_flag_set(unsigned int flag, struct request_queue *q)
{
	set_bit(flag, &q->queue_flags);
}
DDE_EMULATED(blk_queue_flag_set);

void blk_queue_flag_clear(unsigned int flag, struct request_queue *q)
{
	clear_bit(flag, &q->queue_flags);
}
DDE_EMULATED(blk_queue_flag_clear);

/* A queue without a disk, for a driver's own commands. */
struct request_queue *blk_mq_alloc_queue(struct blk_mq_tag_set *set,
					 struct queue_limits *lim,
					 void *queuedata)
{
	struct request_queue *q = kzalloc(sizeof(*q), GFP_KERNEL);
	int err;

	if (!q)
		return ERR_PTR(-ENOMEM);
	err = dde_blk_queue_setup(q, set, lim, queuedata);
	if (!err)
		return q;
	dde_blk_queue_free(q);
	return ERR_PTR(err);
}
DDE_EMULATED(blk_mq_alloc_queue);

/* No request comes any more; what is in flight is waited for. */
void blk_mq_destroy_queue(struct request_queue *q)
{
	blk_queue_flag_set(QUEUE_FLAG_DYING, q);
	blk_mq_freeze_queue(q);
	blk_sync_queue(q);
	cancel_delayed_work_sync(&dde_blk_hctx(q)->run_work);
}
DDE_EMULATED(blk_mq_destroy_queue);

void blk_put_queue(struct request_queue *q)
{
	if (refcount_dec_and_test(&q->refs))
		dde_blk_queue_free(q);
}
DDE_EMULATED(blk_put_queue);

/* Stop the queue's timer; the driver sees to it that it is not armed again. */
void blk_sync_queue(struct request_queue *q)
{
	timer_delete_sync(&q->timeout);
	cancel_work_sync(&q->timeout_work);
}
DDE_EMULATED(blk_sync_queue);

void blk_mq_update_nr_hw_queues(struct blk_mq_tag_set *set, int count)
{
}
DDE_NOOP(blk_mq_update_nr_hw_queues, "one CPU, so always one hardware queue");

void blk_mq_pci_map_queues(struct blk_mq_queue_map *map, struct pci_dev *pdev,
			   int offset)
{
}
DDE_NOOP(blk_mq_pci_map_queues, "one CPU: it is mapped to queue 0 already");

const char *blk_op_str(enum req_op op)
{
	static const char *const names[] = {
		[REQ_OP_READ] = "READ",
		[REQ_OP_WRITE] = "WRITE",
		[REQ_OP_FLUSH] = "FLUSH",
		[REQ_OP_DISCARD] = "DISCARD",
		[REQ_OP_WRITE_ZEROES] = "WRITE_ZEROES",
		[REQ_OP_DRV_IN] = "DRV_IN",
		[REQ_OP_DRV_OUT] = "DRV_OUT",
	};

	return op < ARRAY_SIZE(names) && names[op] ? names[op] : "UNKNOWN";
}
DDE_EMULATED(blk_op_str);
