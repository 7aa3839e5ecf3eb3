/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * devices.h - the machine's devices, as the finder has found them.
 *
 * A device is a bundle: registers, interrupts, names. The finder (finder/) writes
 * the table once at boot, ascending by address; the broker holds it against its
 * own bounds, turns offsets into pointers, and uses it where it lies. What is in
 * it never changes then, only who drives a device. What the broker believes of
 * it, and what not: docs/decisions/0020.
 */
#ifndef BROKER_DEVICES_H
#define BROKER_DEVICES_H

#include <glue/found.h>

#include "policy.h"

/**
 * broker_devices_take - check a table, and use it from now on.
 * @found: BROKER_FOUND_BYTES; nobody else may write it any more
 *
 * BARs of PCI functions are set as it says. The manifest must have been read.
 *
 * Return: number of devices; 0 after one message if any field is wrong.
 */
unsigned int broker_devices_take(struct broker_found *found);

unsigned int broker_devices_count(void);
struct broker_device *broker_device(unsigned int index);

/* The index-th of what the programs may drive, in the order of the devices;
 * NULL behind the last. */
const struct broker_match *broker_match(unsigned int index);

/* May the program drive the device? NULL: no. */
const struct broker_match *broker_match_of(
	const struct broker_device *device,
	const struct broker_program *program);

/* Programs whose device is missing, one bit each. */
uint64_t broker_devices_absent(void);

/* quiet.c: stop a device whose driver cannot do it any more. */

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
