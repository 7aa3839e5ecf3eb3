// SPDX-License-Identifier: GPL-2.0-only
/*
 * watch.c - devices that stop answering.
 *
 * Linux waits for ever for a device whose driver has no time-out of its own, and
 * a virtqueue that the device has broken stays so until a reboot. Here the
 * process ends: the broker resets the device, starts the driver again, and the
 * clients send again what was not answered.
 *
 * While the device owes answers, it is looked at four times in the time that
 * the manifest gives it (stall_ms). It has hung if nothing ends from look to
 * look for so long (of a disk: nothing that was owed long ago, block_watch.c); for
 * ten times as long if that may be slow: a flush, a wire, a source of random
 * numbers. Time is counted in looks: when the machine stood
 * still, a look comes late, and counts once. For native drivers
 * dddk/virtio/watch.c does the same.
 *
 * What is owed the class says. What comes when somebody types or sends is owed
 * by nobody, and bytes of a console may wait for its reader: docs/reliability.md
 */
#include <linux/jiffies.h>
#include <linux/string.h>
#include <linux/virtio.h>
#include <kit.h>
#include <dde.h>

#include "watch.h"

#define LOOKS	   4u  /* in the time */
#define SLOW_TIMES 10u /* so much longer what is slow may take */
#define LOOKS_SLOW (SLOW_TIMES * LOOKS)

/* There only if a virtio driver is in this process. */
#pragma weak virtqueue_is_broken
#pragma weak virtqueue_get_vring_size

static struct list_head *queues_of(const struct device *dev)
{
	if (!virtqueue_is_broken || !dev || strcmp(dev->bus->name, "virtio"))
		return NULL;
	return &dev_to_virtio((struct device *)dev)->vqs;
}

static bool is_broken(const struct device *dev)
{
	struct list_head *queues = queues_of(dev);
	struct virtqueue *queue;

	if (!queues)
		return false;
	list_for_each_entry (queue, queues, list)
		if (virtqueue_is_broken(queue))
			return true;
	return false;
}

struct virtqueue *dde_watch_queue(const struct device *dev, const char *name)
{
	struct list_head *queues = queues_of(dev);
	struct virtqueue *queue;

	if (!queues)
		return NULL;
	list_for_each_entry (queue, queues, list)
		if (!strcmp(queue->name, name))
			return queue;
	return NULL;
}

unsigned int dde_watch_owed(const struct virtqueue *queue)
{
	return virtqueue_get_vring_size(queue) - queue->num_free;
}

void dde_watch_failure(const struct dde_watch *watch)
{
	if (watch->ops && is_broken(watch->dev))
		dde_fatal(
			"%s: the device has broken its queue: this driver ends",
			watch->name);
}

/* The status tells the broker that the device is to blame. */
static void hung(const struct dde_watch *watch, unsigned int times)
{
	pr_emerg(
		"%s: it has owed an answer for %u ms: the device has hung, and this driver ends (DDE_..._STALL_MS in drivers.config)\n",
		watch->name, times * kit_device()->stall_ms);
	kit_exit(KIT_ERR_TIMEOUT);
}

static bool is_slow(const struct dde_watch *watch)
{
	return !watch->ops->slow || watch->ops->slow();
}

static bool is_moving(struct dde_watch *watch)
{
	unsigned long seen = watch->seen;

	if (watch->ops->moving)
		return watch->ops->moving();
	watch->seen = watch->ended;
	return watch->seen != seen;
}

static void look(struct timer_list *timer)
{
	struct dde_watch *watch = from_timer(watch, timer, timer);

	if (!watch->ops->busy()) {
		watch->looks = 0;
		return; /* until there is work again */
	}
	dde_watch_failure(watch);
	watch->looks = is_moving(watch) ? 0 : watch->looks + 1;
	if (watch->looks >= LOOKS_SLOW)
		hung(watch, SLOW_TIMES);
	else if (watch->looks >= LOOKS && !is_slow(watch))
		hung(watch, 1);
	dde_watch_begin(watch);
}

void dde_watch_begin(struct dde_watch *watch)
{
	if (watch->ops)
		mod_timer(&watch->timer,
			  jiffies +
				  msecs_to_jiffies(kit_device()->stall_ms) /
					  LOOKS +
				  1);
}

void dde_watch_init(struct dde_watch *watch, const struct dde_watch_ops *ops,
		    const char *name, const struct device *dev)
{
	watch->ops = ops;
	watch->name = name;
	watch->dev = dev;
	timer_setup(&watch->timer, look, 0);
}
