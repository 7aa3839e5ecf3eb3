// SPDX-License-Identifier: GPL-2.0-only
/*
 * block_watch.c - disks that stop answering.
 *
 * Linux waits for ever for a device whose driver has no ops->timeout, and a
 * virtqueue that the device has broken stays so until a reboot. Here the
 * process ends: the broker resets the device, starts the driver again, and the
 * clients send again what was not answered.
 *
 * While there are requests, the disk is looked at four times in the time that
 * the manifest gives it (stall_ms). It has hung if nothing ends from look to
 * look for so long, or if one request stays while others end. Time is counted
 * in looks: when the machine stood still, a look comes late, and counts once.
 * For native drivers dddk/virtio/watch.c does the same.
 */
#include <linux/blk-mq.h>
#include <linux/jiffies.h>
#include <linux/virtio.h>
#include <kit.h>
#include <dde.h>
#include <block/dde_block.h>
#include "class_block.h"

#define LOOKS	   4u  /* in the time */
#define SLOW_TIMES 10u /* so much longer a flush may take */
#define LOOKS_SLOW (SLOW_TIMES * LOOKS)

/* There only if a virtio driver is in this process. */
#pragma weak virtqueue_is_broken

static bool is_broken(const struct device *dev)
{
	struct virtqueue *queue;

	if (!virtqueue_is_broken || !dev || strcmp(dev->bus->name, "virtio"))
		return false;
	list_for_each_entry (queue, &dev_to_virtio((struct device *)dev)->vqs,
			     list)
		if (virtqueue_is_broken(queue))
			return true;
	return false;
}

void dde_block_watch_failure(const struct block_watch *watch)
{
	if (watch->disk && is_broken(disk_to_dev(watch->disk)->parent))
		dde_fatal(
			"%s: the device has broken its queue: this driver ends",
			watch->disk->disk_name);
}

/* The status tells the broker that the device is to blame. */
static void hung(const struct block_watch *watch, const char *what,
		 unsigned int times)
{
	pr_emerg(
		"%s: %s for %u ms: the device has hung, and this driver ends (DDE_..._STALL_MS in drivers.config)\n",
		watch->disk->disk_name, what, times * kit_device()->stall_ms);
	kit_exit(KIT_ERR_TIMEOUT);
}

/* What is still the request that it was at the last count is overdue: the mark
 * goes with the next use. No driver without ops->timeout knows this mark. */
static void mark_requests(const struct block_watch *watch,
			  const struct dde_blk_tags *tags)
{
	unsigned int i;

	for (i = 0; i < tags->tags.nr_tags; i++) {
		struct request *rq = tags->tags.rqs[i];

		if (!blk_mq_request_started(rq))
			continue;
		if (rq->rq_flags & RQF_TIMED_OUT)
			hung(watch, "a request has been left out", SLOW_TIMES);
		rq->rq_flags |= RQF_TIMED_OUT;
	}
}

/* Has the medium work that takes long? A driver's own requests do not. */
static bool is_slow(const struct dde_blk_tags *tags)
{
	unsigned int i;

	for (i = 0; i < tags->tags.nr_tags; i++) {
		struct request *rq = tags->tags.rqs[i];

		if (blk_mq_request_started(rq) && req_op(rq) >= REQ_OP_FLUSH &&
		    req_op(rq) < REQ_OP_DRV_IN)
			return true;
	}
	return false;
}

static void look(struct timer_list *timer)
{
	struct block_watch *watch = from_timer(watch, timer, timer);
	struct dde_blk_tags *tags = dde_blk_tags_of(watch->disk->queue);

	if (tags->free_count == tags->tags.nr_tags) {
		watch->looks = 0;
		return; /* until there is work again */
	}
	dde_block_watch_failure(watch);
	watch->looks = watch->ended == watch->seen ? watch->looks + 1 : 0;
	watch->seen = watch->ended;
	watch->round = (watch->round + 1) % LOOKS_SLOW;
	if (watch->looks > LOOKS_SLOW)
		hung(watch, "nothing has ended", SLOW_TIMES);
	else if (watch->looks > LOOKS && !is_slow(tags))
		hung(watch, "nothing has ended", 1);
	else if (watch->round == 0)
		mark_requests(watch, tags);
	dde_block_watch_begin(watch);
}

void dde_block_watch_begin(struct block_watch *watch)
{
	if (watch->disk)
		mod_timer(&watch->timer,
			  jiffies +
				  msecs_to_jiffies(kit_device()->stall_ms) /
					  LOOKS +
				  1);
}

void dde_block_watch_init(struct block_watch *watch, struct gendisk *disk)
{
	if (disk->queue->mq_ops->timeout)
		return;
	watch->disk = disk;
	timer_setup(&watch->timer, look, 0);
}
