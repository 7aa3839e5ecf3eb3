// SPDX-License-Identifier: BSD-2-Clause
/*
 * block_queue.c - queues without a disk, as drivers use for their own commands.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/delay.h>
#include <dde.h>
#include <block/dde_block.h>
#include "check.h"

static struct request *taken;
static unsigned int ends;

static blk_status_t queue_rq(struct blk_mq_hw_ctx *hctx,
			     const struct blk_mq_queue_data *bd)
{
	blk_mq_start_request(bd->rq);
	taken = bd->rq;
	return BLK_STS_OK;
}

static const struct blk_mq_ops ops = {
	.queue_rq = queue_rq,
};
static struct blk_mq_tag_set set = {
	.ops = &ops,
	.nr_hw_queues = 4,
	.queue_depth = 2,
};

static enum rq_end_io_ret ended(struct request *rq, blk_status_t status)
{
	ends++;
	return RQ_END_IO_FREE;
}

/* The tag set is cut to one hardware queue, and holds one queue. */
static struct request_queue *queue_make(void)
{
	struct request_queue *q;

	CHECK(!blk_mq_alloc_tag_set(&set));
	CHECK(set.nr_hw_queues == 1);
	q = blk_mq_alloc_queue(&set, NULL, &ends);
	CHECK(!IS_ERR(q) && q->queuedata == &ends);
	CHECK(blk_mq_alloc_queue(&set, NULL, NULL) == ERR_PTR(-EBUSY));
	return q;
}

/* A command whose end is told to end_io, which has it freed. */
static void command_without_waiting(struct request_queue *q)
{
	struct request *rq = blk_mq_alloc_request_hctx(q, REQ_OP_DRV_OUT, 0, 0);

	CHECK(!IS_ERR(rq) && !blk_rq_is_poll(rq));
	CHECK(blk_mq_alloc_request_hctx(q, REQ_OP_DRV_OUT, 0, 1) ==
	      ERR_PTR(-EXDEV));
	rq->end_io = ended;
	blk_execute_rq_nowait(rq, false);
	CHECK(taken == rq && !ends && !blk_rq_poll(rq, NULL, 0));
	blk_mq_end_request(rq, BLK_STS_OK);
	CHECK(ends == 1);
}

/* Nothing reaches the driver while the set is quiesced. */
static void quiesced_set(struct request_queue *q)
{
	struct request *rq = blk_mq_alloc_request(q, REQ_OP_DRV_OUT, 0);

	rq->end_io = ended;
	taken = NULL;
	blk_mq_quiesce_tagset(&set);
	blk_execute_rq_nowait(rq, false);
	msleep(10);
	CHECK(!taken);
	blk_mq_unquiesce_tagset(&set);
	blk_mq_delay_kick_requeue_list(q, 1);
	msleep(10);
	CHECK(taken == rq);
}

static struct request *command_queued(struct request_queue *q)
{
	struct request *rq = blk_mq_alloc_request(q, REQ_OP_DRV_OUT, 0);

	rq->end_io = ended;
	taken = NULL;
	blk_execute_rq_nowait(rq, false);
	return rq;
}

/* A stopped queue takes nothing, however often it is run. */
static void stopped_and_started(struct request_queue *q)
{
	struct blk_mq_hw_ctx *hctx = dde_blk_hctx(q);
	struct request *rq;

	blk_mq_stop_hw_queues(q);
	rq = command_queued(q);
	blk_mq_run_hw_queues(q, true);
	dde_blk_poll(q);
	CHECK(!taken);
	blk_mq_start_hw_queues(q);
	CHECK(!taken); /* from the loop, never from inside the driver */
	dde_blk_poll(q);
	CHECK(taken == rq);
	taken = NULL;
	blk_mq_stop_hw_queue(hctx);
	blk_mq_requeue_request(rq, true);
	blk_mq_run_hw_queue(hctx, true);
	dde_blk_poll(q);
	CHECK(!taken && !blk_mq_request_started(rq));
	blk_mq_start_stopped_hw_queue(hctx, true);
	dde_blk_poll(q);
	CHECK(taken == rq);
	blk_mq_stop_hw_queue(hctx);
	blk_mq_start_hw_queue(hctx);
	CHECK(!test_bit(BLK_MQ_S_STOPPED, &hctx->state));
	blk_mq_end_request(rq, BLK_STS_OK);
}

