/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pci_transport.c - a second transport for the kit, beside virtio-mmio.
 *
 * All that PCI would bring but the search for its structures: they are where
 * virtio_pci.h says. Linked instead of dddk/virtio/mmio.c.
 */
#include <dddk/reg.h>
#include <dddk/virtqueue.h>
#include "dddk/virtio/virtio.h"

#include "virtio.h"
#include "virtio_pci.h"

struct common {
	dddk_wo32 device_feature_select;
	dddk_ro32 device_feature;
	dddk_wo32 driver_feature_select;
	dddk_wo32 driver_feature;
	dddk_rw16 config_vector;
	dddk_rw16 n_queues;
	dddk_rw8 status;
	dddk_rw8 generation;
	dddk_rw16 queue_select;
	dddk_rw16 queue_size;
	dddk_rw16 queue_vector;
	dddk_rw16 queue_enable;
	dddk_rw16 queue_notify_off;
	dddk_wo32 queue_desc[2];
	dddk_wo32 queue_driver[2];
	dddk_wo32 queue_device[2];
};
DDDK_REG_AT(struct common, queue_select, 0x16);
DDDK_REG_AT(struct common, queue_device, 0x30);

static struct common *common_of(const struct dddk_virtio *dev)
{
	return dev->regs;
}

static uint8_t *at(const struct dddk_virtio *dev, uint32_t offset)
{
	return (uint8_t *)dev->regs + offset;
}

static uint32_t status(const struct dddk_virtio *dev)
{
	return dddk_reg_read(&common_of(dev)->status);
}

static void set_status(const struct dddk_virtio *dev, uint32_t bits)
{
	dddk_reg_write(&common_of(dev)->status, (uint8_t)bits);
}

static uint64_t features(const struct dddk_virtio *dev)
{
	struct common *common = common_of(dev);
	uint64_t low;

	dddk_reg_write(&common->device_feature_select, 0);
	low = dddk_reg_read(&common->device_feature);
	dddk_reg_write(&common->device_feature_select, 1);
	return low | (uint64_t)dddk_reg_read(&common->device_feature) << 32;
}

static void set_features(const struct dddk_virtio *dev, uint64_t agreed)
{
	struct common *common = common_of(dev);

	dddk_reg_write(&common->driver_feature_select, 0);
	dddk_reg_write(&common->driver_feature, (uint32_t)agreed);
	dddk_reg_write(&common->driver_feature_select, 1);
	dddk_reg_write(&common->driver_feature, (uint32_t)(agreed >> 32));
}

static uint32_t generation(const struct dddk_virtio *dev)
{
	return dddk_reg_read(&common_of(dev)->generation);
}

static void config(const struct dddk_virtio *dev, uint32_t offset, void *to,
		   uint32_t bytes)
{
	uint8_t *byte = to;
	uint32_t i;

	for (i = 0; i < bytes; i++)
		byte[i] = dddk_mmio_read8(
			at(dev, FAKE_PCI_CONFIG + offset + i));
}

static uint32_t queue_max(const struct dddk_virtio *dev, uint32_t index)
{
	dddk_reg_write(&common_of(dev)->queue_select, (uint16_t)index);
	return dddk_reg_read(&common_of(dev)->queue_size);
}

static void write_address(dddk_wo32 *pair, const volatile void *memory)
{
	uint64_t bus = dddk_dma_bus(memory);

	dddk_reg_write(&pair[0], (uint32_t)bus);
	dddk_reg_write(&pair[1], (uint32_t)(bus >> 32));
}

static void queue_on(const struct dddk_virtio *dev, uint32_t index,
		     const struct dddk_virtqueue *queue)
{
	struct common *common = common_of(dev);

	dddk_reg_write(&common->queue_select, (uint16_t)index);
	dddk_reg_write(&common->queue_size, (uint16_t)queue->entries);
	write_address(common->queue_desc, queue->ring);
	write_address(common->queue_driver, queue->avail);
	write_address(common->queue_device, queue->used);
	dddk_reg_write(&common->queue_enable, 1);
}

static volatile void *doorbell(const struct dddk_virtio *dev, uint32_t index)
{
	uint32_t off;

	dddk_reg_write(&common_of(dev)->queue_select, (uint16_t)index);
	off = dddk_reg_read(&common_of(dev)->queue_notify_off);
	return at(dev, FAKE_PCI_NOTIFY + off * FAKE_PCI_NOTIFY_MULTIPLIER);
}

static uint32_t interrupts(const struct dddk_virtio *dev)
{
	return dddk_mmio_read8(at(dev, FAKE_PCI_ISR));
}

static const struct dddk_virtio_transport transport = {
	.status = status,
	.set_status = set_status,
	.features = features,
	.set_features = set_features,
	.generation = generation,
	.config = config,
	.queue_max = queue_max,
	.queue_on = queue_on,
	.doorbell = doorbell,
	.doorbell_bytes = 2,
	.interrupts = interrupts,
};

enum k_err dddk_virtio_find(struct dddk_virtio *dev, void *regs,
			    uint32_t device_id)
{
	if (device.id != device_id)
		return K_ERR_UNSUPPORTED;
	dev->transport = &transport;
	dev->regs = regs;
	return K_OK;
}
