/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtqueue_ops.h - the fast path of virtqueues: a slot to the device and back.
 *
 * Inline, as a network frame passes here twice. Comes with dddk/virtqueue.h,
 * which explains slots.
 */
#ifndef DDDK_VIRTQUEUE_OPS_H
#define DDDK_VIRTQUEUE_OPS_H

#include <dddk/virtqueue.h>

/* Descriptor @i of a slot, 0 first. */
static inline struct dddk_vq_desc *dddk_vq_desc(
	const struct dddk_virtqueue *queue, uint32_t slot, uint32_t i)
{
	return &queue->desc[(slot << queue->shift) + i];
}

/* Let descriptor @i of a slot lead to descriptor @to, past those between. */
static inline void dddk_vq_lead(const struct dddk_virtqueue *queue,
				uint32_t slot, uint32_t i, uint32_t to)
{
	uint32_t base = queue->head ? slot << queue->shift : 0;

	dddk_vq_desc(queue, slot, i)->next = (uint16_t)(base + to);
}

/* A free slot, or DDDK_VQ_NO_SLOT. It is the caller's until it is put. */
static inline uint32_t dddk_vq_get(struct dddk_virtqueue *queue)
{
	if (queue->n_free == 0)
		return DDDK_VQ_NO_SLOT;
	return queue->free[--queue->n_free];
}

/* The slot that the next dddk_vq_get returns, if one is free and none is put. */
static inline uint32_t dddk_vq_next(const struct dddk_virtqueue *queue)
{
	return queue->free[queue->n_free - 1];
}

/* The slot is free again: the device has ended it, or never had it. */
static inline void dddk_vq_put(struct dddk_virtqueue *queue, uint32_t slot)
{
	queue->free[queue->n_free++] = (uint8_t)slot;
}

/**
 * dddk_vq_send - hand a slot to the device, at the next dddk_vq_tell.
 * @writable: the most bytes the device may write, below 2 GiB
 */
static inline void dddk_vq_send(struct dddk_virtqueue *queue, uint32_t slot,
				uint32_t writable)
{
	queue->avail->ring[queue->next_avail & (queue->entries - 1)] =
		(uint16_t)(slot << queue->head);
	queue->next_avail++;
	queue->limit[slot] = 2 * writable + 2;
}

/* Is anything with the device? */
static inline int dddk_vq_is_busy(const struct dddk_virtqueue *queue)
{
	return queue->next_avail != queue->next_used;
}

/* Is this slot with the device? */
static inline int dddk_vq_is_out(const struct dddk_virtqueue *queue,
				 uint32_t slot)
{
	return queue->limit[slot] != 0;
}

/* Has the device finished something? One load. */
static inline int dddk_vq_ready(const struct dddk_virtqueue *queue)
{
	return dddk_mmio_load16(&queue->used->index) != queue->next_used;
}

/**
 * dddk_vq_take - the next slot that the device has finished.
 *
 * Return: 1; 0 if there is none, or the device has lied and is now broken.
 */
static inline int dddk_vq_take(struct dddk_virtqueue *queue,
			       struct dddk_vq_end *end)
{
	uint32_t i = queue->next_used & (queue->entries - 1);
	uint32_t id, slot;

	if (queue->known == queue->next_used && !dddk_vq_look(queue))
		return 0;
	id = queue->used->ring[i].id;
	end->bytes = queue->used->ring[i].bytes;
	end->slot = slot = id >> queue->head;
	if (slot >= queue->slots || slot << queue->head != id ||
	    end->bytes >= queue->limit[slot] >> 1) { /* 0: we have it */
		dddk_vq_lie(queue, id, end->bytes);
		return 0;
	}
	end->missing = (queue->limit[slot] >> 1) - 1 - end->bytes;
	queue->limit[slot] = 0;
	queue->next_used++;
	return 1;
}

#endif
