/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream.c - virtqueues that carry bytes one way.
 *
 * The loops end: dddk_vq_arm says that there is more only when dddk_vq_take
 * then gives a buffer, or finds the device broken; and no buffer comes back to
 * the device while a loop runs.
 */
#include <dddk/driver.h>
#include <dddk/stream.h>
#include <glue/string.h>

enum k_err dddk_stream_start(struct dddk_virtio *dev,
			     struct dddk_stream *stream, uint32_t index,
			     uint32_t slots, uint32_t bytes, uint16_t flags)
{
	struct dddk_virtqueue *queue = &stream->queue;
	enum k_err err = dddk_vq_start(dev, queue, index, slots, 1);
	uint32_t slot;

	if (err)
		return err;
	stream->bytes = bytes;
	stream->left = 0;
	stream->data = dddk_dma_alloc((uint64_t)queue->slots * bytes, 64);
	if (!stream->data)
		return K_ERR_NOMEM;
	for (slot = 0; slot < queue->slots; slot++)
		*dddk_vq_desc(queue, slot, 0) = (struct dddk_vq_desc){
			.bus = dddk_dma_bus(stream->data + slot * bytes),
			.bytes = bytes,
			.flags = flags,
		};
	return K_OK;
}

void dddk_stream_fill(struct dddk_stream *stream)
{
	struct dddk_virtqueue *queue = &stream->queue;

	if (queue->n_free == 0)
		return;
	while (queue->n_free)
		dddk_vq_send(queue, dddk_vq_get(queue), stream->bytes);
	dddk_vq_tell(queue);
}

const uint8_t *dddk_stream_peek(struct dddk_stream *stream, uint32_t *bytes)
{
	struct dddk_vq_end end;

	while (!stream->left) {
		if (dddk_vq_take(&stream->queue, &end)) {
			stream->slot = end.slot;
			stream->at = 0;
			stream->left = end.bytes;
			if (!end.bytes)
				dddk_driver_broken("used length", 0,
						   "a buffer without a byte");
		} else if (!dddk_vq_arm(&stream->queue)) {
			return 0;
		}
		if (dddk_driver_is_broken())
			return 0;
	}
	if (*bytes > stream->left)
		*bytes = stream->left;
	return stream->data + stream->slot * stream->bytes + stream->at;
}

void dddk_stream_take(struct dddk_stream *stream, uint32_t bytes)
{
	stream->at += bytes;
	stream->left -= bytes;
	if (!stream->left)
		dddk_vq_put(&stream->queue, stream->slot);
}

int dddk_stream_is_sent(struct dddk_stream *stream)
{
	struct dddk_virtqueue *queue = &stream->queue;
	struct dddk_vq_end end;

	while (dddk_vq_take(queue, &end))
		dddk_vq_put(queue, end.slot);
	return queue->n_free == queue->slots;
}

/* A buffer's worth at most. */
static uint32_t write_one(struct dddk_stream *stream, const uint8_t *data,
			  uint32_t bytes)
{
	uint32_t slot = dddk_vq_get(&stream->queue);

	if (bytes > stream->bytes)
		bytes = stream->bytes;
	memcpy(stream->data + slot * stream->bytes, data, bytes);
	dddk_vq_desc(&stream->queue, slot, 0)->bytes = bytes;
	dddk_vq_send(&stream->queue, slot, 0);
	return bytes;
}

uint32_t dddk_stream_room(struct dddk_stream *stream)
{
	do {
		dddk_stream_is_sent(stream);
		if (stream->queue.n_free)
			return stream->queue.n_free * stream->bytes;
	} while (!dddk_driver_is_broken() && dddk_vq_arm(&stream->queue));
	return 0;
}

void dddk_stream_write(struct dddk_stream *stream, const void *data,
		       uint32_t bytes)
{
	const uint8_t *from = data;
	uint32_t done = 0;

	while (done < bytes && stream->queue.n_free)
		done += write_one(stream, from + done, bytes - done);
	dddk_vq_tell(&stream->queue);
}