/* Quiesced twice, it is run when both have ended. */
static void quiesced_twice(struct request_queue *q)
{
	struct request *rq;

	blk_mq_quiesce_queue(q);
	blk_mq_quiesce_queue_nowait(q);
	rq = command_queued(q);
	blk_mq_unquiesce_queue(q);
	blk_mq_kick_requeue_list(q);
	dde_blk_poll(q);
	CHECK(!taken);
	blk_mq_unquiesce_queue(q);
	dde_blk_poll(q);
	CHECK(taken == rq);
	CHECK(!blk_mq_complete_request_remote(rq)); /* the caller completes */
	CHECK(blk_mq_request_completed(rq));
	ends = 0;
	__blk_mq_end_request(rq, BLK_STS_OK);
	CHECK(ends == 1);
}

static void ends_of_a_batch(struct request_queue *q)
{
	DEFINE_IO_COMP_BATCH(batch);
	unsigned int i;

	ends = 0;
	for (i = 0; i < 2; i++) {
		struct request *rq = command_queued(q);

		rq_list_add_tail(&batch.req_list, rq);
	}
	blk_mq_end_request_batch(&batch);
	CHECK(ends == 2 && rq_list_empty(&batch.req_list));
	mod_timer(&q->timeout, jiffies + HZ);
	blk_sync_queue(q);
	CHECK(!timer_pending(&q->timeout));
	CHECK(register_blkdev(0, "check") > 0 && !register_blkdev(9, "check"));
}

/* What is in flight holds a freeze up; then the queue can go. */
static void freezing_and_end(struct request_queue *q)
{
	blk_freeze_queue_start(q);
	CHECK(blk_mq_alloc_request(q, REQ_OP_DRV_OUT, BLK_MQ_REQ_NOWAIT) ==
	      ERR_PTR(-EWOULDBLOCK));
	CHECK(!blk_mq_freeze_queue_wait_timeout(q, HZ / 50));
	blk_mq_end_request(taken, BLK_STS_OK);
	CHECK(blk_mq_freeze_queue_wait_timeout(q, HZ / 50));
	blk_mq_freeze_queue_wait(q);
	blk_mq_unfreeze_queue(q);
	taken = blk_mq_alloc_request(q, REQ_OP_DRV_OUT, BLK_MQ_REQ_NOWAIT);
	CHECK(!IS_ERR(taken));
	blk_mq_free_request(taken);
	blk_queue_flag_set(QUEUE_FLAG_NOMERGES, q);
	CHECK(blk_queue_nomerges(q));
	blk_queue_flag_clear(QUEUE_FLAG_NOMERGES, q);
	CHECK(!blk_queue_nomerges(q));
	blk_mq_destroy_queue(q);
	CHECK(blk_queue_dying(q));
	blk_put_queue(q);
	blk_mq_free_tag_set(&set);
}

/* A driver that transfers in steps: what is left, and where it goes on. */
static void done_in_steps(struct request_queue *q)
{
	struct request *rq = blk_mq_alloc_request(q, REQ_OP_DRV_OUT, 0);
	struct bio_vec vec = { .bv_len = 4096 };
	struct bio bio = {
		.bi_io_vec = &vec,
		.bi_vcnt = 1,
		.bi_opf = REQ_OP_DRV_OUT,
		.bi_iter = { .bi_size = 4096, .bi_sector = 100 },
	};

	rq->bio = &bio;
	rq->__data_len = 4096;
	rq->__sector = 100;
	CHECK(blk_update_request(rq, BLK_STS_OK, 1024));
	CHECK(blk_rq_bytes(rq) == 3072 && blk_rq_pos(rq) == 102);
	CHECK(bio.bi_iter.bi_sector == 102 && bio.bi_iter.bi_bvec_done == 1024);
	CHECK(!blk_update_request(rq, BLK_STS_OK, 3072));
	CHECK(!blk_rq_bytes(rq) && !rq->bio);
	blk_mq_free_request(rq);
}

static void check_block_queue(void)
{
	struct request_queue *q = queue_make();

	command_without_waiting(q);
	done_in_steps(q);
	stopped_and_started(q);
	quiesced_twice(q);
	ends_of_a_batch(q);
	quiesced_set(q);
	freezing_and_end(q);
	CHECK(blk_status_to_errno(BLK_STS_NOSPC) == -ENOSPC);
	CHECK(errno_to_blk_status(-ENOSPC) == BLK_STS_NOSPC);
	CHECK(blk_status_to_errno(BLK_STS_OK) == 0);
	CHECK(errno_to_blk_status(-EFAULT) == BLK_STS_IOERR);
	CHECK(!strcmp(blk_op_str(REQ_OP_DISCARD), "DISCARD"));
	CHECK(!strcmp(blk_op_str(REQ_OP_LAST), "UNKNOWN"));
}
CHECK_GROUP(block_queue);
