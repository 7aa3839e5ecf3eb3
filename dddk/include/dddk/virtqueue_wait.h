/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtqueue_wait.h - waiting for a device: in a probe, and for one that stands
 * still.
 */
#ifndef DDDK_VIRTQUEUE_WAIT_H
#define DDDK_VIRTQUEUE_WAIT_H

#include <dddk/virtqueue.h>

/* Hosts wait for their disks, too; a device that takes longer has hung. */
#define DDDK_VQ_STALL_NS 10000000000ul

/**
 * dddk_vq_await - sleep until the device has finished something; for probe.
 *
 * Return: K_ERR_TIMEOUT if it has not within the limit.
 */
enum k_err dddk_vq_await(const struct dddk_virtio *dev,
			 struct dddk_virtqueue *queue, uint64_t limit_ns);

/* The driver's timer: the device is broken if it has something and has ended
 * nothing for DDDK_VQ_STALL_NS. */
void dddk_vq_watch_timer(struct dddk_virtqueue *queue);

/* Have that timer run while the device has something. After dddk_vq_tell. */
static inline void dddk_vq_watch(struct dddk_virtqueue *queue)
{
	if (!queue->watched)
		dddk_vq_watch_timer(queue);
}

#endif
