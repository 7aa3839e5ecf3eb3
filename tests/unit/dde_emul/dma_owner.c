// SPDX-License-Identifier: BSD-2-Clause
/*
 * dma_owner.c - a DMA buffer is the device's between map and unmap.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <dde.h>
#include <dde_pages.h>
#include "check.h"
#include "check_dma.h"

static u64 mask = DMA_BIT_MASK(32);
static struct device device = { .dma_mask = &mask, .init_name = "owner" };
static char *buffer;

static dma_addr_t map(size_t bytes, enum dma_data_direction dir)
{
	return dma_map_single(&device, buffer, bytes, dir);
}

static void unmap(dma_addr_t bus, size_t bytes, enum dma_data_direction dir)
{
	dma_unmap_single(&device, bus, bytes, dir);
}

/* What the device would do. */
static void device_write(dma_addr_t bus, char byte)
{
	*(char *)phys_to_virt(bus) = byte;
}

static void keeping_the_rules(void)
{
	dma_addr_t bus = map(256, DMA_FROM_DEVICE), other;
	struct scatterlist sg;

	device_write(bus + 7, 42);
	unmap(bus, 256, DMA_FROM_DEVICE);
	CHECK(buffer[7] == 42);
	bus = map(256, DMA_TO_DEVICE);
	other = map(128, DMA_TO_DEVICE); /* both only read */
	unmap(bus, 256, DMA_TO_DEVICE);
	unmap(other, 128, DMA_TO_DEVICE);
	sg_init_one(&sg, buffer, 64);
	CHECK(dma_map_sg(&device, &sg, 1, DMA_BIDIRECTIONAL) == 1);
	dma_sync_sg_for_cpu(&device, &sg, 1, DMA_BIDIRECTIONAL);
	buffer[1]++;
	dma_sync_sg_for_device(&device, &sg, 1, DMA_BIDIRECTIONAL);
	dma_unmap_sg(&device, &sg, 1, DMA_BIDIRECTIONAL);
	CHECK(check_dma_fine());
}

static void breaking_them(void)
{
	dma_addr_t bus = map(256, DMA_FROM_DEVICE), other;

	other = map(64, DMA_TO_DEVICE);
	CHECK(check_dma_told("mapped twice"));
	unmap(other, 64, DMA_TO_DEVICE);
	unmap(bus, 128, DMA_FROM_DEVICE);
	CHECK(check_dma_told("another size"));
	unmap(bus, 128, DMA_FROM_DEVICE);
	CHECK(check_dma_told("not mapped"));
	bus = map(256, DMA_FROM_DEVICE);
	unmap(bus, 256, DMA_TO_DEVICE);
	CHECK(check_dma_told("another direction"));
	bus = map(256, DMA_TO_DEVICE);
	buffer[9]++;
	unmap(bus, 256, DMA_TO_DEVICE);
	CHECK(check_dma_told("written while"));
}

/* A mapping that is only read lies between the new one and the one it hits. */
static void overlap_behind_an_innocent(void)
{
	dma_addr_t written, first, second;

	written = dma_map_single(&device, buffer + 128, 64, DMA_FROM_DEVICE);
	first = map(64, DMA_TO_DEVICE);
	second = map(256, DMA_TO_DEVICE);
	CHECK(check_dma_told("mapped twice"));
	unmap(second, 256, DMA_TO_DEVICE);
	unmap(first, 64, DMA_TO_DEVICE);
	unmap(written, 64, DMA_FROM_DEVICE);
	CHECK(check_dma_fine());
}

static void written_too_early(enum dma_data_direction dir)
{
	dma_addr_t bus = map(256, dir);

	device_write(bus + 3, 1);
	buffer[200]++;
	unmap(bus, 256, dir);
	CHECK(check_dma_told("written while"));
	CHECK(buffer[3] == 1);
}

static void syncs_pass_ownership(void)
{
	dma_addr_t bus = map(256, DMA_FROM_DEVICE);

	device_write(bus + 70, 5);
	CHECK(buffer[70] != 5); /* too early to look */
	dma_sync_single_range_for_cpu(&device, bus, 64, 64, DMA_FROM_DEVICE);
	CHECK(buffer[70] == 5);
	buffer[70] = 6;
	CHECK(check_dma_fine());
	dma_sync_single_range_for_device(&device, bus, 64, 64, DMA_FROM_DEVICE);
	buffer[70] = 7;
	dma_sync_single_for_cpu(&device, bus, 256, DMA_FROM_DEVICE);
	CHECK(check_dma_told("written while"));
	unmap(bus, 256, DMA_FROM_DEVICE);
	CHECK(check_dma_fine());
}

