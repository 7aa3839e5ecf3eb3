/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio.h - what the files of the virtio kit share.
 */
#ifndef DDDK_VIRTIO_INTERNAL_H
#define DDDK_VIRTIO_INTERNAL_H

#include <dddk/virtio.h>

/* Bits of the device status (VIRTIO 1.2, 2.1). */
#define STATUS_ACKNOWLEDGE 1u
#define STATUS_DRIVER	   2u
#define STATUS_DRIVER_OK   4u
#define STATUS_FEATURES_OK 8u
#define STATUS_NEEDS_RESET 64u
#define STATUS_FAILED	   128u

/* Choose the transport by what the broker granted, and check the device's
 * identity. Errors are logged. */
enum k_err dddk_virtio_find(struct dddk_virtio *dev, void *regs,
			    uint32_t device_id);

/* No queue is watched any more: a new life begins. */
void dddk_vq_watch_reset(void);

#endif
