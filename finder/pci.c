/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pci.c - find the functions of bus 0, find room for their BARs, name them.
 *
 * The broker sets the BARs as the table says. Each BAR gets pages of its own, in
 * the order of the functions, from the bridge's 32-bit memory window. Whatever a
 * function or the tree says is checked; a function that does not fit is left out
 * with one message. Read next: broker/pci.c, devices.c
 */
#include "pci.h"

#include <broker/regs_pci.h>
#include <glue/print.h>

#include "cells.h"
#include "devices.h"
#include "log.h"
#include "look.h"
#include "regs_pci_ids.h"

#define FUNCTIONS    8u /* of a device */
#define NAME_BYTES   16u
#define NAMES_MAX    32u
#define BRIDGE_CELLS 3 /* of a PCI address in the tree */

struct scan {
	const void *fdt;
	int node;
	uint64_t next; /* free in the memory window */
	uint64_t end;
};

static char names[NAMES_MAX][NAME_BYTES]; /* finder_device.node points here */
static unsigned int n_names;

/* The 32-bit memory window, of which CPU and bus addresses must be the same:
 * a driver's device tells bus addresses to its CPU. Return: 0 none. */
static int window_find(struct scan *scan)
{
	int bytes, entry = BRIDGE_CELLS + 2 + 2;
	const uint32_t *ranges = fdt_getprop(scan->fdt, scan->node, "ranges",
					     &bytes);

	for (int at = 0; ranges && (at + entry) * 4 <= bytes; at += entry) {
		uint64_t bus = cells_value(ranges + at + 1, 2);

		if ((cell(ranges, at) & PCI_RANGE_SPACE) != PCI_RANGE_MEM32 ||
		    bus != cells_value(ranges + at + 3, 2))
			continue;
		scan->next = bus;
		scan->end = bus + cells_value(ranges + at + 5, 2);
		return scan->end > bus && scan->end <= (uint64_t)1 << 32;
	}
	return 0;
}

/* Cells of the parent's unit address in an entry of the interrupt-map: its
 * #address-cells, of which a missing one counts as 0 there. */
static int parent_cells(const void *fdt, uint32_t phandle)
{
	int node = fdt_node_offset_by_phandle(fdt, phandle), bytes;
	const uint32_t *cells = node < 0 ?
					NULL :
					fdt_getprop(fdt, node, "#address-cells",
						    &bytes);

	return cells && bytes >= 4 ? (int)(cell(cells, 0) & 3) : 0;
}

/* An entry: unit address, pin, parent, its unit address, its three cells.
 * Return: the shared peripheral interrupt it names; 0 if it is for others. */
static uint32_t entry_match(const uint32_t *entry, const uint32_t *mask,
			    uint32_t unit, uint32_t pin, int parent)
{
	const uint32_t *gic = entry + BRIDGE_CELLS + 2 + parent;

	if (cell(entry, 0) != (unit & cell(mask, 0)) ||
	    cell(entry, BRIDGE_CELLS) != (pin & cell(mask, BRIDGE_CELLS)) ||
	    cell(gic, 0) != GIC_SPI)
		return 0;
	return cell(gic, 1) + GIC_SPI_BASE;
}

/* Which interrupt a pin of a function raises. Return: 0 the map has none.
 * Source: Open Firmware interrupt mapping 0.9, section 5. */
static uint32_t intx_find(const struct scan *scan, unsigned int devfn,
			  uint32_t pin)
{
	int bytes, mask_bytes, at = 0, entry;
	const uint32_t *map = fdt_getprop(scan->fdt, scan->node,
					  "interrupt-map", &bytes);
	const uint32_t *mask = fdt_getprop(scan->fdt, scan->node,
					   "interrupt-map-mask", &mask_bytes);
	uint32_t unit = (uint32_t)devfn << PCI_PHYS_DEVFN_SHIFT;

	if (!map || !mask || mask_bytes < (BRIDGE_CELLS + 1) * 4 || pin == 0)
		return 0;
	for (; (at + BRIDGE_CELLS + 2) * 4 <= bytes; at += entry) {
		int parent = parent_cells(scan->fdt,
					  cell(map, at + BRIDGE_CELLS + 1));
		uint32_t intid;

		entry = BRIDGE_CELLS + 2 + parent + GIC_CELLS;
		if ((at + entry) * 4 > bytes)
			break;
		intid = entry_match(map + at, mask, unit, pin, parent);
		if (intid)
			return intid;
	}
	return 0;
}

static int bar_is_64(unsigned int devfn, unsigned int bar)
{
	uint32_t bits = finder_pci_read(devfn, PCI_BAR0 + 4 * bar, 4);

	return !(bits & PCI_BAR_IO) && (bits & PCI_BAR_TYPE) == PCI_BAR_64;
}

