/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * quiet.c - the way to stop DMA, for each kind of bus that we know.
 *
 * The driver that knew the device is dead and what it left in the registers is
 * not believed: only what the bus offers for every device behind it is used.
 */
#include "quiet.h"

#include "log.h"
#include "machine.h"
#include "pci.h"
#include "probe.h"

#define LIMIT_PER_S 10u /* of a second */

/* Ask until it is so, or it takes too long. */
static int becomes(int (*done)(const struct broker_device *device),
		   const struct broker_device *device)
{
	uint64_t end = broker_clock_now() + broker_clock_hz() / LIMIT_PER_S;

	while (!done(device)) {
		if (broker_clock_now() > end)
			return 0;
	}
	return 1;
}

static int virtio_is_reset(const struct broker_device *device)
{
	(void)device;
	return broker_probe_virtio_is_reset();
}

static int stop_virtio(const struct broker_device *device)
{
	int done;

	broker_probe_virtio_reset(device->mmio[0].paddr);
	done = becomes(virtio_is_reset, device);
	broker_probe_end();
	return done;
}

static int stop_pci(const struct broker_device *device)
{
	broker_pci_stop(device);
	return becomes(broker_pci_is_quiet, device);
}

static int stop(const struct broker_device *device, int master)
{
	if (device->is_pci)
		return stop_pci(device);
	return device->is_virtio ? stop_virtio(device) : !master;
}

int broker_device_quiet(const struct broker_device *device, int master)
{
	if (stop(device, master))
		return 1;
	broker_log(
		"%s cannot be stopped: %s; it and the memory it may write to stay out of use",
		device->node,
		device->is_pci || device->is_virtio ?
			"it does not answer within 100 ms" :
			"no reset is known for it");
	return 0;
}
