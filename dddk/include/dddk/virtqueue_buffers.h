/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtqueue_buffers.h - queues of one descriptor a slot, each with a buffer.
 *
 * For devices whose requests are a run of bytes one way: random numbers, bytes
 * of a console, events.
 */
#ifndef DDDK_VIRTQUEUE_BUFFERS_H
#define DDDK_VIRTQUEUE_BUFFERS_H

#include <dddk/virtqueue.h>

/**
 * dddk_vq_buffers - cut a buffer for each slot from the DMA arena.
 * @bytes: of each
 * @flags: DDDK_VQ_WRITE, or 0 for a device that only reads
 *
 * Return: that of slot 0, the others follow it; NULL if the arena is used up.
 */
uint8_t *dddk_vq_buffers(struct dddk_virtqueue *queue, uint32_t bytes,
			 uint16_t flags);

/* Hand all free slots to a device that writes, and tell it. */
void dddk_vq_fill(struct dddk_virtqueue *queue, uint32_t bytes);

#endif