/* Return: 0 if the window is used up. */
static int bar_assign(struct scan *scan, struct finder_device *device,
		      unsigned int bar, uint32_t size)
{
	uint64_t unit = size > FINDER_PAGE_BYTES ? size : FINDER_PAGE_BYTES;
	uint64_t at = (scan->next + unit - 1) & ~(unit - 1);

	if ((size & (size - 1)) != 0 || at + unit > scan->end)
		return 0;
	scan->next = at + unit;
	device->pci.bar[device->n_mmio] = (uint8_t)(bar + 1);
	device->mmio[device->n_mmio++] = (struct broker_device_range){
		.paddr = at,
		.bytes = size,
	};
	return 1;
}

/* All memory BARs, as many as a process can get. Return: 0 if one has no room. */
static int bars_assign(struct scan *scan, struct finder_device *device)
{
	unsigned int devfn = device->pci.devfn, bar = 0;

	while (bar < PCI_BAR_COUNT) {
		uint32_t size = finder_pci_size(devfn, bar);
		int is_64 = bar_is_64(devfn, bar) && bar + 1 < PCI_BAR_COUNT;

		if (size && (device->n_mmio == GLUE_MMIO_MAX ||
			     !bar_assign(scan, device, bar, size)))
			return 0;
		bar += is_64 ? 2 : 1;
	}
	return 1;
}

static void ids_read(struct finder_pci *pci)
{
	pci->vendor = (uint16_t)finder_pci_read(pci->devfn, PCI_VENDOR_ID, 2);
	pci->device = (uint16_t)finder_pci_read(pci->devfn, PCI_DEVICE_ID, 2);
	pci->subvendor = (uint16_t)finder_pci_read(pci->devfn,
						   PCI_SUBSYSTEM_VENDOR, 2);
	pci->subdevice = (uint16_t)finder_pci_read(pci->devfn, PCI_SUBSYSTEM_ID,
						   2);
	pci->class = finder_pci_read(pci->devfn, PCI_CLASS_REVISION, 4) >> 8;
}

void finder_pci_alias(const struct finder_device *device, char *alias,
		      size_t bytes)
{
	const struct finder_pci *pci = &device->pci;

	glue_snprintf(alias, bytes,
		      "pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X",
		      pci->vendor, pci->device, pci->subvendor, pci->subdevice,
		      pci->class >> 16, pci->class >> 8 & 0xff,
		      pci->class & 0xff);
}

/* Fill the bundle of one function. Return: 0 if nobody could drive it. */
static int function_read(struct scan *scan, unsigned int devfn,
			 struct finder_device *device)
{
	uint32_t pin = finder_pci_read(devfn, PCI_INTERRUPT_PIN, 1);

	if (n_names == NAMES_MAX)
		return 0;
	*device = (struct finder_device){
		.node = names[n_names],
		.offset = -1,
		.is_pci = 1,
		.pci.devfn = (uint16_t)devfn,
	};
	glue_snprintf(names[n_names], NAME_BYTES, "pci@00:%02x.%u", devfn >> 3,
		      devfn & 7);
	ids_read(&device->pci);
	if (!bars_assign(scan, device)) {
		finder_log("%s: its registers find no room: it is left out",
			   device->node);
		return 0;
	}
	device->irq[0].intid = intx_find(scan, devfn, pin);
	device->n_irq = device->irq[0].intid != 0;
	n_names += device->n_mmio > 0;
	return device->n_mmio > 0;
}

/* One function: a device, a bridge (left out, with a message), or nothing.
 * Return: whether the device has more functions. */
static int function_visit(struct scan *scan, unsigned int devfn,
			  void (*found)(const struct finder_device *device))
{
	struct finder_device device;
	uint32_t header;

	if (finder_pci_read(devfn, PCI_VENDOR_ID, 2) == 0xffff)
		return 0;
	header = finder_pci_read(devfn, PCI_HEADER_TYPE, 1);
	if ((header & PCI_HEADER_LAYOUT) != PCI_HEADER_DEVICE)
		finder_log("pci@00:%02x.%u is a bridge: what is behind it is "
			   "not searched; put devices on bus 0 (bus=pcie.0)",
			   devfn >> 3, devfn & 7);
	else if (function_read(scan, devfn, &device))
		found(&device);
	return (header & PCI_HEADER_MANY) != 0;
}

void finder_pci_scan(const void *fdt, int node, uint64_t ecam,
		     void (*found)(const struct finder_device *device))
{
	struct scan scan = { .fdt = fdt, .node = node };

	n_names = 0;
	if (!window_find(&scan) || !finder_pci_open(ecam)) {
		finder_log("the PCI host bridge has no 32-bit memory window, "
			   "or its ECAM at 0x%lx cannot be mapped: no PCI",
			   ecam);
		return;
	}
	for (unsigned int devfn = 0; devfn < PCI_DEVFNS; devfn += FUNCTIONS) {
		if (!function_visit(&scan, devfn, found))
			continue;
		for (unsigned int i = 1; i < FUNCTIONS; i++)
			function_visit(&scan, devfn + i, found);
	}
}
