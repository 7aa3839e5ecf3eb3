// SPDX-License-Identifier: GPL-2.0-only
/*
 * blk-mq-sched.c - handing requests to the driver: issue, put aside, restart.
 *
 * Stands for block/blk-mq-sched.c and the dispatch half of block/blk-mq.c.
 * A driver's queue_rq is never called from inside the driver's own completion
 * path (it may hold its queue lock there): restarts only leave a mark that
 * dde_blk_poll() acts on. A driver whose queue_rq may sleep (BLK_MQ_F_BLOCKING)
 * is called from a work item only, which is a fiber and never runs twice at
 * once; all its requests are put aside first.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/wait.h>
#include <kit.h>
#include <dde.h>
#include "dde_block.h"

#define RETRY_MS 3 /* if no completion restarts the queue */

/* Bits of hctx->state beyond Linux's own BLK_MQ_S_*. */
#define STATE_UNCOMMITTED (BLK_MQ_S_MAX + 0)
#define STATE_RUN	  (BLK_MQ_S_MAX + 1)

/* Stopped by the driver (device full), or quiesced by it (no calls at all). */
static bool hctx_can_take(const struct blk_mq_hw_ctx *hctx)
{
	return likely(!test_bit(BLK_MQ_S_STOPPED, &hctx->state) &&
		      !blk_queue_quiesced(hctx->queue));
}

/* Return: false if the driver cannot take it now; the request is still ours. */
static bool rq_offer(struct request *rq)
{
	struct blk_mq_hw_ctx *hctx = rq->mq_hctx;
	const struct blk_mq_queue_data bd = { .rq = rq, .last = false };
	blk_status_t status;

	status = rq->q->mq_ops->queue_rq(hctx, &bd);
	if (likely(status == BLK_STS_OK)) {
		__set_bit(STATE_UNCOMMITTED, &hctx->state);
		return true;
	}
	if (status == BLK_STS_RESOURCE || status == BLK_STS_DEV_RESOURCE)
		return false;
	blk_mq_end_request(rq, status);
	return true;
}

static bool hctx_sleeps(const struct blk_mq_hw_ctx *hctx)
{
	return hctx->flags & BLK_MQ_F_BLOCKING;
}

/*
 * The fallback for a driver that ran out of memory with nothing in flight: no
 * completion will come to restart it.
 */
static void hctx_retry_later(struct blk_mq_hw_ctx *hctx)
{
	queue_delayed_work(system_wq, &hctx->run_work,
			   msecs_to_jiffies(RETRY_MS));
}

static void rq_put_aside(struct request *rq)
{
	struct blk_mq_hw_ctx *hctx = rq->mq_hctx;

	list_add_tail(&rq->queuelist, &hctx->dispatch);
	if (hctx_sleeps(hctx))
		mod_delayed_work(system_wq, &hctx->run_work, 0);
	else
		hctx_retry_later(hctx);
}

/*
 * Requests put aside go first, or writes could overtake each other more than a
 * disk's own queue would let them.
 */
void dde_blk_issue(struct request *rq)
{
	struct blk_mq_hw_ctx *hctx = rq->mq_hctx;

	if (unlikely(hctx_sleeps(hctx) || !list_empty(&hctx->dispatch) ||
		     !hctx_can_take(hctx) || !rq_offer(rq)))
		rq_put_aside(rq);
}

/* Nothing is said to the device when no request was accepted. */
static void hctx_commit(struct blk_mq_hw_ctx *hctx)
{
	if (!test_bit(STATE_UNCOMMITTED, &hctx->state))
		return;
	__clear_bit(STATE_UNCOMMITTED, &hctx->state);
	kit_trace(KIT_TRACE_KICK, hctx->queue_num);
	if (hctx->queue->mq_ops->commit_rqs)
		hctx->queue->mq_ops->commit_rqs(hctx);
}

void dde_blk_commit(struct request_queue *q)
{
	if (!hctx_sleeps(dde_blk_hctx(q)))
		hctx_commit(dde_blk_hctx(q));
}

/* Offer what was put aside, oldest first, until the driver refuses again. */
static void hctx_run(struct blk_mq_hw_ctx *hctx)
{
	__clear_bit(STATE_RUN, &hctx->state);
	while (hctx_can_take(hctx) && !list_empty(&hctx->dispatch)) {
		struct request *rq = list_first_entry(&hctx->dispatch,
						      struct request,
						      queuelist);

		list_del_init(&rq->queuelist);
		if (rq_offer(rq))
			continue;
		list_add(&rq->queuelist, &hctx->dispatch);
		hctx_retry_later(hctx);
		break;
	}
	hctx_commit(hctx);
}

