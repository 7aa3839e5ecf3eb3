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

#include <stddef.h>
#include <stdint.h>
#include <glue/env.h>

#include "policy.h"

#define BROKER_DEVICES_MAX 128
#define BROKER_MATCHES_MAX 192
#define BROKER_FOUND_BYTES 0x10000u /* the table with its texts and trees */

struct broker_device_range {
	uint64_t paddr;
	uint64_t bytes;
};

/* Pointers are offsets from the table's begin until the broker has taken it. */
struct broker_device {
	const char *node;	/* "virtio_mmio@a000000", in the device tree */
	const char *path;	/* there: "/soc/virtio_mmio@a000000" */
	const char *compatible; /* the first string; "" none */
	const char *alias;	/* what it is, for lists */
	const uint8_t *tree;	/* its part of the tree, if a driver wants it */
	uint32_t tree_bytes;	/* 0: none, or it is damaged or too large */
	uint32_t n_mmio;
	uint32_t n_irq;
	struct broker_device_range mmio[GLUE_MMIO_MAX];
	struct glue_irq irq[GLUE_IRQ_MAX];
	uint8_t bar[GLUE_MMIO_MAX]; /* which BAR a range is: number + 1 */
	uint16_t devfn;		    /* device << 3 | function, on bus 0 */
	uint8_t is_pci;
	uint8_t is_console; /* the tree's /chosen names it */
	/* The broker's own: */
	uint8_t matched; /* by a program */
	uint8_t broken;	 /* its driver died: not to be used again */
	uint16_t driver; /* process table index + 1; 0 nobody */
};

/* A program that may drive a device. Until it is taken: both are indices. */
struct broker_match {
	struct broker_device *device;
	const struct broker_program *program;
	const char *alias; /* what matched; "" the manifest names the node */
	uint32_t first;	   /* 1: it is started for it at boot */
	uint32_t number;   /* of the service that it then is: 0 of "blk0" */
};

struct broker_found {
	uint32_t devices;
	uint32_t matches;
	uint32_t bytes; /* all of it; the last one is 0 */
	uint32_t rsvd;
	uint64_t absent; /* bit i: program i waits for a device of its own */
	struct broker_device device[BROKER_DEVICES_MAX];
	struct broker_match match[BROKER_MATCHES_MAX];
	char more[]; /* texts and trees */
};

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

#endif
