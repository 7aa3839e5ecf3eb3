/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtqueue_wait.h - how long a device may take, and what if it takes longer.
 *
 * One time for all: a second, or what NATIVE_X_STALL_MS in drivers.config says.
 */
#ifndef DDDK_VIRTQUEUE_WAIT_H
#define DDDK_VIRTQUEUE_WAIT_H

#include <dddk/virtqueue.h>

/* What may be slow, and a request that others overtake, has so many times the
 * time. */
#define DDDK_VQ_SLOW_TIMES 10u

/* The time that a device has to answer. */
uint64_t dddk_vq_stall_ns(void);

/**
 * dddk_vq_await - sleep until the device has finished something; for probe.
 * @deadline_ticks: such as glue_deadline_ns(dddk_vq_stall_ns())
 *
 * Return: K_ERR_TIMEOUT if it has not by then.
 */
enum k_err dddk_vq_await(const struct dddk_virtio *dev,
			 struct dddk_virtqueue *queue, uint64_t deadline_ticks);

/**
 * dddk_vq_watch - end this process when the device does not answer.
 * @queue:       has been started; its requests are for the device to end, as
 *               buffers for input are not
 * @may_be_slow: asked when nothing has ended for a while: is that no wonder?
 *               NULL: it is never
 *
 * From the next dddk_vq_tell on. What stops it: dddk/virtio/watch.c
 */
void dddk_vq_watch(struct dddk_virtqueue *queue, int (*may_be_slow)(void));

/* A may_be_slow that says 1: for a device that waits for others: a wire, a
 * source. */
int dddk_vq_slow(void);

#endif
