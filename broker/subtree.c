/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subtree.c - a small device tree for one device, cut from the machine's.
 *
 * First a list of wanted nodes is collected, then one walk over the machine's
 * tree copies them in its order, so that paths, properties and phandles stay
 * what they are. The list may grow while it is worked through: a clock may name
 * its parent clock. A node is on it once, so phandles in a circle end.
 * What a phandle names but a driver process cannot reach (another device's
 * registers) is left out; Linux then says that the provider is missing.
 * Source: Devicetree Specification 0.4, sections 2.3, 2.4 and 5.
 */
#include "subtree.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <libfdt.h>

#include "devtree.h"

#define WANTED_MAX   48 /* nodes, parents included */
#define PHANDLES_MAX 16 /* looked at in one property */
#define CELLS_MAX    16 /* behind one phandle; more is nonsense */

/* How much of a node is copied. A node wanted twice gets the larger part. */
enum part {
	PART_CONTROLLER, /* what a client of an interrupt controller needs */
	PART_NODE,	 /* all its properties */
	PART_BRANCH,	 /* and all nodes below */
};

struct wanted {
	int node;
	enum part part;
};

struct cut {
	const void *fdt;
	void *out;
	unsigned int count;
	struct wanted wanted[WANTED_MAX];
};

/* Properties that say what an interrupt specifier looks like, and who it is. */
static const char *const controller_properties[] = {
	"compatible",	    "phandle",	      "linux,phandle",
	"#interrupt-cells", "#address-cells", "interrupt-controller",
};

static struct wanted *wanted_find(struct cut *cut, int node)
{
	for (unsigned int i = 0; i < cut->count; i++) {
		if (cut->wanted[i].node == node)
			return &cut->wanted[i];
	}
	return NULL;
}

/* Return: 0 if the list is full. */
static int want_one(struct cut *cut, int node, enum part part)
{
	struct wanted *wanted = wanted_find(cut, node);

	if (!wanted) {
		if (cut->count == WANTED_MAX)
			return 0;
		wanted = &cut->wanted[cut->count++];
		*wanted = (struct wanted){ node, part };
	}
	if (wanted->part < part)
		wanted->part = part;
	return 1;
}

/* A node and the path to it. Return: 0 if there are too many nodes, or the
 * path does not lead to the root. */
static int want(struct cut *cut, int node, enum part part)
{
	for (int depth = 0; depth <= BROKER_DEVTREE_DEPTH; depth++) {
		if (node < 0 || !want_one(cut, node, part))
			return 0;
		if (node == 0)
			return 1;
		node = fdt_parent_offset(cut->fdt, node);
		part = PART_NODE;
	}
	return 0;
}

static uint32_t cell(const void *cells, int index)
{
	return fdt32_ld((const fdt32_t *)cells + index);
}

/* The value of a property of one cell. Return: 0 if it is missing. */
static uint32_t number(const void *fdt, int node, const char *name)
{
	int bytes;
	const void *value = fdt_getprop(fdt, node, name, &bytes);

	return value && bytes >= 4 ? cell(value, 0) : 0;
}

/* Clocks that need nobody's registers: a number, or a number times another. */
static int clock_is_fixed(const void *fdt, int node)
{
	return fdt_node_check_compatible(fdt, node, "fixed-clock") == 0 ||
	       fdt_node_check_compatible(fdt, node, "fixed-factor-clock") == 0;
}

/* Each clock is a phandle and as many cells as that node's #clock-cells. */
static int want_clocks(struct cut *cut, int node)
{
	int bytes, at = 0;
	const void *list = fdt_getprop(cut->fdt, node, "clocks", &bytes);

	for (int i = 0; list && i < PHANDLES_MAX && at < bytes / 4; i++) {
		int clock = fdt_node_offset_by_phandle(cut->fdt,
						       cell(list, at));
		uint32_t cells;

		if (clock < 0)
			break; /* how many cells follow is not known */
		cells = number(cut->fdt, clock, "#clock-cells");
		if (cells > CELLS_MAX)
			break;
		if (clock_is_fixed(cut->fdt, clock) &&
		    !want(cut, clock, PART_NODE))
			return 0;
		at += 1 + (int)cells;
	}
	return 1;
}

/* The controller is named by the node itself or the nearest of its parents. */
static int want_controller(struct cut *cut, int node)
{
	uint32_t phandle = 0;

	for (int depth = 0; node >= 0 && depth <= BROKER_DEVTREE_DEPTH;
	     depth++) {
		phandle = number(cut->fdt, node, "interrupt-parent");
		if (phandle != 0)
			break;
		node = fdt_parent_offset(cut->fdt, node);
	}
	node = fdt_node_offset_by_phandle(cut->fdt, phandle);
	return node < 0 || want(cut, node, PART_CONTROLLER);
}

/* Does a child of `consumer` name this phandle first in its gpios? */
static int names_in_gpios(const void *fdt, int consumer, uint32_t phandle)
{
	int child;

	fdt_for_each_subnode(child, fdt, consumer)
	{
		if (number(fdt, child, "gpios") == phandle)
			return 1;
	}
	return 0;
}

