/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vring.h - a split virtqueue as it lies in memory (VIRTIO 1.2, 2.7).
 *
 * The driver writes descriptors and the available ring, the device the used
 * ring. Who uses them, and in which order: dddk/virtqueue.h
 */
#ifndef DDDK_VRING_H
#define DDDK_VRING_H

#include <stdint.h>

struct dddk_vq_desc {
	uint64_t bus;
	uint32_t bytes;
	uint16_t flags;
	uint16_t next;
};
#define DDDK_VQ_NEXT	 1u
#define DDDK_VQ_WRITE	 2u /* the device writes */
#define DDDK_VQ_INDIRECT 4u

struct dddk_vq_avail {
	uint16_t flags;
	uint16_t index;
	uint16_t ring[]; /* then used_event */
};

struct dddk_vq_used {
	uint16_t flags;
	uint16_t index;
	struct {
		uint32_t id;
		uint32_t bytes;
	} ring[]; /* then avail_event */
};

#endif
