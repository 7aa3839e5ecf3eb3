// SPDX-License-Identifier: GPL-2.0-only
/*
 * debug.c - does the driver keep to the rules of streaming DMA?
 *
 * Stands for kernel/dma/debug.c. From map to unmap a buffer is the device's, but
 * for what the sync calls pass to and fro. The device's bytes of a mapping are
 * one range, [from, to), whose sum must stay the same; where calls would leave
 * two, the checker knows of one only, so that it never accuses wrongly.
 * The device is given a copy of the buffer (swiotlb.c), so that the sum judges
 * the driver alone; reading a received buffer too early shows old bytes. If there
 * is no room for a copy, what is written into the buffer is not judged: QEMU's
 * e1000e, for one, puts checksums into frames that it is only to read.
 * Two mappings of the same bytes are wrong unless the device only reads both.
 *
 * What a client has lent it may write and lend twice; its mappings are judged by
 * address, size and direction only. When records run out, no memory is left and
 * further mappings go unchecked.
 */
#include <linux/crc32.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <dde.h>
#include <dde_dma.h>
#include <dde_pages.h>
#include <kit.h>

struct mapping {
	struct list_head list;
	struct device *dev;
	phys_addr_t memory; /* the driver's bytes */
	dma_addr_t bus;	    /* the device's: the same, or a copy */
	size_t bytes;
	size_t from, to; /* what the device owns: offsets */
	enum dma_data_direction dir;
	u32 sum; /* of [from, to) in the driver's bytes, if there is a copy */
};

bool dde_dma_checked;
void (*dde_dma_broken)(void);
static LIST_HEAD(mappings);

/* Mappings that found no room for a record. */
static unsigned long unrecorded;

void dde_dma_accuse(struct device *dev, u64 bus, size_t bytes, const char *what)
{
	if (!dde_dma_broken)
		dde_fatal("%s %s: DMA memory 0x%llx, %zu bytes: %s",
			  dev_driver_string(dev), dev_name(dev), bus, bytes,
			  what);
	dev_err(dev, "DMA memory 0x%llx, %zu bytes: %s\n", bus, bytes, what);
	dde_dma_broken();
}

static bool copied(const struct mapping *mapping)
{
	return mapping->bus != mapping->memory;
}

static u32 sum_of(const struct mapping *mapping)
{
	return crc32_le(~0u, phys_to_virt(mapping->memory + mapping->from),
			mapping->to - mapping->from);
}

static void sum_check(const struct mapping *mapping)
{
	if (copied(mapping) && mapping->sum != sum_of(mapping))
		dde_dma_accuse(mapping->dev, mapping->memory, mapping->bytes,
			       "written while it was the device's; unmap it or "
			       "call dma_sync_*_for_cpu first");
}

/* From now on the device owns [from, to) of the mapping. */
static void range_set(struct mapping *mapping, size_t from, size_t to)
{
	mapping->from = from;
	mapping->to = max(from, to);
	if (copied(mapping))
		mapping->sum = sum_of(mapping);
}

/* Of two separate ranges the new one counts. */
static void range_add(struct mapping *mapping, size_t from, size_t to)
{
	if (from > mapping->to || to < mapping->from)
		range_set(mapping, from, to);
	else
		range_set(mapping, min(from, mapping->from),
			  max(to, mapping->to));
}

/* Of what is left before and behind, the part before counts. */
static void range_drop(struct mapping *mapping, size_t from, size_t to)
{
	if (to <= mapping->from || from >= mapping->to)
		return;
	if (from > mapping->from)
		range_set(mapping, mapping->from, from);
	else
		range_set(mapping, to, mapping->to);
}

static void copy_to_device(const struct mapping *mapping, size_t from,
			   size_t bytes)
{
	if (copied(mapping))
		memcpy(phys_to_virt(mapping->bus + from),
		       phys_to_virt(mapping->memory + from), bytes);
}

static void copy_to_driver(const struct mapping *mapping, size_t from,
			   size_t bytes)
{
	if (copied(mapping) && mapping->dir != DMA_TO_DEVICE)
		memcpy(phys_to_virt(mapping->memory + from),
		       phys_to_virt(mapping->bus + from), bytes);
}

static bool overlap(const struct mapping *a, const struct mapping *b)
{
	return a->memory < b->memory + b->bytes &&
	       b->memory < a->memory + a->bytes;
}

static void overlap_check(const struct mapping *new)
{
	struct mapping *old;

	list_for_each_entry (old, &mappings, list) {
		if (!overlap(old, new) ||
		    (old->dir == DMA_TO_DEVICE && new->dir == DMA_TO_DEVICE))
			continue;
		dde_dma_accuse(new->dev, new->memory, new->bytes,
			       "mapped twice; unmap it first");
		return;
	}
}

