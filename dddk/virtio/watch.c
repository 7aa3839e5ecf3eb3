/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch.c - devices that stop answering.
 *
 * While a watched queue has requests, it is looked at four times in the time
 * that the manifest gives it (stall_ms). The requests that are there are
 * marked; when all of these have ended, those that are there then. The device
 * has hung if from look to look no marked one ends for so long: a slow device
 * ends the oldest one now and then, one that leaves a request out does not.
 *
 * Time is counted in looks, not on a clock: when the machine stood still, or
 * its host had no time for it, a look comes late, and counts once. A look also
 * serves what has ended without an interrupt.
 */
#include <dddk/driver.h>
#include <dddk/virtqueue_wait.h>
#include <glue/rt.h>

#include "../driver/internal.h"
#include "virtio.h"

#define LOOKS	   4u /* in the time */
#define LOOKS_SLOW (DDDK_VQ_SLOW_TIMES * LOOKS)

static struct dddk_virtqueue *first;
static uint8_t looking; /* the next look is due some time */

uint64_t dddk_vq_stall_ns(void)
{
	return glue_env()->stall_ms * 1000000ul;
}

int dddk_vq_slow(void)
{
	return 1;
}

void dddk_vq_watch(struct dddk_virtqueue *queue, int (*may_be_slow)(void))
{
	queue->may_be_slow = may_be_slow;
	queue->watch = DDDK_VQ_IDLE;
	queue->next_watched = first;
	first = queue;
}

void dddk_vq_watch_reset(void)
{
	first = 0;
	looking = 0;
}

static void hung(const struct dddk_virtqueue *queue, unsigned int times)
{
	dddk_log("%s: queue %u: it has owed an answer for %u ms: the device "
		 "has hung, and this driver ends (NATIVE_..._STALL_MS in "
		 "drivers.config)",
		 glue_env()->device_node, queue->index,
		 times * glue_env()->stall_ms);
	dddk_driver_end(K_ERR_TIMEOUT);
}

/* How many slots the device has that are marked, or now will be. A mark goes
 * with its slot. */
static uint32_t count(struct dddk_virtqueue *queue, uint32_t wanted,
		      uint32_t mark)
{
	uint32_t slot, n = 0;

	for (slot = 0; slot < queue->slots; slot++) {
		if (!dddk_vq_is_out(queue, slot) ||
		    (queue->limit[slot] & DDDK_VQ_OLD) != wanted)
			continue;
		queue->limit[slot] |= mark;
		n++;
	}
	return n;
}

/* Has a marked request ended since the last look? */
static int is_moving(struct dddk_virtqueue *queue)
{
	uint32_t old = count(queue, DDDK_VQ_OLD, 0);

	if (old && old == queue->old)
		return 0;
	queue->old = (uint16_t)(old ? old : count(queue, 0, DDDK_VQ_OLD));
	return 1;
}

static void look(struct dddk_virtqueue *queue)
{
	if (dddk_vq_ready(queue))
		dddk_driver.irq();
	queue->looks = is_moving(queue) ? 0 : queue->looks + 1;
	if (!dddk_vq_is_busy(queue))
		queue->watch = DDDK_VQ_IDLE;
	else if (queue->looks >= LOOKS_SLOW)
		hung(queue, DDDK_VQ_SLOW_TIMES);
	else if (queue->looks >= LOOKS &&
		 !(queue->may_be_slow && queue->may_be_slow()))
		hung(queue, 1);
}

static void look_at_all(void);

static void look_later(void)
{
	looking = 1;
	dddk_driver_look_at(glue_deadline_ns(dddk_vq_stall_ns() / LOOKS),
			    look_at_all);
}

static void look_at_all(void)
{
	struct dddk_virtqueue *queue;

	looking = 0;
	for (queue = first; queue && !dddk_driver_is_broken();
	     queue = queue->next_watched) {
		if (queue->watch != DDDK_VQ_TIMED)
			continue;
		look(queue);
		if (queue->watch == DDDK_VQ_TIMED && !looking)
			look_later();
	}
}

void dddk_vq_watch_begin(struct dddk_virtqueue *queue)
{
	queue->watch = DDDK_VQ_TIMED;
	if (!looking)
		look_later();
}