/* What the lines of a GPIO controller mean stands at its consumers. */
static int want_consumers(struct cut *cut, int node)
{
	uint32_t phandle = fdt_get_phandle(cut->fdt, node);
	int keys = -1;

	if (phandle == 0 ||
	    !fdt_getprop(cut->fdt, node, "gpio-controller", NULL))
		return 1;
	for (;;) {
		keys = fdt_node_offset_by_compatible(cut->fdt, keys,
						     "gpio-keys");
		if (keys < 0)
			return 1;
		if (names_in_gpios(cut->fdt, keys, phandle) &&
		    !want(cut, keys, PART_BRANCH))
			return 0;
	}
}

/* The device, and whatever the nodes on the growing list name. */
static int collect(struct cut *cut, int device)
{
	if (!want(cut, device, PART_BRANCH) || !want_controller(cut, device) ||
	    !want_consumers(cut, device))
		return 0;
	for (unsigned int i = 0; i < cut->count; i++) {
		if (!want_clocks(cut, cut->wanted[i].node))
			return 0;
	}
	return 1;
}

static int property_wanted(enum part part, const char *name)
{
	if (part != PART_CONTROLLER)
		return 1;
	for (size_t i = 0; i < sizeof(controller_properties) /
				       sizeof(controller_properties[0]);
	     i++) {
		if (strcmp(controller_properties[i], name) == 0)
			return 1;
	}
	return 0;
}

/* Return: 0 if the tree is damaged here or the copy does not fit. */
static int copy_properties(struct cut *cut, int node, enum part part)
{
	int property;

	fdt_for_each_property_offset(property, cut->fdt, node)
	{
		int bytes;
		const char *name;
		const void *value = fdt_getprop_by_offset(cut->fdt, property,
							  &name, &bytes);

		if (!value)
			return 0;
		if (property_wanted(part, name) &&
		    fdt_property(cut->out, name, value, bytes) != 0)
			return 0;
	}
	return property == -FDT_ERR_NOTFOUND;
}

static int copy_node(struct cut *cut, int node, enum part part)
{
	const char *name = fdt_get_name(cut->fdt, node, NULL);

	return name && fdt_begin_node(cut->out, name) == 0 &&
	       copy_properties(cut, node, part);
}

/* How much of this node is wanted; below a branch everything is. -1: nothing */
static int part_of(struct cut *cut, int node, int below_branch)
{
	const struct wanted *wanted = wanted_find(cut, node);

	if (below_branch)
		return PART_BRANCH;
	return wanted ? (int)wanted->part : -1;
}

/* Where the walk stands; depths count from 0 for the root. */
struct walk {
	int depth;
	int open;   /* nodes begun in the copy and not ended */
	int branch; /* depth of a branch's top, or INT_MAX */
	int skip;   /* depth of an unwanted node, or INT_MAX */
};

/* Leave what the walk has come out of. Return: 0 if the copy is full. */
static int walk_leave(struct cut *cut, struct walk *walk)
{
	for (; walk->open > walk->depth; walk->open--) {
		if (fdt_end_node(cut->out) != 0)
			return 0;
	}
	if (walk->depth <= walk->branch)
		walk->branch = INT_MAX;
	if (walk->depth <= walk->skip)
		walk->skip = INT_MAX;
	return 1;
}

/* An unwanted node has nothing wanted below it: paths are on the list. */
static int walk_visit(struct cut *cut, struct walk *walk, int node)
{
	int part;

	if (!walk_leave(cut, walk))
		return 0;
	if (walk->depth > walk->skip)
		return 1;
	part = part_of(cut, node, walk->depth > walk->branch);
	if (part < 0) {
		walk->skip = walk->depth;
		return 1;
	}
	if (part == PART_BRANCH && walk->branch == INT_MAX)
		walk->branch = walk->depth;
	walk->open++;
	return copy_node(cut, node, (enum part)part);
}

static int copy_tree(struct cut *cut)
{
	struct walk walk = { .depth = 0, .branch = INT_MAX, .skip = INT_MAX };
	int node = 0;

	while (node >= 0 && walk.depth >= 0) {
		if (!walk_visit(cut, &walk, node))
			return 0;
		node = fdt_next_node(cut->fdt, node, &walk.depth);
	}
	if (walk.depth >= 0)
		return 0; /* the tree breaks off */
	walk.depth = 0;
	return walk_leave(cut, &walk);
}

unsigned int broker_subtree_build(const void *fdt, int node, void *out,
				  unsigned int bytes)
{
	struct cut cut = { .fdt = fdt, .out = out };

	if (!collect(&cut, node) || fdt_create(out, (int)bytes) != 0 ||
	    fdt_finish_reservemap(out) != 0 || !copy_tree(&cut) ||
	    fdt_finish(out) != 0)
		return 0;
	return fdt_totalsize(out);
}
