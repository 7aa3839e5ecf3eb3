/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtqueue.h - a split virtqueue of fixed slots (VIRTIO 1.2, 2.7).
 *
 * A queue has slots; a slot is one request at a time and owns its descriptors
 * for ever, so that nothing is allocated, linked or searched while serving: a
 * driver writes what never changes (the address of a slot's header, of its
 * status byte) once at probe, and per request only what differs. Descriptor i
 * of a slot is dddk_vq_desc(queue, slot, i), and links to the next one.
 *
 * What the device writes is checked: an index that jumps, an id that is not
 * with the device, a length beyond the request's room make the driver broken
 * (dddk/driver.h), and no slot is returned.
 *
 * What is called for each request is inline: dddk/virtqueue_ops.h, included
 * below.
 *
 * Memory order, pairs with the device (VIRTIO 1.2, 2.7.13, 2.7.14): (a)
 * descriptors and ring entries, then the index; (b) the index, then the look at
 * the device's event index or flags, and the doorbell; (c) the device's index,
 * then its entries and data; (d) our event index, then one more look at the
 * device's. (b) and (d) are a store before a load, and before (a) we may still
 * read what the device will write over: only a full DMB orders these (Arm ARM
 * B2.3). (c) are loads alone. Barriers reach the outer domain, where a device
 * may live (dddk/mmio.h), and the inner one, which our memory is mapped for.
 */
#ifndef DDDK_VIRTQUEUE_H
#define DDDK_VIRTQUEUE_H

#include <stdint.h>
#include <dddk/dma.h>
#include <dddk/mmio.h>
#include <dddk/virtio.h>
#include <dddk/vring.h>

#define DDDK_VQ_SLOTS_MAX 256u
#define DDDK_VQ_NO_SLOT	  (~0u)
#define DDDK_VQ_OLD	  1u /* beside a limit: the watch has marked it */

enum dddk_vq_watched {
	DDDK_VQ_UNWATCHED = 0,
	DDDK_VQ_IDLE = 1,  /* nobody looks until something is sent */
	DDDK_VQ_TIMED = 2, /* the next look is due some time */
};

struct dddk_virtqueue {
	struct dddk_vq_desc *ring; /* the device's table */
	struct dddk_vq_desc *desc; /* of the slots: the same, or indirect */
	struct dddk_vq_avail *avail;
	volatile struct dddk_vq_used *used;
	volatile uint16_t *used_event;	/* we: from which end to interrupt */
	volatile uint16_t *avail_event; /* the device: from which to tell */
	volatile void *doorbell;
	uint32_t entries; /* of the rings; a power of two */
	uint32_t index;	  /* number of this queue */
	uint32_t shift;	  /* a slot has 1 << shift descriptors */
	uint32_t head;	  /* a slot's id is slot << head; 0: indirect */
	uint32_t slots;
	uint32_t n_free;
	uint16_t next_avail;
	uint16_t next_used;
	uint16_t known; /* the device's index when last looked at, checked */
	uint16_t told;	/* next_avail when the device was last told */
	uint16_t old;	/* marked requests when the watch last looked */
	uint8_t looks;	/* so often none of them has ended */
	uint8_t watch;	/* enum dddk_vq_watched */
	uint8_t events; /* event indices agreed upon */
	uint8_t doorbell_bytes;
	int (*may_be_slow)(void);
	struct dddk_virtqueue *next_watched;
	uint8_t free[DDDK_VQ_SLOTS_MAX]; /* a stack of slots */
	/* With the device: 1 + most bytes it may write, doubled; else 0. */
	uint32_t limit[DDDK_VQ_SLOTS_MAX];
};

/**
 * dddk_vq_start - lay out a queue and give it to the device.
 * @slots:    as many as the device has room for, at most this
 * @per_slot: descriptors, a power of two
 *
 * Links the descriptors of each slot, so that all but the last have NEXT. A
 * queue too small for all of them has indirect ones (VIRTIO 1.2, 2.7.5.3), if
 * DDDK_VIRTIO_F_INDIRECT is agreed upon: one entry a slot. Return:
 * K_ERR_UNSUPPORTED if the device has no such queue or too small a one;
 * K_ERR_NOMEM if the DMA arena is.
 */
__attribute__((cold)) enum k_err dddk_vq_start(struct dddk_virtio *dev,
					       struct dddk_virtqueue *queue,
					       uint32_t index, uint32_t slots,
					       uint32_t per_slot);

/* The watch of a queue begins to look; dddk_vq_tell calls it. */
void dddk_vq_watch_begin(struct dddk_virtqueue *queue);

/* Make sent slots visible, and ring the doorbell if the device wants it. */
void dddk_vq_tell(struct dddk_virtqueue *queue);

/* What the device has finished. */
struct dddk_vq_end {
	uint32_t slot;
	uint32_t bytes;	  /* it says it has written; at most `writable` */
	uint32_t missing; /* so many fewer: what stands there is old */
};

/* The slow halves of dddk_vq_take: has the device finished more than is known?
 * What it wrote is no slot that it has: say so. */
int dddk_vq_look(struct dddk_virtqueue *queue);
void dddk_vq_lie(struct dddk_virtqueue *queue, uint32_t id, uint32_t bytes);

/**
 * dddk_vq_arm - let the device interrupt for the next finished slot.
 *
 * Return: 1 if slots were finished meanwhile: take them, and arm again.
 */
int dddk_vq_arm(struct dddk_virtqueue *queue);

/* As dddk_vq_arm, for the end of all that has been sent: fewer interrupts. */
int dddk_vq_arm_last(struct dddk_virtqueue *queue);

/* No interrupts for now: the driver looks by itself. */
void dddk_vq_disarm(struct dddk_virtqueue *queue);

#include <dddk/virtqueue_ops.h>

#endif
