/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * devtree.c - nodes to bundles: reg, ranges, interrupts, status.
 *
 * The walk keeps, for each level above the node in hand, how that bus counts
 * addresses. A child's address is translated upwards level by level.
 */
#include "devtree.h"

#include <glue/string.h>

#include "cells.h"
#include "subtree.h"

#define CELLS_MAX    3	/* #address-cells of PCI; more is nonsense */
#define EXTENDED_MAX 16 /* interrupts looked at; more than a process gets */

/* A count of cells, such as #size-cells; -1: out of range. */
static int cells_count(const uint32_t *value, int bytes, int fallback)
{
	if (!value || bytes < 4)
		return fallback;
	if (cell(value, 0) > CELLS_MAX)
		return -1;
	return (int)cell(value, 0);
}

/* One pass over the node's properties, as libfdt would make one for each. */
static void properties_read(struct finder_devtree *walk)
{
	static const char *const names[DEVTREE_PROPERTIES] = {
		[DEVTREE_STATUS] = "status",
		[DEVTREE_COMPATIBLE] = "compatible",
		[DEVTREE_TYPE] = "device_type",
		[DEVTREE_REG] = "reg",
		[DEVTREE_RANGES] = "ranges",
		[DEVTREE_ADDRESS_CELLS] = "#address-cells",
		[DEVTREE_SIZE_CELLS] = "#size-cells",
		[DEVTREE_INTERRUPT_PARENT] = "interrupt-parent",
		[DEVTREE_INTERRUPTS] = "interrupts",
		[DEVTREE_INTERRUPTS_EXTENDED] = "interrupts-extended",
	};
	int at, bytes;

	memset(walk->property, 0, sizeof(walk->property));
	fdt_for_each_property_offset(at, walk->fdt, walk->node)
	{
		const char *name;
		const void *value = fdt_getprop_by_offset(walk->fdt, at, &name,
							  &bytes);

		for (int i = 0; value && i < DEVTREE_PROPERTIES; i++) {
			if (strcmp(name, names[i]) != 0)
				continue;
			walk->property[i].value = value;
			walk->property[i].bytes = bytes;
			break;
		}
	}
}

static const void *property(const struct finder_devtree *walk,
			    enum finder_devtree_property which, int *bytes)
{
	*bytes = walk->property[which].bytes;
	return walk->property[which].value;
}

/* Fill the level that children of this node will use. */
static void bus_enter(struct finder_devtree *walk)
{
	struct finder_devtree_bus *bus = &walk->bus[walk->depth];
	const uint32_t *value;
	int bytes;

	/* 2 and 1 are the specification's defaults (2.3.5). */
	value = property(walk, DEVTREE_ADDRESS_CELLS, &bytes);
	bus->address_cells = cells_count(value, bytes, 2);
	value = property(walk, DEVTREE_SIZE_CELLS, &bytes);
	bus->size_cells = cells_count(value, bytes, 1);
	bus->ranges = property(walk, DEVTREE_RANGES, &bytes);
	bus->ranges_cells = bus->ranges ? bytes / 4 : -1;
	if (walk->depth == 0)
		bus->ranges_cells = 0;
	value = property(walk, DEVTREE_INTERRUPT_PARENT, &bytes);
	if (value && bytes >= 4)
		bus->irq_parent = cell(value, 0);
	else
		bus->irq_parent = walk->depth > 0 ? bus[-1].irq_parent : 0;
}

