// SPDX-License-Identifier: GPL-2.0-only
/*
 * blk-timeout.c - requests that a device does not answer in time.
 *
 * Stands for block/blk-timeout.c and the time-out half of block/blk-mq.c. Only
 * drivers that have ops->timeout pay for it: each start of a request notes its
 * deadline and sees to it that the queue's timer is armed. The timer's handler
 * runs as a work item, because ops->timeout may sleep. Linux's answer to a
 * driver without ops->timeout is to go on waiting; so it is here.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/jiffies.h>
#include <linux/timer.h>
#include <dde.h>
#include "dde_block.h"

#define TIMEOUT_DEFAULT (30 * HZ) /* Linux's, when the driver names none */

/* Most starts find the timer armed: an older request's deadline is nearer. */
static void queue_timer_arm(struct request_queue *q, unsigned long deadline)
{
	if (!timer_pending(&q->timeout) ||
	    time_before(deadline, q->timeout.expires))
		mod_timer(&q->timeout, deadline);
}

void dde_blk_timer_start(struct request *rq)
{
	struct request_queue *q = rq->q;

	if (!rq->timeout)
		rq->timeout = q->rq_timeout;
	rq->rq_flags &= ~RQF_TIMED_OUT;
	rq->deadline = jiffies + rq->timeout;
	queue_timer_arm(q, rq->deadline);
}

/* In the device, and its driver has not been asked about it yet. */
static bool rq_waits(const struct request *rq)
{
	return rq->state == MQ_RQ_IN_FLIGHT && !(rq->rq_flags & RQF_TIMED_OUT);
}

/*
 * A driver that says DONE has ended the request or will; one that wants more
 * time gets the same again.
 */
static void rq_time_out(struct request *rq)
{
	rq->rq_flags |= RQF_TIMED_OUT;
	if (rq->q->mq_ops->timeout(rq) == BLK_EH_RESET_TIMER)
		dde_blk_timer_start(rq);
}

/* The next deadline of what is still in flight arms the timer anew. */
static void queue_timer_restart(struct request_queue *q)
{
	struct dde_blk_tags *tags = dde_blk_tags_of(q);
	unsigned int i;

	for (i = 0; i < tags->tags.nr_tags; i++) {
		struct request *rq = tags->tags.rqs[i];

		if (rq_waits(rq))
			queue_timer_arm(q, rq->deadline);
	}
}

static void timeout_work_fn(struct work_struct *work)
{
	struct request_queue *q = container_of(work, struct request_queue,
					       timeout_work);
	struct dde_blk_tags *tags = dde_blk_tags_of(q);
	unsigned int i;

	for (i = 0; i < tags->tags.nr_tags; i++) {
		struct request *rq = tags->tags.rqs[i];

		if (rq_waits(rq) && time_after_eq(jiffies, rq->deadline))
			rq_time_out(rq);
	}
	queue_timer_restart(q);
}

static void timeout_timer_fn(struct timer_list *timer)
{
	struct request_queue *q = from_timer(q, timer, timeout);

	schedule_work(&q->timeout_work);
}

void dde_blk_timeout_setup(struct request_queue *q,
			   const struct blk_mq_tag_set *set)
{
	q->rq_timeout = set->timeout ?: TIMEOUT_DEFAULT;
	timer_setup(&q->timeout, timeout_timer_fn, 0);
	INIT_WORK(&q->timeout_work, timeout_work_fn);
}

/* Before the queue's memory goes. */
void dde_blk_timeout_end(struct request_queue *q)
{
	timer_shutdown_sync(&q->timeout);
	cancel_work_sync(&q->timeout_work);
}

/* The time-out comes now; the driver's handler decides as it would then. */
void blk_abort_request(struct request *rq)
{
	rq->deadline = jiffies;
	schedule_work(&rq->q->timeout_work);
}
DDE_EMULATED(blk_abort_request);

void blk_mq_tagset_wait_completed_request(struct blk_mq_tag_set *set)
{
}
DDE_NOOP(blk_mq_tagset_wait_completed_request,
	 "a completion runs to its end when it is reported");

/**
 * blk_mq_tagset_busy_iter - call @fn for each request that has been started.
 *
 * @fn may end the request; it returns false to stop.
 */
void blk_mq_tagset_busy_iter(struct blk_mq_tag_set *set, busy_tag_iter_fn *fn,
			     void *priv)
{
	unsigned int i;

	for (i = 0; i < set->tags[0]->nr_tags; i++) {
		struct request *rq = set->tags[0]->rqs[i];

		if (blk_mq_request_started(rq) && !fn(rq, priv))
			return;
	}
}
DDE_EMULATED(blk_mq_tagset_busy_iter);
