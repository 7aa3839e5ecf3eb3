/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * queue.c - virtqueues: layout, doorbell, and the check of what comes back.
 *
 * The fast path is inline in dddk/virtqueue_ops.h. Barriers (a) to (d) are
 * explained in dddk/virtqueue.h.
 */
#include <dddk/driver.h>
#include <dddk/virtqueue.h>

#define AVAIL_NO_INTERRUPT 1u
#define USED_NO_NOTIFY	   1u
#define RING_ALIGN	   64u

/* Each word that the device writes is loaded once, and then judged. */
_Static_assert(_Generic(&((struct dddk_virtqueue *)0)->used->ring[0].id,
			volatile uint32_t * : 1, default : 0),
	       "dddk_vq_take: a plain load may be made twice");

static uint32_t power_of_two_above(uint32_t number)
{
	return number < 2 ? number : 1u << (32 - __builtin_clz(number - 1));
}

static int is_indirect(const struct dddk_virtqueue *queue)
{
	return queue->head != queue->shift;
}

static enum k_err rings_alloc(struct dddk_virtqueue *queue)
{
	uint64_t n = queue->entries, own = queue->slots << queue->shift;

	queue->ring = dddk_dma_alloc(n * sizeof(*queue->ring), RING_ALIGN);
	queue->desc = queue->ring;
	if (is_indirect(queue))
		queue->desc = dddk_dma_alloc(own * sizeof(*queue->desc),
					     RING_ALIGN);
	queue->avail = dddk_dma_alloc(6 + 2 * n, RING_ALIGN);
	queue->used = dddk_dma_alloc(6 + 8 * n, RING_ALIGN);
	if (!queue->ring || !queue->desc || !queue->avail || !queue->used)
		return K_ERR_NOMEM;
	queue->used_event = &queue->avail->ring[n];
	queue->avail_event = (volatile uint16_t *)&queue->used->ring[n];
	return K_OK;
}

static void slots_link(struct dddk_virtqueue *queue)
{
	uint32_t slot, i, last = (1u << queue->shift) - 1;

	queue->n_free = 0;
	for (slot = queue->slots; slot-- > 0;) {
		for (i = 0; i < last; i++) {
			struct dddk_vq_desc *desc = dddk_vq_desc(queue, slot,
								 i);

			desc->flags = DDDK_VQ_NEXT;
			dddk_vq_lead(queue, slot, i, i + 1);
		}
		if (is_indirect(queue))
			queue->ring[slot] = (struct dddk_vq_desc){
				dddk_dma_bus(dddk_vq_desc(queue, slot, 0)),
				(last + 1) * sizeof(*queue->desc),
				DDDK_VQ_INDIRECT, 0
			};
		dddk_vq_put(queue, slot);
	}
}

enum k_err dddk_vq_start(struct dddk_virtio *dev, struct dddk_virtqueue *queue,
			 uint32_t index, uint32_t slots, uint32_t per_slot)
{
	uint32_t most = dev->transport->queue_max(dev, index);
	uint32_t each = per_slot; /* entries of a slot in the device's table */

	if (slots > DDDK_VQ_SLOTS_MAX)
		slots = DDDK_VQ_SLOTS_MAX;
	if (slots * per_slot > most &&
	    dddk_virtio_has(dev, DDDK_VIRTIO_F_INDIRECT))
		each = 1;
	if (most < each || most > 32768) {
		dddk_log("queue %u has room for %u descriptors; %u are needed",
			 index, most, each);
		return K_ERR_UNSUPPORTED;
	}
	most = 1u << (31 - __builtin_clz(most)); /* 2.7: a power of two */
	if (slots > most / each)
		slots = most / each;
	*queue = (struct dddk_virtqueue){
		.entries = power_of_two_above(slots * each),
		.index = index,
		.shift = (uint32_t)__builtin_ctz(per_slot),
		.head = (uint32_t)__builtin_ctz(each),
		.slots = slots,
		.events = dddk_virtio_has(dev, DDDK_VIRTIO_F_EVENT),
	};
	if (rings_alloc(queue))
		return K_ERR_NOMEM;
	slots_link(queue);
	queue->doorbell = dev->transport->doorbell(dev, index);
	queue->doorbell_bytes = dev->transport->doorbell_bytes;
	dev->transport->queue_on(dev, index, queue);
	return K_OK;
}

/* Did the device ask to be told of an entry from `told` to @next? */
static int device_wants(const struct dddk_virtqueue *queue, uint16_t next)
{
	if (!queue->events)
		return !(dddk_mmio_load16(&queue->used->flags) &
			 USED_NO_NOTIFY);
	return (uint16_t)(next - dddk_mmio_load16(queue->avail_event) - 1) <
	       (uint16_t)(next - queue->told);
}

static void doorbell_ring(const struct dddk_virtqueue *queue)
{
	if (queue->doorbell_bytes == 2)
		dddk_mmio_store16(queue->doorbell, (uint16_t)queue->index);
	else
		dddk_mmio_store32(queue->doorbell, queue->index);
}

void dddk_vq_tell(struct dddk_virtqueue *queue)
{
	uint16_t next = queue->next_avail;

	dddk_mmio_before_write(); /* (a) */
	dddk_mmio_store16(&queue->avail->index, next);
	dddk_mmio_before_write(); /* (b) */
	if (device_wants(queue, next))
		doorbell_ring(queue);
	queue->told = next;
	if (queue->watch == DDDK_VQ_IDLE)
		dddk_vq_watch_begin(queue);
}

int dddk_vq_look(struct dddk_virtqueue *queue)
{
	uint16_t index = dddk_mmio_load16(&queue->used->index);

	if (index == queue->next_used || dddk_driver_is_broken())
		return 0;
	if ((uint16_t)(index - queue->next_used) > queue->slots) {
		dddk_driver_broken("used index", index,
				   "it jumped past all requests");
		return 0;
	}
	dddk_mmio_after_read(); /* (c) */
	queue->known = index;
	return 1;
}

void dddk_vq_lie(struct dddk_virtqueue *queue, uint32_t id, uint32_t bytes)
{
	uint32_t slot = id >> queue->head;

	queue->known = queue->next_used; /* nothing more is taken */
	if (slot >= queue->slots || slot << queue->head != id)
		dddk_driver_broken("used id", id, "no such request");
	else if (!queue->limit[slot])
		dddk_driver_broken("used id", id,
				   "this request is not with the device");
	else
		dddk_driver_broken("used length", bytes,
				   "more than the request has room for");
}

int dddk_vq_arm(struct dddk_virtqueue *queue)
{
	if (queue->events)
		dddk_mmio_store16(queue->used_event, queue->next_used);
	else
		dddk_mmio_store16(&queue->avail->flags, 0);
	dddk_mmio_before_write(); /* (d) */
	return dddk_vq_ready(queue);
}

int dddk_vq_arm_last(struct dddk_virtqueue *queue)
{
	if (!queue->events)
		return dddk_vq_arm(queue);
	dddk_mmio_store16(queue->used_event, (uint16_t)(queue->next_avail - 1));
	dddk_mmio_before_write(); /* (d) */
	return dddk_mmio_load16(&queue->used->index) == queue->next_avail;
}

void dddk_vq_disarm(struct dddk_virtqueue *queue)
{
	if (!queue->events)
		queue->avail->flags = AVAIL_NO_INTERRUPT;
}