static void syncs_of_other_bytes(void)
{
	dma_addr_t bus = map(256, DMA_TO_DEVICE);

	dma_sync_single_for_cpu(&device, bus, 256, DMA_FROM_DEVICE);
	CHECK(check_dma_told("synced with another direction"));
	dma_sync_single_for_device(&device, bus + 200, 57, DMA_TO_DEVICE);
	CHECK(check_dma_told("not inside a mapping"));
	dma_sync_single_for_cpu(&device, bus - 1, 2, DMA_TO_DEVICE);
	CHECK(check_dma_told("not inside a mapping"));
	dma_sync_single_for_cpu(&device, bus, 256, DMA_TO_DEVICE);
	buffer[0]++;
	dma_sync_single_for_device(&device, bus, 256, DMA_TO_DEVICE);
	unmap(bus, 256, DMA_TO_DEVICE);
	CHECK(check_dma_fine());
}

/* Who maps without sync owns all until a sync passes a part on. */
static void parts_of_a_page(void)
{
	dma_addr_t bus = dma_map_single_attrs(&device, buffer, 512,
					      DMA_FROM_DEVICE,
					      DMA_ATTR_SKIP_CPU_SYNC);

	buffer[0]++;
	dma_sync_single_for_device(&device, bus, 128, DMA_FROM_DEVICE);
	buffer[128]++;
	CHECK(check_dma_fine());
	buffer[127]++;
	dma_unmap_single_attrs(&device, bus, 512, DMA_FROM_DEVICE,
			       DMA_ATTR_SKIP_CPU_SYNC);
	CHECK(check_dma_told("written while"));
}

/* Two ranges that touch are one: both are judged. */
static void parts_that_touch(unsigned int first, unsigned int second)
{
	dma_addr_t bus = dma_map_single_attrs(&device, buffer, 512,
					      DMA_FROM_DEVICE,
					      DMA_ATTR_SKIP_CPU_SYNC);

	dma_sync_single_for_device(&device, bus + first, 128, DMA_FROM_DEVICE);
	dma_sync_single_for_device(&device, bus + second, 128, DMA_FROM_DEVICE);
	buffer[first]++;
	dma_unmap_single_attrs(&device, bus, 512, DMA_FROM_DEVICE,
			       DMA_ATTR_SKIP_CPU_SYNC);
	CHECK(check_dma_told("written while"));
}

/* A client may write what it has lent, and lend it twice. */
static void lent_is_the_clients(void)
{
	char *lent = __va(LENT_BUS);
	dma_addr_t first, second;

	dde_pages_lend(LENT_BUS, LENT_BYTES, true);
	first = dma_map_single(&device, lent, 64, DMA_TO_DEVICE);
	second = dma_map_single(&device, lent, 64, DMA_FROM_DEVICE);
	CHECK(first == LENT_BUS && second == LENT_BUS);
	lent[5]++;
	dma_unmap_single(&device, second, 64, DMA_FROM_DEVICE);
	dma_unmap_single(&device, first, 64, DMA_TO_DEVICE);
	CHECK(check_dma_fine());
	dde_pages_lend(LENT_BUS, LENT_BYTES, false);
}

/* Copies lie in their pages as the buffer does; they take half of the arena. */
static void copies(void)
{
	char *data = (char *)kmalloc(3 * PAGE_SIZE, GFP_KERNEL) + 100;
	dma_addr_t bus[ARENA_BYTES / PAGE_SIZE / 2];
	unsigned int n = 0, left;

	do {
		bus[n] = dma_map_single(&device, data, PAGE_SIZE,
					DMA_TO_DEVICE);
	} while (bus[n] != virt_to_phys(data) && ++n < ARRAY_SIZE(bus));
	CHECK(n > 4 && n <= ARENA_BYTES / PAGE_SIZE / 4);
	CHECK(offset_in_page(bus[0]) == offset_in_page(data));
	for (left = n + 1; left; left--)
		dma_unmap_single(&device, bus[left - 1], PAGE_SIZE,
				 DMA_TO_DEVICE);
	bus[0] = dma_map_single(&device, data, PAGE_SIZE, DMA_TO_DEVICE);
	CHECK(bus[0] != virt_to_phys(data));
	dma_unmap_single(&device, bus[0], PAGE_SIZE, DMA_TO_DEVICE);
	kfree(data - 100);
	CHECK(check_dma_fine());
}

static void check_dma_owner(void)
{
	CHECK(!dma_need_sync(&device, 0)); /* coherent, and nobody looks */
	buffer = kzalloc(512, GFP_KERNEL);
	check_dma_begin();
	CHECK(dma_need_sync(&device, 0));
	keeping_the_rules();
	breaking_them();
	overlap_behind_an_innocent();
	written_too_early(DMA_FROM_DEVICE);
	written_too_early(DMA_BIDIRECTIONAL);
	syncs_pass_ownership();
	syncs_of_other_bytes();
	parts_of_a_page();
	parts_that_touch(0, 128);
	parts_that_touch(128, 0);
	lent_is_the_clients();
	copies();
	check_dma_end();
	kfree(buffer);
}
CHECK_GROUP(dma_owner);
