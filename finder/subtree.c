/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subtree.c - a small device tree for one device, cut from the machine's.
 *
 * One walk at boot lists all nodes, because libfdt would search the whole tree
 * for each parent and phandle. To cut, the wanted nodes are marked first, then
 * copied in the machine's order, so that paths, properties and phandles stay what
 * they are. The marks may grow while they are worked through: a clock may name
 * its parent clock. Each node is worked through once, so phandles in a circle
 * end. What a phandle names but a driver process cannot reach (another device's
 * registers) is left out; Linux then says that the provider is missing.
 * Source: Devicetree Specification 0.4, sections 2.3, 2.4 and 5.
 */
#include "subtree.h"

#include <stddef.h>
#include <stdint.h>
#include <glue/string.h>

#include "cells.h"
#include "devtree.h"
#include "log.h"

#define NODES_MAX    2048 /* of the machine; boards have up to about 1500 */
#define PHANDLES_MAX 16	  /* looked at in one property */
#define CELLS_MAX    16	  /* behind one phandle; more is nonsense */
#define PASSES_MAX   8	  /* clocks of clocks that come before them */
#define ROOT	     0

/* How much of a node is copied. */
enum part {
	PART_NONE,
	PART_CONTROLLER, /* what a client of an interrupt controller needs */
	PART_NODE,	 /* all its properties */
};

/* Every node of the machine's tree, in its order; numbers are places here. */
struct node {
	int offset;
	uint32_t phandle; /* 0: none */
	int16_t parent;
	int8_t depth;
	uint8_t part;  /* enum part, of the copy in hand */
	uint8_t asked; /* for its clocks */
};
static struct node nodes[NODES_MAX];
static int n_nodes; /* 0: the tree cannot be used */
static const void *fdt;

/* Properties that say what an interrupt specifier looks like, and who it is. */
static const char *const controller_properties[] = {
	"compatible",	    "phandle",	      "linux,phandle",
	"#interrupt-cells", "#address-cells", "interrupt-controller",
};

/* In one pass over the properties; libfdt makes one for each name. */
static uint32_t phandle_read(int offset)
{
	uint32_t old = 0;
	int at, bytes;

	fdt_for_each_property_offset(at, fdt, offset)
	{
		const char *name;
		const void *value = fdt_getprop_by_offset(fdt, at, &name,
							  &bytes);

		if (!value || bytes != 4)
			continue;
		if (strcmp(name, "phandle") == 0)
			return cell(value, 0);
		if (strcmp(name, "linux,phandle") == 0)
			old = cell(value, 0);
	}
	return old;
}

/* Return: 0 if the list is full. */
static int node_note(int offset, int depth, const int *path)
{
	if (n_nodes == NODES_MAX)
		return 0;
	nodes[n_nodes++] = (struct node){
		.offset = offset,
		.phandle = phandle_read(offset),
		.parent = (int16_t)(depth > 0 ? path[depth - 1] : -1),
		.depth = (int8_t)depth,
	};
	return 1;
}

void finder_subtree_open(const void *tree)
{
	int path[FINDER_DEVTREE_DEPTH] = { 0 };
	int offset = 0, depth = 0;

	fdt = tree;
	n_nodes = 0;
	for (; offset >= 0 && depth >= 0;
	     offset = fdt_next_node(fdt, offset, &depth)) {
		if (depth >= FINDER_DEVTREE_DEPTH)
			continue; /* no device lies there: devtree.c */
		path[depth] = n_nodes;
		if (!node_note(offset, depth, path)) {
			finder_log(
				"the device tree has more than %u nodes: Linux drivers cannot start",
				NODES_MAX);
			n_nodes = 0;
			return;
		}
	}
	if (depth >= 0)
		n_nodes = 0; /* the tree breaks off */
}

static const void *property(int node, const char *name, int *bytes)
{
	return fdt_getprop(fdt, nodes[node].offset, name, bytes);
}

/* The first cell of a property. Return: 0 if it is missing. */
static uint32_t number(int node, const char *name)
{
	int bytes;
	const void *value = property(node, name, &bytes);

	return value && bytes >= 4 ? cell(value, 0) : 0;
}

static int is_compatible(int node, const char *name)
{
	return fdt_node_check_compatible(fdt, nodes[node].offset, name) == 0;
}

/* Return: -1 if there is none such. */
static int node_by_phandle(uint32_t phandle)
{
	for (int i = 0; phandle != 0 && i < n_nodes; i++) {
		if (nodes[i].phandle == phandle)
			return i;
	}
	return -1;
}

int finder_subtree_by_phandle(uint32_t phandle)
{
	int node = node_by_phandle(phandle);

	if (n_nodes == 0)
		return fdt_node_offset_by_phandle(fdt, phandle);
	return node < 0 ? -FDT_ERR_NOTFOUND : nodes[node].offset;
}

int finder_subtree_by_name(const char *name, int bytes)
{
	for (int i = 0; i < n_nodes; i++) {
		int found_bytes;
		const char *found = fdt_get_name(fdt, nodes[i].offset,
						 &found_bytes);

		if (nodes[i].depth == 1 && found_bytes == bytes &&
		    memcmp(found, name, (size_t)bytes) == 0)
			return nodes[i].offset;
	}
	return -FDT_ERR_NOTFOUND;
}

