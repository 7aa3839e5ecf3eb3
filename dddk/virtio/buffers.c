/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * buffers.c - queues of one descriptor a slot, each with a buffer.
 */
#include <dddk/virtqueue_buffers.h>

uint8_t *dddk_vq_buffers(struct dddk_virtqueue *queue, uint32_t bytes,
			 uint16_t flags)
{
	uint8_t *buffers = dddk_dma_alloc((uint64_t)queue->slots * bytes, 64);
	uint32_t slot;

	for (slot = 0; buffers && slot < queue->slots; slot++)
		*dddk_vq_desc(queue, slot, 0) = (struct dddk_vq_desc){
			.bus = dddk_dma_bus(buffers + (uint64_t)slot * bytes),
			.bytes = bytes,
			.flags = flags,
		};
	return buffers;
}

void dddk_vq_fill(struct dddk_virtqueue *queue, uint32_t bytes)
{
	uint32_t slot = dddk_vq_get(queue);

	if (slot == DDDK_VQ_NO_SLOT)
		return;
	for (; slot != DDDK_VQ_NO_SLOT; slot = dddk_vq_get(queue))
		dddk_vq_send(queue, slot, bytes);
	dddk_vq_tell(queue);
}
