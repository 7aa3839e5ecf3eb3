/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mmio.c - the virtio-mmio transport (VIRTIO 1.2, 4.2).
 */
#include <dddk/driver.h>
#include <dddk/reg.h>
#include <dddk/virtqueue.h>

#include "virtio.h"

struct virtio_mmio {
	dddk_ro32 magic;
	dddk_ro32 version;
	dddk_ro32 device_id;
	dddk_ro32 vendor_id;
	dddk_ro32 device_features;
	dddk_wo32 device_features_sel;
	uint32_t rsvd0[2];
	dddk_wo32 driver_features;
	dddk_wo32 driver_features_sel;
	uint32_t rsvd1[2];
	dddk_wo32 queue_sel;
	dddk_ro32 queue_num_max;
	dddk_wo32 queue_num;
	uint32_t rsvd2[2];
	dddk_rw32 queue_ready;
	uint32_t rsvd3[2];
	dddk_wo32 queue_notify;
	uint32_t rsvd4[3];
	dddk_ro32 interrupt_status;
	dddk_wo32 interrupt_ack;
	uint32_t rsvd5[2];
	dddk_rw32 status;
	uint32_t rsvd6[3];
	dddk_wo32 queue_desc[2];
	uint32_t rsvd7[2];
	dddk_wo32 queue_driver[2];
	uint32_t rsvd8[2];
	dddk_wo32 queue_device[2];
	uint32_t rsvd9[21];
	dddk_ro32 generation;
	dddk_rw8 config[256];
};
DDDK_REG_AT(struct virtio_mmio, device_features, 0x10);
DDDK_REG_AT(struct virtio_mmio, driver_features, 0x20);
DDDK_REG_AT(struct virtio_mmio, queue_sel, 0x30);
DDDK_REG_AT(struct virtio_mmio, queue_ready, 0x44);
DDDK_REG_AT(struct virtio_mmio, queue_notify, 0x50);
DDDK_REG_AT(struct virtio_mmio, interrupt_status, 0x60);
DDDK_REG_AT(struct virtio_mmio, status, 0x70);
DDDK_REG_AT(struct virtio_mmio, queue_desc, 0x80);
DDDK_REG_AT(struct virtio_mmio, queue_driver, 0x90);
DDDK_REG_AT(struct virtio_mmio, queue_device, 0xa0);
DDDK_REG_AT(struct virtio_mmio, generation, 0xfc);
DDDK_REG_AT(struct virtio_mmio, config, 0x100);
_Static_assert(sizeof(struct virtio_mmio) == DDDK_VIRTIO_REGS_BYTES,
	       "what drivers ask for");

#define MAGIC	0x74726976u
#define VERSION 2u

static struct virtio_mmio *regs_of(const struct dddk_virtio *dev)
{
	return dev->regs;
}

static uint32_t mmio_status(const struct dddk_virtio *dev)
{
	return dddk_reg_read(&regs_of(dev)->status);
}

static void mmio_set_status(const struct dddk_virtio *dev, uint32_t status)
{
	dddk_reg_write(&regs_of(dev)->status, status);
}

static uint64_t mmio_features(const struct dddk_virtio *dev)
{
	uint64_t low;

	dddk_reg_write(&regs_of(dev)->device_features_sel, 0);
	low = dddk_reg_read(&regs_of(dev)->device_features);
	dddk_reg_write(&regs_of(dev)->device_features_sel, 1);
	return low | (uint64_t)dddk_reg_read(&regs_of(dev)->device_features)
			     << 32;
}

static void mmio_set_features(const struct dddk_virtio *dev, uint64_t features)
{
	dddk_reg_write(&regs_of(dev)->driver_features_sel, 0);
	dddk_reg_write(&regs_of(dev)->driver_features, (uint32_t)features);
	dddk_reg_write(&regs_of(dev)->driver_features_sel, 1);
	dddk_reg_write(&regs_of(dev)->driver_features,
		       (uint32_t)(features >> 32));
}

static uint32_t mmio_generation(const struct dddk_virtio *dev)
{
	return dddk_reg_read(&regs_of(dev)->generation);
}

/* Bytewise: allowed for any field, and configuration is rare. */
static void mmio_config(const struct dddk_virtio *dev, uint32_t offset,
			void *to, uint32_t bytes)
{
	uint8_t *byte = to;
	uint32_t i;

	for (i = 0; i < bytes; i++)
		byte[i] = dddk_reg_read(&regs_of(dev)->config[offset + i]);
}

static uint32_t mmio_queue_max(const struct dddk_virtio *dev, uint32_t index)
{
	dddk_reg_write(&regs_of(dev)->queue_sel, index);
	return dddk_reg_read(&regs_of(dev)->queue_num_max);
}

static void write_address(dddk_wo32 *pair, const volatile void *memory)
{
	uint64_t bus = dddk_dma_bus(memory);

	dddk_reg_write(&pair[0], (uint32_t)bus);
	dddk_reg_write(&pair[1], (uint32_t)(bus >> 32));
}

static void mmio_queue_on(const struct dddk_virtio *dev, uint32_t index,
			  const struct dddk_virtqueue *queue)
{
	struct virtio_mmio *regs = regs_of(dev);

	dddk_reg_write(&regs->queue_sel, index);
	dddk_reg_write(&regs->queue_num, queue->entries);
	write_address(regs->queue_desc, queue->ring);
	write_address(regs->queue_driver, queue->avail);
	write_address(regs->queue_device, queue->used);
	dddk_reg_write(&regs->queue_ready, 1);
}

static volatile void *mmio_doorbell(const struct dddk_virtio *dev,
				    uint32_t index)
{
	(void)index; /* all queues have the same register */
	return &regs_of(dev)->queue_notify.raw;
}

static uint32_t mmio_interrupts(const struct dddk_virtio *dev)
{
	uint32_t why = dddk_reg_read(&regs_of(dev)->interrupt_status);

	dddk_reg_write(&regs_of(dev)->interrupt_ack, why);
	return why;
}

static const struct dddk_virtio_transport mmio = {
	.status = mmio_status,
	.set_status = mmio_set_status,
	.features = mmio_features,
	.set_features = mmio_set_features,
	.generation = mmio_generation,
	.config = mmio_config,
	.queue_max = mmio_queue_max,
	.queue_on = mmio_queue_on,
	.doorbell = mmio_doorbell,
	.doorbell_bytes = 4,
	.interrupts = mmio_interrupts,
};

enum k_err dddk_virtio_find(struct dddk_virtio *dev, void *registers,
			    uint32_t device_id)
{
	struct virtio_mmio *regs = registers;

	if (dddk_reg_read(&regs->magic) != MAGIC ||
	    dddk_reg_read(&regs->version) != VERSION ||
	    dddk_reg_read(&regs->device_id) != device_id) {
		dddk_log("magic %#x version %u device %u: this driver is for "
			 "virtio device %u, version 2 (QEMU: "
			 "virtio-mmio.force-legacy=false)",
			 dddk_reg_read(&regs->magic),
			 dddk_reg_read(&regs->version),
			 dddk_reg_read(&regs->device_id), device_id);
		return K_ERR_UNSUPPORTED;
	}
	dev->transport = &mmio;
	dev->regs = regs;
	dddk_driver_listen(&regs->interrupt_status);
	return K_OK;
}
