// SPDX-License-Identifier: BSD-2-Clause
/*
 * dma.c - bus addresses: only of memory that the device may see.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <dde.h>
#include "check.h"

static u64 mask = DMA_BIT_MASK(32);
static struct device device = { .dma_mask = &mask,
				.coherent_dma_mask = DMA_BIT_MASK(32),
				.init_name = "check" };

static void heap_is_visible(void)
{
	char *object = kmalloc(100, GFP_KERNEL);
	dma_addr_t bus = dma_map_single(&device, object, 100, DMA_TO_DEVICE);

	CHECK(bus == virt_to_phys(object));
	CHECK(bus >= ARENA_BUS && bus < ARENA_BUS + ARENA_BYTES);
	CHECK(!dma_mapping_error(&device, bus));
	dma_unmap_single(&device, bus, 100, DMA_TO_DEVICE);
	kfree(object);
}

static void coherent_memory(void)
{
	dma_addr_t bus;
	char *memory = dma_alloc_coherent(&device, 5000, &bus, GFP_KERNEL);

	CHECK(memory && bus == virt_to_phys(memory) && !(bus & ~PAGE_MASK));
	CHECK(memory && !memchr_inv(memory, 0, 5000));
	dma_free_coherent(&device, 5000, memory, bus);
	CHECK(!dma_alloc_coherent(&device, ARENA_BYTES * 2, &bus, GFP_KERNEL));
}

static void lent_memory(void)
{
	void *lent = __va(LENT_BUS);

	CHECK(dma_mapping_error(&device, dma_map_single(&device, lent, 64,
							DMA_FROM_DEVICE)));
	dde_pages_lend(LENT_BUS, LENT_BYTES, true);
	CHECK(dma_map_single(&device, lent, 64, DMA_FROM_DEVICE) == LENT_BUS);
	CHECK(page_count(virt_to_page(lent)) == 1);
	CHECK(dma_mapping_error(&device,
				dma_map_single(&device, lent + LENT_BYTES - 1,
					       2, DMA_FROM_DEVICE)));
	dde_pages_lend(LENT_BUS, LENT_BYTES, false);
	CHECK(dma_mapping_error(&device, dma_map_single(&device, lent, 64,
							DMA_FROM_DEVICE)));
}

static void masks(void)
{
	CHECK(!dma_set_mask_and_coherent(&device, DMA_BIT_MASK(64)));
	CHECK(dma_set_mask(&device, DMA_BIT_MASK(24)) == -EIO);
}

/* What a client has lent may lie above what the device reaches. */
static void above_the_mask(void)
{
	dma_addr_t bus;

	dde_pages_lend(LENT_BUS, LENT_BYTES, true);
	mask = LENT_BUS + 99;
	CHECK(dma_map_single(&device, __va(LENT_BUS), 100, DMA_TO_DEVICE) ==
	      LENT_BUS);
	CHECK(!strstr(fake_log, "above what the device reaches"));
	CHECK(dma_mapping_error(&device, dma_map_single(&device, __va(LENT_BUS),
							101, DMA_TO_DEVICE)));
	CHECK(strstr(fake_log, "above what the device reaches, 0x4a000063"));
	mask = DMA_BIT_MASK(32);
	device.bus_dma_limit = LENT_BUS + 99; /* the bus is narrower */
	CHECK(dma_map_single(&device, __va(LENT_BUS), 100, DMA_TO_DEVICE) ==
	      LENT_BUS);
	CHECK(dma_mapping_error(&device, dma_map_single(&device, __va(LENT_BUS),
							101, DMA_TO_DEVICE)));
	device.bus_dma_limit = 0;
	dde_pages_lend(LENT_BUS, LENT_BYTES, false);
	device.coherent_dma_mask = ARENA_BUS;
	CHECK(!dma_alloc_coherent(&device, 64, &bus, GFP_KERNEL));
	device.coherent_dma_mask = DMA_BIT_MASK(32);
}

static void registers(void)
{
	CHECK(ioremap(0x9000010, 16) == (void __iomem *)0x49000010);
	CHECK(!ioremap(0x9000000, 0x1001));
	CHECK(!ioremap(0x8000000, 4));
}

static void check_dma(void)
{
	heap_is_visible();
	coherent_memory();
	lent_memory();
	masks();
	above_the_mask();
	registers();
}
CHECK_GROUP(dma);
