/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * devtree.h - walking a device tree, one device at a time.
 *
 * A device is an enabled node with `compatible` and a `reg` that can be
 * translated to addresses of the CPU. Pure reading of memory, so it runs on
 * the host under the sanitizers. Source: Devicetree Specification 0.4.
 */
#ifndef FINDER_DEVTREE_H
#define FINDER_DEVTREE_H

#include "devices.h"

#define FINDER_DEVTREE_DEPTH 12

/* What children of a node need to know about it. */
struct finder_devtree_bus {
	const uint32_t *ranges; /* big-endian cells */
	int ranges_cells;	/* -1: no ranges, children have no address */
	int address_cells;	/* of children */
	int size_cells;
	uint32_t irq_parent; /* phandle, inherited; 0 none */
};

/* Properties of a node that the reader knows; names: devtree.c. */
enum finder_devtree_property {
	DEVTREE_STATUS,
	DEVTREE_COMPATIBLE,
	DEVTREE_TYPE,
	DEVTREE_REG,
	DEVTREE_RANGES,
	DEVTREE_ADDRESS_CELLS,
	DEVTREE_SIZE_CELLS,
	DEVTREE_INTERRUPT_PARENT,
	DEVTREE_INTERRUPTS,
	DEVTREE_INTERRUPTS_EXTENDED,
	DEVTREE_PROPERTIES
};

struct finder_devtree {
	const void *fdt;
	int node;
	int depth;
	int skip_below; /* depth of a disabled node, or -1 */
	struct {
		const void *value; /* NULL: missing */
		int bytes;
	} property[DEVTREE_PROPERTIES]; /* of the node in hand */
	struct finder_devtree_bus bus[FINDER_DEVTREE_DEPTH];
	uint32_t gic_phandle; /* last phandle looked up ... */
	int gic_is_gic;	      /* ... and whether it is a GIC */
};

void finder_devtree_open(struct finder_devtree *walk, const void *fdt);

/* The next device in the tree's order. Return: 0 after the last. */
int finder_devtree_next(struct finder_devtree *walk,
			struct finder_device *device);

#endif