/* Translate a child address of one bus to its parent. Return: 0 impossible. */
static int range_translate(const struct finder_devtree_bus *bus,
			   uint64_t *paddr, uint64_t bytes)
{
	int ac = bus[0].address_cells, pc = bus[-1].address_cells;
	int sc = bus[0].size_cells, entry = ac + pc + sc;

	if (bus->ranges_cells <= 0)
		return bus->ranges_cells == 0; /* empty: same addresses */
	if (ac < 1 || pc < 1 || sc < 1)
		return 0;
	for (int at = 0; at + entry <= bus->ranges_cells; at += entry) {
		uint64_t child = cells_value(bus->ranges + at, ac);
		uint64_t parent = cells_value(bus->ranges + at + ac, pc);
		uint64_t size = cells_value(bus->ranges + at + ac + pc, sc);

		if (*paddr >= child && *paddr - child < size &&
		    bytes <= size - (*paddr - child)) {
			*paddr = parent + (*paddr - child);
			return 1;
		}
	}
	return 0;
}

/* From the bus that a node sits on up to the root, where addresses are the
 * CPU's own. A bus without ranges cannot be reached by loads and stores. */
static int address_translate(const struct finder_devtree *walk, uint64_t *paddr,
			     uint64_t bytes)
{
	for (int level = walk->depth - 1; level > 0; level--) {
		if (!range_translate(&walk->bus[level], paddr, bytes))
			return 0;
	}
	return 1;
}

/* All ranges of `reg` that the CPU can reach, as many as a process can get. */
static void read_reg(struct finder_devtree *walk, struct finder_device *device)
{
	const struct finder_devtree_bus *bus = &walk->bus[walk->depth - 1];
	int ac = bus->address_cells, sc = bus->size_cells, bytes;
	const uint32_t *reg = property(walk, DEVTREE_REG, &bytes);

	if (!reg || ac < 1 || sc < 1)
		return;
	for (int at = 0; (at + ac + sc) * 4 <= bytes; at += ac + sc) {
		struct broker_device_range range;

		range.paddr = cells_value(reg + at, ac);
		range.bytes = cells_value(reg + at + ac, sc);
		if (device->n_mmio == GLUE_MMIO_MAX)
			return;
		if (range.bytes == 0 ||
		    range.paddr + range.bytes < range.paddr ||
		    !address_translate(walk, &range.paddr, range.bytes))
			continue;
		device->mmio[device->n_mmio++] = range;
	}
}

/* Cells of one interrupt of a controller; -1: it does not say. */
static int interrupt_cells(const void *fdt, int node)
{
	int bytes;
	const void *value = fdt_getprop(fdt, node, "#interrupt-cells", &bytes);

	return cells_count(value, bytes, -1);
}

/* Is the interrupt parent a GIC? Remembered, as all devices have the same. */
static int parent_is_gic(struct finder_devtree *walk, uint32_t phandle)
{
	int node, bytes;
	const char *list;

	if (phandle == walk->gic_phandle)
		return walk->gic_is_gic;
	walk->gic_phandle = phandle;
	walk->gic_is_gic = 0;
	node = finder_subtree_by_phandle(phandle);
	if (node < 0)
		return 0;
	list = fdt_getprop(walk->fdt, node, "compatible", &bytes);
	if (!list || interrupt_cells(walk->fdt, node) != GIC_CELLS)
		return 0;
	walk->gic_is_gic = fdt_stringlist_contains(list, bytes, "arm,gic-v3") ||
			   fdt_stringlist_contains(list, bytes,
						   "arm,cortex-a15-gic") ||
			   fdt_stringlist_contains(list, bytes, "arm,gic-400");
	return walk->gic_is_gic;
}

/* Three cells of a GIC: kind, number, trigger. Return: 0 if they make no sense
 * or the device has as many as a process can get. */
static int irq_add(struct finder_device *device, const uint32_t *cells)
{
	struct glue_irq *irq = &device->irq[device->n_irq];
	uint32_t kind = cell(cells, 0);

	if (kind > GIC_PPI || device->n_irq == GLUE_IRQ_MAX)
		return 0;
	irq->intid = cell(cells, 1) +
		     (kind == GIC_SPI ? GIC_SPI_BASE : GIC_PPI_BASE);
	irq->edge = (cell(cells, 2) & GIC_EDGE_FLAGS) != 0;
	device->n_irq++;
	return 1;
}

