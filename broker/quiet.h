/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * quiet.h - stop a device whose driver cannot do it any more.
 */
#ifndef BROKER_QUIET_H
#define BROKER_QUIET_H

#include "devices.h"

/**
 * broker_device_stop - end what the device reads and writes in memory.
 *
 * @master: 0: such a device does neither unless its bus lets it
 *
 * virtio-mmio: reset, and wait until the device says that it is done; PCI: take
 * its right to start transactions away, and wait for those that are under way.
 *
 * Return: NULL: it does nothing more; or why that is not known, in words: there
 *         is no such way for it, it cannot be seen, or takes longer than 100 ms.
 */
const char *broker_device_stop(const struct broker_device *device, int master);

#endif