/* The driver's own memory: judge its bytes too, if there is room for a copy. */
static void mapping_judge(struct mapping *new)
{
	dma_addr_t copy;

	overlap_check(new);
	copy = dde_dma_copy_make(new->memory, new->bytes);
	if (!copy) {
		++*kit_counter(KIT_COUNTER_EVENT,
			       "DMA mappings without a copy");
		return;
	}
	new->bus = copy;
	copy_to_device(new, 0, new->bytes);
}

dma_addr_t dde_dma_mapped(struct device *dev, phys_addr_t memory, size_t bytes,
			  enum dma_data_direction dir, unsigned long attrs)
{
	struct mapping *new = kmalloc(sizeof(*new), GFP_NOWAIT);

	++*kit_counter(KIT_COUNTER_EVENT, "DMA mappings checked");
	if (!new) {
		unrecorded++;
		return memory;
	}
	*new = (struct mapping){ .dev = dev,
				 .memory = memory,
				 .bus = memory,
				 .bytes = bytes,
				 .dir = dir };
	if (dde_pages_own(phys_to_virt(memory)))
		mapping_judge(new);
	/* Who skips the sync passes the bytes on by sync calls, part by part. */
	range_set(new, 0, attrs & DMA_ATTR_SKIP_CPU_SYNC ? 0 : bytes);
	list_add(&new->list, &mappings);
	return new->bus;
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

static void mapping_end(struct mapping *mapping)
{
	if (copied(mapping))
		dde_dma_copy_free(mapping->bus, mapping->bytes);
	list_del(&mapping->list);
	kfree(mapping);
}

void dde_dma_unmapped(struct device *dev, dma_addr_t bus, size_t bytes,
		      enum dma_data_direction dir, unsigned long attrs)
{
	struct mapping *mapping = mapping_find(bus, bytes);

	if (!mapping && unrecorded) {
		unrecorded--;
		return;
	}
	if (!mapping) {
		dde_dma_accuse(dev, bus, bytes,
			       "unmapped, but not mapped; unmap once, by the "
			       "address that dma_map_* gave");
		return;
	}
	if (mapping->bytes != bytes)
		dde_dma_accuse(dev, bus, bytes,
			       "unmapped with another size than mapped");
	else if (mapping->dir != dir)
		dde_dma_accuse(dev, bus, bytes,
			       "unmapped with another direction than mapped");
	else
		sum_check(mapping);
	if (!(attrs & DMA_ATTR_SKIP_CPU_SYNC))
		copy_to_driver(mapping, mapping->from,
			       mapping->to - mapping->from);
	mapping_end(mapping);
}

/* The mapping that holds all these bytes. */
static struct mapping *mapping_around(dma_addr_t bus, size_t bytes)
{
	struct mapping *mapping;

	list_for_each_entry (mapping, &mappings, list) {
		if (bus >= mapping->bus && bytes <= mapping->bytes &&
		    bus - mapping->bus <= mapping->bytes - bytes)
			return mapping;
	}
	return NULL;
}

static void range_pass(struct mapping *mapping, size_t from, size_t bytes,
		       bool to_device)
{
	sum_check(mapping);
	if (to_device) {
		copy_to_device(mapping, from, bytes);
		range_add(mapping, from, from + bytes);
	} else {
		copy_to_driver(mapping, from, bytes);
		range_drop(mapping, from, from + bytes);
	}
}

void dde_dma_synced(struct device *dev, dma_addr_t bus, size_t bytes,
		    enum dma_data_direction dir, bool to_device)
{
	struct mapping *mapping = mapping_around(bus, bytes);

	if (!mapping && unrecorded)
		return;
	if (!mapping)
		dde_dma_accuse(dev, bus, bytes,
			       "synced, but not inside a mapping; sync only "
			       "bytes that are mapped");
	else if (mapping->dir != dir && mapping->dir != DMA_BIDIRECTIONAL)
		dde_dma_accuse(dev, bus, bytes,
			       "synced with another direction than mapped");
	else
		range_pass(mapping, bus - mapping->bus, bytes, to_device);
}

void dde_dma_streaming_left(struct device *dev)
{
	struct mapping *mapping, *next;

	list_for_each_entry_safe (mapping, next, &mappings, list) {
		if (mapping->dev != dev)
			continue;
		dde_dma_accuse(dev, mapping->memory, mapping->bytes,
			       "still mapped after the driver's remove; unmap "
			       "it there");
		mapping_end(mapping);
	}
}