/* interrupts-extended: each with the phandle of its own controller in front.
 * Others than the GIC's are passed over by that controller's count of cells. */
static void read_extended(struct finder_devtree *walk,
			  struct finder_device *device, const uint32_t *irqs,
			  int bytes)
{
	int at = 0;

	for (int i = 0; i < EXTENDED_MAX && (at + 1) * 4 <= bytes; i++) {
		uint32_t phandle = cell(irqs, at);
		int node = finder_subtree_by_phandle(phandle);
		int cells = node < 0 ? -1 : interrupt_cells(walk->fdt, node);

		if (cells < 0 || (at + 1 + cells) * 4 > bytes)
			return;
		if (parent_is_gic(walk, phandle) &&
		    !irq_add(device, irqs + at + 1))
			return;
		at += 1 + cells;
	}
}

/* Interrupts of other controllers are not for processes. interrupts-extended
 * comes first where both stand. Source: Linux binding arm,gic-v3. */
static void read_interrupts(struct finder_devtree *walk,
			    struct finder_device *device)
{
	uint32_t parent = walk->bus[walk->depth].irq_parent;
	const uint32_t *irqs;
	int bytes;

	irqs = property(walk, DEVTREE_INTERRUPTS_EXTENDED, &bytes);
	if (irqs) {
		read_extended(walk, device, irqs, bytes);
		return;
	}
	irqs = property(walk, DEVTREE_INTERRUPTS, &bytes);
	if (!irqs || !parent_is_gic(walk, parent))
		return;
	for (int at = 0; (at + GIC_CELLS) * 4 <= bytes; at += GIC_CELLS) {
		if (!irq_add(device, irqs + at))
			return;
	}
}

/* A property that is one string; NULL if it is missing or not terminated. */
static const char *string_property(const struct finder_devtree *walk,
				   enum finder_devtree_property which)
{
	int bytes;
	const char *text = property(walk, which, &bytes);

	return text && bytes > 0 && text[bytes - 1] == '\0' ? text : NULL;
}

static int node_enabled(const struct finder_devtree *walk)
{
	const char *status = string_property(walk, DEVTREE_STATUS);

	return !status || strcmp(status, "ok") == 0 ||
	       strcmp(status, "okay") == 0;
}

/* Make a device of the node in hand. Return: 0 if it is none. */
static int read_node(struct finder_devtree *walk, struct finder_device *device)
{
	*device = (struct finder_device){ .offset = walk->node,
					  .depth = walk->depth };
	device->node = fdt_get_name(walk->fdt, walk->node, NULL);
	device->compatible = property(walk, DEVTREE_COMPATIBLE,
				      &device->compatible_bytes);
	device->type = string_property(walk, DEVTREE_TYPE);
	if (walk->depth == 0 || !device->node || !device->compatible)
		return 0;
	read_reg(walk, device);
	read_interrupts(walk, device);
	return device->n_mmio > 0 || device->n_irq > 0;
}

void finder_devtree_open(struct finder_devtree *walk, const void *fdt)
{
	*walk = (struct finder_devtree){
		.fdt = fdt, .node = -1, .depth = -1, .skip_below = -1
	};
}

int finder_devtree_next(struct finder_devtree *walk,
			struct finder_device *device)
{
	for (;;) {
		walk->node = fdt_next_node(walk->fdt, walk->node, &walk->depth);
		if (walk->node < 0 || walk->depth < 0)
			return 0;
		if (walk->skip_below >= 0 && walk->depth > walk->skip_below)
			continue;
		walk->skip_below = -1;
		properties_read(walk);
		if (!node_enabled(walk) ||
		    walk->depth >= FINDER_DEVTREE_DEPTH) {
			walk->skip_below = walk->depth;
			continue;
		}
		bus_enter(walk);
		if (read_node(walk, device))
			return 1;
	}
}
