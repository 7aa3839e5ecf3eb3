/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio.h - a virtio device: features, configuration, start and stop.
 *
 * What every virtio driver does first, once (VIRTIO 1.2, 3.1.1): reset, agree
 * on features, set up queues, go. The transport below is a table of functions,
 * so that the same driver runs over PCI when that comes. Only modern devices
 * (VIRTIO_F_VERSION_1) are driven. Queues: dddk/virtqueue.h
 */
#ifndef DDDK_VIRTIO_H
#define DDDK_VIRTIO_H

#include <stdint.h>
#include <glue/err.h>

/* Feature bits of every device (VIRTIO 1.2, 6). */
#define DDDK_VIRTIO_F_INDIRECT (1ull << 28)
#define DDDK_VIRTIO_F_EVENT    (1ull << 29)
#define DDDK_VIRTIO_F_VERSION1 (1ull << 32)
#define DDDK_VIRTIO_F_PLATFORM (1ull << 33)

/* Of the register block and as much configuration as any device has. */
#define DDDK_VIRTIO_REGS_BYTES 0x200u

/* Why a device interrupts. */
#define DDDK_VIRTIO_INT_QUEUE  1u
#define DDDK_VIRTIO_INT_CONFIG 2u

struct dddk_virtio;
struct dddk_virtqueue;

/* How a transport reaches the device; virtio-mmio: dddk/virtio/mmio.c. None of
 * it is called for a request: the doorbell is asked for once. What another one
 * has to bring: dddk/virtio/README.md. */
struct dddk_virtio_transport {
	uint32_t (*status)(const struct dddk_virtio *dev);
	void (*set_status)(const struct dddk_virtio *dev, uint32_t status);
	uint64_t (*features)(const struct dddk_virtio *dev);
	void (*set_features)(const struct dddk_virtio *dev, uint64_t features);
	uint32_t (*generation)(const struct dddk_virtio *dev);
	void (*config)(const struct dddk_virtio *dev, uint32_t offset, void *to,
		       uint32_t bytes);
	/* The most entries queue @index can have, 0: there is none. */
	uint32_t (*queue_max)(const struct dddk_virtio *dev, uint32_t index);
	void (*queue_on)(const struct dddk_virtio *dev, uint32_t index,
			 const struct dddk_virtqueue *queue);
	/* Where to write a queue's index to tell the device, and how wide. */
	volatile void *(*doorbell)(const struct dddk_virtio *dev,
				   uint32_t index);
	uint8_t doorbell_bytes; /* 2 or 4 */
	/* Read and acknowledge: DDDK_VIRTIO_INT_* */
	uint32_t (*interrupts)(const struct dddk_virtio *dev);
};

struct dddk_virtio {
	const struct dddk_virtio_transport *transport;
	void *regs;	   /* the transport's; NULL: no device yet */
	uint64_t features; /* agreed upon */
};

/**
 * dddk_virtio_begin - see that it is the device, reset it, agree on features.
 * @regs:      the driver's first region, DDDK_VIRTIO_REGS_BYTES
 * @device_id: VIRTIO 1.2, 5: 1 net, 2 block ...
 * @wish:      features the driver can use
 * @need:      of these, the ones it cannot do without
 *
 * Return: K_ERR_UNSUPPORTED, with a line in the log, if the device is another
 * one, is legacy, lacks a needed feature or refuses the set; K_ERR_TIMEOUT if
 * it does not end its reset.
 */
enum k_err dddk_virtio_begin(struct dddk_virtio *dev, void *regs,
			     uint32_t device_id, uint64_t wish, uint64_t need);

/* All queues stand: the device may work. */
void dddk_virtio_go(const struct dddk_virtio *dev);

/* Reset the device and wait until it says so; it touches no memory then. */
void dddk_virtio_stop(struct dddk_virtio *dev);

/**
 * dddk_virtio_config - copy a piece of the configuration space, unchanged.
 *
 * Read again while the device changes it (VIRTIO 1.2, 2.5.1), a bounded number
 * of times. Return: K_ERR_IO if it never stands still.
 */
enum k_err dddk_virtio_config(const struct dddk_virtio *dev, uint32_t offset,
			      void *to, uint32_t bytes);

/* Read and acknowledge why the device interrupts. A device that asks for a
 * reset is declared broken here. */
uint32_t dddk_virtio_interrupts(const struct dddk_virtio *dev);

/* Have driver and device agreed on all of these features? */
static inline int dddk_virtio_has(const struct dddk_virtio *dev, uint64_t bits)
{
	return (dev->features & bits) == bits;
}

#endif
