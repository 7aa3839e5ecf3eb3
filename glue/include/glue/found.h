/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * found.h - between the broker and the finder: what it sees, may ask, and writes.
 *
 * The finder (finder/) is the first process, and gone before the second one
 * starts. It has none of what other processes get but its own memory: the device
 * tree and the manifest, which it reads, the table that it writes, and, on request,
 * pages of registers, which it reads too. When it has ended, the broker checks the
 * table (broker/devices.c); what it believes of it: docs/decisions/0020.
 */
#ifndef GLUE_FOUND_H
#define GLUE_FOUND_H

#include <stdint.h>
#include <glue/env.h>
#include <glue/places.h>

/* All within the 2 MiB of one page table, but for bus 0 behind them. */
#define FIND_LOOK_VADDR	 GLUE_MMIO_LARGE_VADDR /* pages of registers, RO */
#define FIND_LOOKS	 128u
#define FIND_TABLE_VADDR (GLUE_MMIO_LARGE_VADDR + 0x080000ul) /* RW */
#define FIND_ARCHIVE_VADDR                                                     \
	(GLUE_MMIO_LARGE_VADDR + 0x0a0000ul) /* records, RO */
#define FIND_ARCHIVE_PAGES 32u
#define FIND_TREE_VADDR	   (GLUE_MMIO_LARGE_VADDR + 0x0c0000ul) /* RO */
#define FIND_TREE_PAGES	   320u
#define FIND_PCI_VADDR	   (GLUE_MMIO_LARGE_VADDR + 0x200000ul) /* RO */

/* Requests beside those of glue/broker.h; all need allow=find. */
enum broker_find_op {
	/* in: address of a page, place below FIND_LOOKS: shows the page there.
	 * K_ERR_NOTFOUND: those are no device's registers; K_ERR_INVALID: not
	 * a page, or no such place; K_ERR_NOMEM */
	BROKER_FIND_LOOK = 0x140,
	/* in: address of bus 0's configuration space: shows that. Once.
	 * K_ERR_NOTFOUND: no device's registers, or not 2 MiB-aligned */
	BROKER_FIND_PCI = 0x141,
	/* in: function, BAR; out: its size, or 0; it decodes nothing then.
	 * K_ERR_INVALID: no such, or bus 0 is not shown */
	BROKER_FIND_BAR = 0x142,
};

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
	uint8_t is_virtio;
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

/* What two devices have in common, and should not: the finder leaves the second of
 * them to nobody; the broker refuses the table otherwise. Return: 1 if they do. */
static inline int broker_ranges_meet(const struct broker_device_range *a,
				     const struct broker_device_range *b)
{
	return a->paddr - b->paddr < b->bytes || b->paddr - a->paddr < a->bytes;
}

/* Has one any registers that are the other's, too? Return: 1 if so. */
static inline int broker_registers_meet(const struct broker_device *a,
					const struct broker_device *b)
{
	for (unsigned int i = 0; i < a->n_mmio * b->n_mmio; i++) {
		if (broker_ranges_meet(&a->mmio[i / b->n_mmio],
				       &b->mmio[i % b->n_mmio]))
			return 1;
	}
	return 0;
}

/* The same for interrupts. Return: 1 if so. */
static inline int broker_interrupts_meet(const struct broker_device *a,
					 const struct broker_device *b)
{
	for (unsigned int i = 0; i < a->n_irq * b->n_irq; i++) {
		if (a->irq[i / b->n_irq].intid == b->irq[i % b->n_irq].intid)
			return 1;
	}
	return 0;
}

#endif