static int node_by_offset(int offset)
{
	for (int i = 0; i < n_nodes; i++) {
		if (nodes[i].offset == offset)
			return i;
	}
	return -1;
}

/* A node and the path to it. */
static void want(int node, enum part part)
{
	for (; node >= ROOT && nodes[node].part < part;
	     node = nodes[node].parent) {
		nodes[node].part = (uint8_t)part;
		part = PART_NODE;
	}
}

/* A node, the path to it, and all below it. */
static void want_branch(int node)
{
	int depth = nodes[node].depth;

	want(node, PART_NODE);
	while (++node < n_nodes && nodes[node].depth > depth)
		nodes[node].part = PART_NODE;
}

/* Clocks that need nobody's registers: a number, or a number times another. */
static int clock_is_fixed(int node)
{
	return is_compatible(node, "fixed-clock") ||
	       is_compatible(node, "fixed-factor-clock");
}

/* A property that is a list of phandles, each with as many cells behind it as
 * the node that it names says. Of clocks only the fixed ones can be reached. */
static void want_list(int node, const char *name, const char *cells_name,
		      enum part part)
{
	int bytes, at = 0;
	const void *list = property(node, name, &bytes);

	for (int i = 0; list && i < PHANDLES_MAX && at < bytes / 4; i++) {
		int named = node_by_phandle(cell(list, at));
		uint32_t cells;

		if (named < 0)
			break; /* how many cells follow is not known */
		cells = number(named, cells_name);
		if (cells > CELLS_MAX)
			break;
		if (part == PART_CONTROLLER || clock_is_fixed(named))
			want(named, part);
		at += 1 + (int)cells;
	}
}

/* The controller is named by the node itself or the nearest of its parents. */
static void want_controller(int node)
{
	uint32_t phandle = 0;

	want_list(node, "interrupts-extended", "#interrupt-cells",
		  PART_CONTROLLER);
	for (; node >= ROOT && phandle == 0; node = nodes[node].parent)
		phandle = number(node, "interrupt-parent");
	want(node_by_phandle(phandle), PART_CONTROLLER);
}

/* What the lines of a GPIO controller mean stands at its consumers: nodes
 * within gpio-keys that name it. */
static void want_consumers(int node)
{
	uint32_t phandle = nodes[node].phandle;

	if (phandle == 0 || !property(node, "gpio-controller", NULL))
		return;
	for (int i = 0; i < n_nodes; i++) {
		int keys = nodes[i].parent;

		if (keys > ROOT && number(i, "gpios") == phandle &&
		    is_compatible(keys, "gpio-keys"))
			want_branch(keys);
	}
}

/* Of all that is marked so far. Return: how many nodes had not been asked. */
static int want_clocks(void)
{
	int asked = 0;

	for (int i = 0; i < n_nodes; i++) {
		if (nodes[i].part == PART_NONE || nodes[i].asked)
			continue;
		nodes[i].asked = 1;
		asked++;
		want_list(i, "clocks", "#clock-cells", PART_NODE);
	}
	return asked;
}

/* The device, and whatever the marked nodes name. */
static void collect(int device)
{
	for (int i = 0; i < n_nodes; i++)
		nodes[i].part = nodes[i].asked = 0;
	want_branch(device);
	want_controller(device);
	want_consumers(device);
	for (int i = 0; i < PASSES_MAX && want_clocks() > 0; i++)
		;
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
static int copy_properties(void *out, int offset, enum part part)
{
	int at;

	fdt_for_each_property_offset(at, fdt, offset)
	{
		int bytes;
		const char *name;
		const void *value = fdt_getprop_by_offset(fdt, at, &name,
							  &bytes);

		if (!value)
			return 0;
		if (property_wanted(part, name) &&
		    fdt_property(out, name, value, bytes) != 0)
			return 0;
	}
	return at == -FDT_ERR_NOTFOUND;
}

static int copy_node(void *out, int node, enum part part)
{
	const char *name = fdt_get_name(fdt, nodes[node].offset, NULL);

	return name && fdt_begin_node(out, name) == 0 &&
	       copy_properties(out, nodes[node].offset, part);
}

/* End nodes of the copy until so many are open. */
static int copy_close(void *out, int *open, int depth)
{
	for (; *open > depth; (*open)--) {
		if (fdt_end_node(out) != 0)
			return 0;
	}
	return 1;
}

/* What is wanted comes in the tree's order, each behind its parent. */
static int copy_tree(void *out)
{
	int open = 0;

	for (int i = 0; i < n_nodes; i++) {
		if (nodes[i].part == PART_NONE)
			continue;
		if (!copy_close(out, &open, nodes[i].depth) ||
		    !copy_node(out, i, (enum part)nodes[i].part))
			return 0;
		open++;
	}
	return copy_close(out, &open, 0);
}

unsigned int finder_subtree_build(int offset, void *out, unsigned int bytes)
{
	int device = node_by_offset(offset);

	if (device < 0)
		return 0;
	collect(device);
	if (fdt_create(out, (int)bytes) != 0 ||
	    fdt_finish_reservemap(out) != 0 || !copy_tree(out) ||
	    fdt_finish(out) != 0)
		return 0;
	return fdt_totalsize(out);
}
