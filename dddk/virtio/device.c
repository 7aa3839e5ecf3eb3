/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.c - a virtio device's start and stop, whatever the transport.
 *
 * VIRTIO 1.2, 3.1.1 (initialisation), 2.1 (status), 2.5 (configuration space).
 */
#include <dddk/driver.h>
#include <dddk/virtio.h>
#include <glue/rt.h>

#include "virtio.h"

#define RESET_NS      100000000ul /* far more than any device took */
#define CONFIG_ROUNDS 16u

static void status_add(const struct dddk_virtio *dev, uint32_t bits)
{
	dev->transport->set_status(dev, dev->transport->status(dev) | bits);
}

static enum k_err reset(struct dddk_virtio *dev)
{
	uint64_t end = glue_deadline_ns(RESET_NS);

	dev->transport->set_status(dev, 0);
	while (dev->transport->status(dev) != 0) {
		if (glue_time_ticks() > end)
			return K_ERR_TIMEOUT;
	}
	return K_OK;
}

void dddk_virtio_stop(struct dddk_virtio *dev)
{
	if (dev->regs && reset(dev))
		dddk_log("the device does not end its reset");
}

static enum k_err agree(struct dddk_virtio *dev, uint64_t wish, uint64_t need)
{
	uint64_t offered = dev->transport->features(dev);
	uint64_t agreed = offered & (wish | DDDK_VIRTIO_F_VERSION1 |
				     DDDK_VIRTIO_F_PLATFORM);

	need |= DDDK_VIRTIO_F_VERSION1;
	if ((agreed & need) != need) {
		dddk_log("the device lacks feature bits %#lx; %s",
			 (unsigned long)(need & ~agreed),
			 offered & DDDK_VIRTIO_F_VERSION1 ?
				 "another driver may do without" :
				 "it is a legacy device: ask for a modern one "
				 "(QEMU: virtio-mmio.force-legacy=false)");
		return K_ERR_UNSUPPORTED;
	}
	dev->transport->set_features(dev, agreed);
	status_add(dev, STATUS_FEATURES_OK);
	if (!(dev->transport->status(dev) & STATUS_FEATURES_OK)) {
		dddk_log("the device refuses the features %#lx that it offers",
			 (unsigned long)agreed);
		return K_ERR_UNSUPPORTED;
	}
	dev->features = agreed;
	return K_OK;
}

enum k_err dddk_virtio_begin(struct dddk_virtio *dev, void *regs,
			     uint32_t device_id, uint64_t wish, uint64_t need)
{
	enum k_err err = dddk_virtio_find(dev, regs, device_id);

	if (err)
		return err;
	dddk_vq_watch_reset();
	err = reset(dev);
	if (err) {
		dddk_log("the device does not end its reset");
		return err;
	}
	status_add(dev, STATUS_ACKNOWLEDGE);
	status_add(dev, STATUS_DRIVER);
	err = agree(dev, wish, need);
	if (err)
		status_add(dev, STATUS_FAILED);
	return err;
}

void dddk_virtio_go(const struct dddk_virtio *dev)
{
	status_add(dev, STATUS_DRIVER_OK);
}

enum k_err dddk_virtio_config(const struct dddk_virtio *dev, uint32_t offset,
			      void *to, uint32_t bytes)
{
	unsigned int round;

	for (round = 0; round < CONFIG_ROUNDS; round++) {
		uint32_t before = dev->transport->generation(dev);

		dev->transport->config(dev, offset, to, bytes);
		if (dev->transport->generation(dev) == before)
			return K_OK;
	}
	dddk_driver_broken("ConfigGeneration", round,
			   "the configuration never stands still");
	return K_ERR_IO;
}

uint32_t dddk_virtio_interrupts(const struct dddk_virtio *dev)
{
	uint32_t why = dev->transport->interrupts(dev);
	uint32_t status;

	if (!(why & DDDK_VIRTIO_INT_CONFIG))
		return why;
	status = dev->transport->status(dev);
	if (status & STATUS_NEEDS_RESET)
		dddk_driver_broken("Status", status, "it asks for a reset");
	return why;
}
