/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch.c - devices that stop answering.
 *
 * While a watched queue has requests, it is looked at four times in the time
 * that the manifest gives it (stall_ms). The device has hung if nothing ends
 * from look to look for so long, or if one request stays while others end.
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
static unsigned int round; /* looks since slots were counted */
static uint8_t looking;	   /* the next look is due some time */

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

static void hung(const struct dddk_virtqueue *queue, const char *what,
		 unsigned int times)
{
	dddk_log("%s: queue %u: %s for %u ms: the device has hung, and this "
		 "driver ends (NATIVE_..._STALL_MS in drivers.config)",
		 glue_env()->device_node, queue->index, what,
		 times * glue_env()->stall_ms);
	dddk_driver_end(K_ERR_TIMEOUT);
}

/* A slot that is still the request that it was at the last count is overdue:
 * the mark goes when the slot does. */
static void count_slots(struct dddk_virtqueue *queue)
{
	uint32_t slot;

	for (slot = 0; slot < queue->slots; slot++) {
		if (queue->limit[slot] & DDDK_VQ_OLD)
			return hung(queue, "a request has been left out",
				    DDDK_VQ_SLOW_TIMES);
		if (dddk_vq_is_out(queue, slot))
			queue->limit[slot] |= DDDK_VQ_OLD;
	}
}

static void look(struct dddk_virtqueue *queue)
{
	if (dddk_vq_ready(queue))
		dddk_driver.irq();
	if (!dddk_vq_is_busy(queue) || queue->seen != queue->next_used)
		queue->looks = 0;
	else
		queue->looks++;
	queue->seen = queue->next_used;
	if (!dddk_vq_is_busy(queue))
		queue->watch = DDDK_VQ_IDLE;
	else if (queue->looks > LOOKS_SLOW)
		hung(queue, "nothing has ended", DDDK_VQ_SLOW_TIMES);
	else if (queue->looks > LOOKS &&
		 !(queue->may_be_slow && queue->may_be_slow()))
		hung(queue, "nothing has ended", 1);
	else if (round == 0)
		count_slots(queue);
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
	round = (round + 1) % LOOKS_SLOW;
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
	queue->looks = 0;
	queue->seen = queue->next_used;
	if (!looking)
		look_later();
}
