/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * devices.h - the machine's devices, as the device tree and registers say.
 *
 * A device is a bundle: registers, interrupts, names; the list ascends by
 * address. Transports of virtio and PrimeCells are looked into, because the
 * device tree does not say which device is there. The device tree is data from
 * outside: whatever it says is checked against its own bounds by libfdt, and
 * against ours here.
 */
#ifndef FINDER_DEVICES_H
#define FINDER_DEVICES_H

#include <stddef.h>
#include <stdint.h>
#include <glue/env.h>
#include <glue/found.h>

#define FINDER_ALIAS_BYTES 96u

/* What a PCI function says of itself, and which BAR each register range is. */
struct finder_pci {
	uint16_t devfn; /* device << 3 | function, on bus 0 */
	uint16_t vendor, device, subvendor, subdevice;
	uint32_t class;		    /* base class, subclass, interface */
	uint8_t bar[GLUE_MMIO_MAX]; /* number + 1 */
};

struct finder_device {
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
	struct finder_pci pci; /* if is_pci */
	uint8_t is_pci;
	uint32_t primecell; /* peripheral id; 0: not a PrimeCell */
	uint8_t is_virtio;
};

/**
 * finder_devices_read - build the table from a device tree.
 * @fdt:   stays where it is; entries point into it
 * @bytes: that may be read there
 *
 * Return: number of devices; 0 if the tree is damaged (with a message).
 */
unsigned int finder_devices_read(const void *fdt, size_t bytes);

unsigned int finder_devices_count(void);
struct finder_device *finder_device(unsigned int index);

/* Path in the device tree, such as "/pl011@9000000". */
void finder_device_path(const struct finder_device *device, char *path,
			int bytes);

/*
 * Is it one of these nodes? @nodes: paths or aliases, a colon between two, as
 * colons are in neither.
 */
int finder_device_is_named(const struct finder_device *device,
			   const char *nodes);

/* The device's part of the device tree; see finder_subtree_build. */
unsigned int finder_device_tree(const struct finder_device *device, void *out,
				unsigned int bytes);

/* Does the tree's /chosen name it as the machine's console? */
int finder_device_is_console(const struct finder_device *device);

/**
 * finder_device_alias - the i-th modalias of a device.
 *
 * virtio:dXXXXXXXXvXXXXXXXX for what is behind a virtio transport,
 * amba:dXXXXXXXX for a PrimeCell, as its registers say; then
 * of:N<name>T<type>C<compatible> for each compatible string.
 *
 * Return: 0 if there are not so many.
 */
int finder_device_alias(const struct finder_device *device, unsigned int index,
			char *alias, size_t bytes);

/* The first compatible string, "" if it has none that ends. */
void finder_device_compatible(const struct finder_device *device, char *text,
			      size_t bytes);

/**
 * finder_device_match - does any alias of a device match a match= list?
 * @alias: out: the alias that matched
 */
int finder_device_match(const struct finder_device *device, const char *list,
			char *alias, size_t bytes);

/* Are its aliases those of the device that was asked about before? */
int finder_device_is_twin(const struct finder_device *device);

/* Warn once per page in which two virtio devices in use lie. */
void finder_devices_warn_shared(void);

#endif
