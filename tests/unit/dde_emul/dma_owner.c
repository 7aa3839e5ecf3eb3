// SPDX-License-Identifier: BSD-2-Clause
/*
 * dma_owner.c - a DMA buffer is the device's between map and unmap.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <dde_dma.h>
#include "check.h"

static u64 mask = DMA_BIT_MASK(32);
static struct device device = { .dma_mask = &mask, .init_name = "owner" };
static unsigned int rules_broken;
static char *buffer;

static void count_broken(void)
{
	rules_broken++;
}

/* Was exactly one rule broken since the last look, and said so? */
static bool told(const char *what)
{
	bool good = rules_broken == 1 && strstr(fake_log, what);

	rules_broken = 0;
	fake_log_clear();
	return good;
}

static dma_addr_t map(size_t bytes, enum dma_data_direction dir)
{
	return dma_map_single(&device, buffer, bytes, dir);
}

static void unmap(dma_addr_t bus, size_t bytes, enum dma_data_direction dir)
{
	dma_unmap_single(&device, bus, bytes, dir);
}

static void keeping_the_rules(void)
{
	dma_addr_t bus = map(256, DMA_FROM_DEVICE), other;
	struct scatterlist sg;

	buffer[7]++; /* as the device may */
	unmap(bus, 256, DMA_FROM_DEVICE);
	bus = map(256, DMA_TO_DEVICE);
	other = map(128, DMA_TO_DEVICE); /* both only read */
	unmap(bus, 256, DMA_TO_DEVICE);
	unmap(other, 128, DMA_TO_DEVICE);
	sg_init_one(&sg, buffer, 64);
	CHECK(dma_map_sg(&device, &sg, 1, DMA_BIDIRECTIONAL) == 1);
	dma_unmap_sg(&device, &sg, 1, DMA_BIDIRECTIONAL);
	CHECK(!rules_broken);
}

static void breaking_them(void)
{
	dma_addr_t bus = map(256, DMA_FROM_DEVICE);

	map(64, DMA_TO_DEVICE);
	CHECK(told("mapped twice"));
	unmap(bus, 64, DMA_TO_DEVICE);
	unmap(bus, 128, DMA_FROM_DEVICE);
	CHECK(told("another size"));
	unmap(bus, 128, DMA_FROM_DEVICE);
	CHECK(told("not mapped"));
	bus = map(256, DMA_FROM_DEVICE);
	unmap(bus, 256, DMA_TO_DEVICE);
	CHECK(told("another direction"));
	bus = map(256, DMA_TO_DEVICE);
	buffer[9]++;
	unmap(bus, 256, DMA_TO_DEVICE);
	CHECK(told("written while"));
}

static void check_dma_owner(void)
{
	bool before = dde_dma_checked;

	buffer = kzalloc(512, GFP_KERNEL);
	dde_dma_checked = true;
	dde_dma_broken = count_broken;
	fake_log_clear();
	keeping_the_rules();
	breaking_them();
	dde_dma_broken = NULL;
	dde_dma_checked = before;
	kfree(buffer);
}
CHECK_GROUP(dma_owner);
