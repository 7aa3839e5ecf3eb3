/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tree.c - a device tree node with the properties that boot looks at.
 *
 * A node's "reg" counts in its parent's cells and address space. Each bus on
 * the way to the root translates by its "ranges": empty means unchanged, none
 * means that its children have no CPU address.
 */
#include <libfdt.h>
#include <boot/tree.h>

static const char *const prop_names[TREE_PROPS] = {
	[TREE_REG] = "reg",
	[TREE_RANGES] = "ranges",
	[TREE_COMPATIBLE] = "compatible",
	[TREE_DEVICE_TYPE] = "device_type",
	[TREE_STATUS] = "status",
	[TREE_METHOD] = "method",
	[TREE_NO_MAP] = "no-map",
	[TREE_ADDRESS_CELLS] = "#address-cells",
	[TREE_SIZE_CELLS] = "#size-cells",
	[TREE_STDOUT] = "stdout-path",
	[TREE_INITRD_START] = "linux,initrd-start",
	[TREE_INITRD_END] = "linux,initrd-end",
};

static void node_set(struct tree_node *node, const char *name,
		     const char *value, int bytes)
{
	unsigned int i;

	for (i = 0; i < TREE_PROPS; i++) {
		if (prop_names[i][0] != name[0] || strcmp(prop_names[i], name))
			continue;
		node->value[i] = value;
		node->bytes[i] = (unsigned int)bytes;
		return;
	}
}

static unsigned int cells_of(const struct tree_node *node, enum tree_prop prop,
			     unsigned int if_absent)
{
	return node->value[prop] ? (unsigned int)tree_number(node, prop) :
				   if_absent;
}

bool tree_enter(const void *fdt, struct tree_path *path, int offset, int depth)
{
	struct tree_node *node;
	const char *name, *value;
	int prop, bytes;

	if (depth < 0 || depth >= TREE_DEPTH_MAX)
		return false;
	path->depth = (unsigned int)depth;
	node = &path->node[depth];
	*node = (struct tree_node){ .offset = offset };
	fdt_for_each_property_offset(prop, fdt, offset)
	{
		value = fdt_getprop_by_offset(fdt, prop, &name, &bytes);
		if (!value)
			return false;
		node_set(node, name, value, bytes);
	}
	node->address_cells = cells_of(node, TREE_ADDRESS_CELLS, 2);
	node->size_cells = cells_of(node, TREE_SIZE_CELLS, 1);
	return prop == -FDT_ERR_NOTFOUND;
}

bool tree_string(const struct tree_node *node, enum tree_prop prop,
		 const char *text)
{
	return node->value[prop] &&
	       fdt_stringlist_contains(node->value[prop],
				       (int)node->bytes[prop], text);
}

bool tree_enabled(const struct tree_node *node)
{
	return !node->value[TREE_STATUS] ||
	       tree_string(node, TREE_STATUS, "okay") ||
	       tree_string(node, TREE_STATUS, "ok");
}

/* A big-endian number of 0, 1 or 2 cells of 4 bytes. */
static uint64_t cells(const char *at, unsigned int count)
{
	uint64_t value = 0;
	unsigned int i;

	for (i = 0; i < count * 4; i++)
		value = value << 8 | (unsigned char)at[i];
	return value;
}

uint64_t tree_number(const struct tree_node *node, enum tree_prop prop)
{
	unsigned int bytes = node->bytes[prop];

	if (!node->value[prop] || (bytes != 4 && bytes != 8))
		return 0;
	return cells(node->value[prop], bytes / 4);
}

static bool cells_usable(unsigned int address, unsigned int size)
{
	return address >= 1 && address <= 2 && size <= 2;
}

/* Move @range from the space of @bus's children to @parent's children's. */
static bool translate(const struct tree_node *bus,
		      const struct tree_node *parent, struct range *range)
{
	unsigned int child = bus->address_cells;
	unsigned int up = parent->address_cells;
	unsigned int entry = (child + up + bus->size_cells) * 4;
	const char *list = bus->value[TREE_RANGES];
	uint64_t from, to, bytes;
	unsigned int i;

	if (!list || !cells_usable(child, bus->size_cells) ||
	    !cells_usable(up, 0))
		return false;
	for (i = 0; i + entry <= bus->bytes[TREE_RANGES]; i += entry) {
		from = cells(list + i, child);
		to = cells(list + i + child * 4, up);
		bytes = cells(list + i + (child + up) * 4, bus->size_cells);
		if (range->start < from || range->end - from > bytes)
			continue;
		range->start += to - from;
		range->end += to - from;
		return true;
	}
	return bus->bytes[TREE_RANGES] == 0;
}

bool tree_reg(const struct tree_path *path, unsigned int index,
	      struct range *range)
{
	const struct tree_node *node = tree_here(path);
	unsigned int depth = path->depth;
	unsigned int address, size;
	const char *list = node->value[TREE_REG];

	if (!list || !depth)
		return false;
	address = node[-1].address_cells;
	size = node[-1].size_cells;
	if (!cells_usable(address, size) ||
	    (index + 1ull) * (address + size) * 4 > node->bytes[TREE_REG])
		return false;
	list += index * (address + size) * 4;
	range->start = cells(list, address);
	range->end = range->start + cells(list + address * 4, size);
	if (range->end < range->start)
		return false;
	while (--depth) {
		if (!translate(&path->node[depth], &path->node[depth - 1],
			       range))
			return false;
	}
	return true;
}
