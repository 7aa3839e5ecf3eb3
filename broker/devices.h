/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * devices.h - the machine's devices, as the device tree describes them.
 *
 * A device is a bundle: registers, interrupts, names. The table is built once
 * at boot, ascending by address; what is in it never changes, only who drives
 * it. Transports of virtio and PrimeCells are looked into, because the device
 * tree does not say which device is there. The device tree is data from outside: whatever it
 * says is checked against its own bounds by libfdt, and against ours here.
 */
#ifndef BROKER_DEVICES_H
#define BROKER_DEVICES_H

#include <stddef.h>
#include <stdint.h>
#include <glue/env.h>

#define BROKER_DEVICES_MAX 128
#define BROKER_ALIAS_BYTES 96u

struct broker_device_range {
	uint64_t paddr;
	uint64_t bytes;
};

/* What a PCI function says of itself, and which BAR each register range is. */
struct broker_pci {
	uint16_t devfn; /* device << 3 | function, on bus 0 */
	uint16_t vendor, device, subvendor, subdevice;
	uint32_t class;		    /* base class, subclass, interface */
	uint8_t bar[GLUE_MMIO_MAX]; /* number + 1 */
};

struct broker_device {
	const char *node;	/* "virtio_mmio@a000000", in the device tree */
	const char *compatible; /* list of strings, there too */
	const char *type;	/* device_type, or NULL */
	int compatible_bytes;
	int offset; /* of the node in the device tree */
	int depth;  /* there; 1: below the root */
	uint32_t n_mmio;
	uint32_t n_irq;
	struct broker_device_range mmio[GLUE_MMIO_MAX];
	struct glue_irq irq[GLUE_IRQ_MAX];
	uint32_t virtio_device; /* 0: not virtio, or empty slot */
	uint32_t virtio_vendor;
	struct broker_pci pci; /* if is_pci */
	uint8_t is_pci;
	uint32_t primecell; /* peripheral id; 0: not a PrimeCell */
	uint8_t is_virtio;
	uint8_t broken;	 /* its driver died: not to be used again */
	uint16_t driver; /* process table index + 1; 0 nobody */
};

/**
 * broker_devices_read - build the table from a device tree.
 * @fdt:   stays mapped for ever; entries point into it
 * @bytes: that may be read there
 *
 * Return: number of devices; 0 if the tree is damaged (with a message).
 */
unsigned int broker_devices_read(const void *fdt, size_t bytes);

unsigned int broker_devices_count(void);
struct broker_device *broker_device(unsigned int index);

/* Path in the device tree, such as "/pl011@9000000". */
void broker_device_path(const struct broker_device *device, char *path,
			int bytes);

/*
 * Is it one of these nodes? @nodes: paths or aliases, a colon between two, as
 * colons are in neither.
 */
int broker_device_is_named(const struct broker_device *device,
			   const char *nodes);

/* The device's part of the device tree; see broker_subtree_build. */
unsigned int broker_device_tree(const struct broker_device *device, void *out,
				unsigned int bytes);

/* Does the tree's /chosen name it as the machine's console? */
int broker_device_is_console(const struct broker_device *device);

/**
 * broker_device_alias - the i-th modalias of a device.
 *
 * virtio:dXXXXXXXXvXXXXXXXX for what is behind a virtio transport,
 * amba:dXXXXXXXX for a PrimeCell, as its registers say; then
 * of:N<name>T<type>C<compatible> for each compatible string.
 *
 * Return: 0 if there are not so many.
 */
int broker_device_alias(const struct broker_device *device, unsigned int index,
			char *alias, size_t bytes);

/* The first compatible string, "" if it has none that ends. */
void broker_device_compatible(const struct broker_device *device, char *text,
			      size_t bytes);

/**
 * broker_device_match - does any alias of a device match a match= list?
 * @alias: out: the alias that matched
 */
int broker_device_match(const struct broker_device *device, const char *list,
			char *alias, size_t bytes);

/* Warn once per page in which two virtio devices in use lie. */
void broker_devices_warn_shared(void);

#endif
