/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * find.h - what the finder sees, and what it may ask for.
 *
 * The finder (finder/) is the first process, and gone before the second one
 * starts. It has none of what other processes get but its own memory: the device
 * tree and the manifest, which it reads, the table that it writes (devices.h),
 * and, on request, pages of registers, which it reads too.
 */
#ifndef BROKER_FIND_H
#define BROKER_FIND_H

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

#endif
