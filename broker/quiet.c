/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * quiet.c - the way to stop DMA, for each kind of bus that we know.
 *
 * The driver that knew the device is dead and what it left in the registers is
 * not believed: only what the bus offers for every device behind it is used.
 */
#include "devices.h"

#include "machine.h"
#include "pci.h"
#include "probe.h"

#define LIMIT_PER_S 10u /* of a second */
#define LATE	    "it does not answer within 100 ms"

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

static const char *stop_virtio(const struct broker_device *device)
{
	int done;

	if (!broker_probe_virtio_reset(device->mmio[0].paddr))
		return "the kernel does not show its registers";
	done = becomes(virtio_is_reset, device);
	broker_probe_end();
	return done ? NULL : LATE;
}

static const char *stop_pci(const struct broker_device *device)
{
	broker_pci_stop(device);
	return becomes(broker_pci_is_quiet, device) ? NULL : LATE;
}

const char *broker_device_stop(const struct broker_device *device, int master)
{
	if (device->is_pci)
		return stop_pci(device);
	if (device->is_virtio)
		return stop_virtio(device);
	return master ? "no reset is known for it" : NULL;
}