void dde_blk_poll(struct request_queue *q)
{
	struct blk_mq_hw_ctx *hctx = dde_blk_hctx(q);

	if (likely(!test_bit(STATE_RUN, &hctx->state) &&
		   list_empty(&hctx->dispatch)))
		return;
	if (!hctx_sleeps(hctx))
		hctx_run(hctx);
	else if (test_and_clear_bit(STATE_RUN, &hctx->state))
		mod_delayed_work(system_wq, &hctx->run_work, 0);
}

static void run_work_fn(struct work_struct *work)
{
	hctx_run(container_of(work, struct blk_mq_hw_ctx, run_work.work));
}

void dde_blk_hctx_setup(struct blk_mq_hw_ctx *hctx, struct request_queue *q)
{
	hctx->queue = q;
	hctx->tags = q->tag_set->tags[0];
	hctx->flags = q->tag_set->flags;
	hctx->nr_ctx = 1;
	INIT_LIST_HEAD(&hctx->dispatch);
	INIT_DELAYED_WORK(&hctx->run_work, run_work_fn);
}

/* Linux runs the queue at once unless @async; here always from the loop. */
void blk_mq_run_hw_queue(struct blk_mq_hw_ctx *hctx, bool async)
{
	__set_bit(STATE_RUN, &hctx->state);
}
DDE_EMULATED(blk_mq_run_hw_queue);

void blk_mq_run_hw_queues(struct request_queue *q, bool async)
{
	blk_mq_run_hw_queue(dde_blk_hctx(q), async);
}
DDE_EMULATED(blk_mq_run_hw_queues);

void blk_mq_stop_hw_queue(struct blk_mq_hw_ctx *hctx)
{
	set_bit(BLK_MQ_S_STOPPED, &hctx->state);
}
DDE_EMULATED(blk_mq_stop_hw_queue);

void blk_mq_stop_hw_queues(struct request_queue *q)
{
	blk_mq_stop_hw_queue(dde_blk_hctx(q));
}
DDE_EMULATED(blk_mq_stop_hw_queues);

void blk_mq_start_hw_queue(struct blk_mq_hw_ctx *hctx)
{
	clear_bit(BLK_MQ_S_STOPPED, &hctx->state);
	blk_mq_run_hw_queue(hctx, false);
}
DDE_EMULATED(blk_mq_start_hw_queue);

void blk_mq_start_hw_queues(struct request_queue *q)
{
	blk_mq_start_hw_queue(dde_blk_hctx(q));
}
DDE_EMULATED(blk_mq_start_hw_queues);

void blk_mq_start_stopped_hw_queue(struct blk_mq_hw_ctx *hctx, bool async)
{
	if (unlikely(test_bit(BLK_MQ_S_STOPPED, &hctx->state)))
		blk_mq_start_hw_queue(hctx);
}
DDE_EMULATED(blk_mq_start_stopped_hw_queue);

/* Called after every batch of completions: the test must be cheap. */
void blk_mq_start_stopped_hw_queues(struct request_queue *q, bool async)
{
	blk_mq_start_stopped_hw_queue(dde_blk_hctx(q), async);
}
DDE_EMULATED(blk_mq_start_stopped_hw_queues);

/*
 * A driver gives a request back, from inside queue_rqs or its completion. It
 * goes to the front, and is offered when the loop comes round.
 */
void blk_mq_requeue_request(struct request *rq, bool kick_requeue_list)
{
	WRITE_ONCE(rq->state, MQ_RQ_IDLE);
	list_add(&rq->queuelist, &rq->mq_hctx->dispatch);
	if (kick_requeue_list)
		blk_mq_run_hw_queue(rq->mq_hctx, true);
}
DDE_EMULATED(blk_mq_requeue_request);

void blk_mq_kick_requeue_list(struct request_queue *q)
{
	blk_mq_run_hw_queues(q, true);
}
DDE_EMULATED(blk_mq_kick_requeue_list);

void blk_mq_delay_kick_requeue_list(struct request_queue *q,
				    unsigned long msecs)
{
	queue_delayed_work(system_wq, &dde_blk_hctx(q)->run_work,
			   msecs_to_jiffies(msecs));
}
DDE_EMULATED(blk_mq_delay_kick_requeue_list);

/* Quiesce: no queue_rq call from now on. Freeze: and nothing in flight. */
void blk_mq_quiesce_queue_nowait(struct request_queue *q)
{
	if (!q->quiesce_depth++)
		__set_bit(QUEUE_FLAG_QUIESCED, &q->queue_flags);
}
DDE_EMULATED(blk_mq_quiesce_queue_nowait);

