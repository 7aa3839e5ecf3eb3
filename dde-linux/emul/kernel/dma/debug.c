// SPDX-License-Identifier: GPL-2.0-only
/*
 * debug.c - does the driver keep to the rules of streaming DMA?
 *
 * Stands for kernel/dma/debug.c. From map to unmap a buffer is the device's.
 * Each mapping is recorded; one that the device only reads also with a sum of
 * its bytes, which must be the same at unmap. Two mappings of the same bytes
 * are wrong unless the device only reads both. When records run out, no memory
 * is left and further mappings go unchecked.
 */
#include <linux/crc32.h>
#include <linux/device.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <dde.h>
#include <dde_dma.h>

struct mapping {
	struct list_head list;
	struct device *dev;
	dma_addr_t bus;
	size_t bytes;
	enum dma_data_direction dir;
	u32 sum; /* DMA_TO_DEVICE only */
};

bool dde_dma_checked;
void (*dde_dma_broken)(void);
static LIST_HEAD(mappings);

static void broken(struct device *dev, const char *what, dma_addr_t bus,
		   size_t bytes)
{
	if (!dde_dma_broken)
		dde_fatal("%s: DMA buffer 0x%llx, %zu bytes: %s", dev_name(dev),
			  bus, bytes, what);
	dev_err(dev, "DMA buffer 0x%llx, %zu bytes: %s\n", bus, bytes, what);
	dde_dma_broken();
}

static u32 sum_of(dma_addr_t bus, size_t bytes)
{
	return crc32_le(~0u, phys_to_virt(bus), bytes);
}

static void overlap_check(const struct mapping *new)
{
	struct mapping *old;

	list_for_each_entry (old, &mappings, list) {
		if (old->bus >= new->bus + new->bytes ||
		    new->bus >= old->bus + old->bytes)
			continue;
		if (old->dir != DMA_TO_DEVICE || new->dir != DMA_TO_DEVICE)
			broken(new->dev, "mapped twice", new->bus, new->bytes);
		return;
	}
}

void dde_dma_mapped(struct device *dev, dma_addr_t bus, size_t bytes,
		    enum dma_data_direction dir)
{
	struct mapping *new = kmalloc(sizeof(*new), GFP_NOWAIT);

	if (!new)
		return;
	*new = (struct mapping){
		.dev = dev, .bus = bus, .bytes = bytes, .dir = dir
	};
	if (dir == DMA_TO_DEVICE)
		new->sum = sum_of(bus, bytes);
	overlap_check(new);
	list_add(&new->list, &mappings);
}

/* The newest mapping at this address; one of the same size if there is any. */
static struct mapping *mapping_find(dma_addr_t bus, size_t bytes)
{
	struct mapping *mapping, *found = NULL;

	list_for_each_entry (mapping, &mappings, list) {
		if (mapping->bus != bus)
			continue;
		if (mapping->bytes == bytes)
			return mapping;
		found = found ?: mapping;
	}
	return found;
}

void dde_dma_unmapped(struct device *dev, dma_addr_t bus, size_t bytes,
		      enum dma_data_direction dir)
{
	struct mapping *mapping = mapping_find(bus, bytes);

	if (!mapping) {
		broken(dev, "unmapped, but not mapped", bus, bytes);
		return;
	}
	if (mapping->bytes != bytes)
		broken(dev, "unmapped with another size", bus, bytes);
	else if (mapping->dir != dir)
		broken(dev, "unmapped with another direction", bus, bytes);
	else if (dir == DMA_TO_DEVICE && mapping->sum != sum_of(bus, bytes))
		broken(dev, "written while it was the device's", bus, bytes);
	list_del(&mapping->list);
	kfree(mapping);
}