void blk_mq_quiesce_queue(struct request_queue *q)
{
	blk_mq_quiesce_queue_nowait(q);
}
DDE_EMULATED(blk_mq_quiesce_queue);

void blk_mq_unquiesce_queue(struct request_queue *q)
{
	if (WARN_ON_ONCE(!q->quiesce_depth) || --q->quiesce_depth)
		return;
	__clear_bit(QUEUE_FLAG_QUIESCED, &q->queue_flags);
	blk_mq_run_hw_queues(q, true);
}
DDE_EMULATED(blk_mq_unquiesce_queue);

/* Every queue of the set: there is one, or none yet. */
void blk_mq_quiesce_tagset(struct blk_mq_tag_set *set)
{
	if (dde_blk_set_bound(set))
		blk_mq_quiesce_queue_nowait(set->tags[0]->rqs[0]->q);
}
DDE_EMULATED(blk_mq_quiesce_tagset);

void blk_mq_unquiesce_tagset(struct blk_mq_tag_set *set)
{
	if (dde_blk_set_bound(set))
		blk_mq_unquiesce_queue(set->tags[0]->rqs[0]->q);
}
DDE_EMULATED(blk_mq_unquiesce_tagset);

void blk_mq_wait_quiesce_done(struct blk_mq_tag_set *set)
{
}
DDE_NOOP(blk_mq_wait_quiesce_done, "queue_rq runs on the caller's own thread");

static bool queue_idle(const struct dde_blk_tags *tags)
{
	return tags->free_count == tags->tags.nr_tags;
}

/* Clients get KIT_ERR_BUSY from now on, and are served after the thaw. */
void blk_freeze_queue_start(struct request_queue *q)
{
	q->mq_freeze_depth++;
}
DDE_EMULATED(blk_freeze_queue_start);

/* Sleeps until nothing is in flight. */
void blk_mq_freeze_queue_wait(struct request_queue *q)
{
	struct dde_blk_tags *tags = dde_blk_tags_of(q);

	wait_event(tags->wait, queue_idle(tags));
}
DDE_EMULATED(blk_mq_freeze_queue_wait);

int blk_mq_freeze_queue_wait_timeout(struct request_queue *q,
				     unsigned long timeout)
{
	struct dde_blk_tags *tags = dde_blk_tags_of(q);

	return wait_event_timeout(tags->wait, queue_idle(tags), timeout);
}
DDE_EMULATED(blk_mq_freeze_queue_wait_timeout);

void blk_mq_freeze_queue(struct request_queue *q)
{
	blk_freeze_queue_start(q);
	blk_mq_freeze_queue_wait(q);
}
DDE_EMULATED(blk_mq_freeze_queue);

void blk_mq_unfreeze_queue(struct request_queue *q)
{
	if (!WARN_ON_ONCE(!q->mq_freeze_depth))
		q->mq_freeze_depth--;
	wake_up_all(&dde_blk_tags_of(q)->wait);
}
DDE_EMULATED(blk_mq_unfreeze_queue);

/* A driver's own request, waited for. */
static enum rq_end_io_ret execute_done(struct request *rq, blk_status_t status)
{
	struct completion *done = rq->end_io_data;

	rq->end_io_data = (void *)(unsigned long)status;
	complete(done);
	return RQ_END_IO_NONE;
}

/* Sleeps until the device has answered; the loop serves others meanwhile. */
blk_status_t blk_execute_rq(struct request *rq, bool at_head)
{
	DECLARE_COMPLETION_ONSTACK(done);

	rq->end_io = execute_done;
	rq->end_io_data = &done;
	dde_blk_issue(rq);
	dde_blk_commit(rq->q);
	wait_for_completion_io(&done);
	return (blk_status_t)(unsigned long)rq->end_io_data;
}
DDE_EMULATED(blk_execute_rq);

/* A driver's own request, whose end_io hears of the end. */
void blk_execute_rq_nowait(struct request *rq, bool at_head)
{
	dde_blk_issue(rq);
	dde_blk_commit(rq->q);
}
DDE_EMULATED(blk_execute_rq_nowait);

bool blk_rq_is_poll(struct request *rq)
{
	return false;
}
DDE_EMULATED(blk_rq_is_poll);

int blk_rq_poll(struct request *rq, struct io_comp_batch *batch,
		unsigned int flags)
{
	return 0;
}
DDE_EMULATED(blk_rq_poll);
