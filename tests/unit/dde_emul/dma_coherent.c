// SPDX-License-Identifier: BSD-2-Clause
/*
 * dma_coherent.c - memory of the DMA API and its pools: freed once, whole, and
 * before the driver goes; and the switch of the checker for these groups.
 */
#include <linux/device.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <dde_dma.h>
#include "check.h"
#include "check_dma.h"

#define BLOCKS (2 * PAGE_SIZE / 96)

static u64 mask = DMA_BIT_MASK(32);
static struct device device = { .dma_mask = &mask,
				.coherent_dma_mask = DMA_BIT_MASK(32),
				.init_name = "coherent" };
static unsigned int rules_broken;
static bool checked_before;

static void count_broken(void)
{
	rules_broken++;
}

void check_dma_begin(void)
{
	checked_before = dde_dma_checked;
	dde_dma_checked = true;
	dde_dma_broken = count_broken;
	rules_broken = 0;
	fake_log_clear();
}

void check_dma_end(void)
{
	dde_dma_broken = NULL;
	dde_dma_checked = checked_before;
}

bool check_dma_told(const char *what)
{
	bool good = rules_broken == 1 && strstr(fake_log, what);

	rules_broken = 0;
	fake_log_clear();
	return good;
}

bool check_dma_fine(void)
{
	return !rules_broken;
}

static void freed_wrongly(void)
{
	dma_addr_t bus;
	void *memory = dma_alloc_coherent(&device, 5000, &bus, GFP_KERNEL);

	dma_free_coherent(&device, 4000, memory, bus);
	CHECK(check_dma_told("another size"));
	dma_free_coherent(&device, 5000, memory, bus + 64);
	CHECK(check_dma_told("another bus address"));
	dma_free_coherent(&device, 5000, memory, bus);
	CHECK(check_dma_fine());
	dma_free_coherent(&device, 5000, memory, bus);
	CHECK(check_dma_told("freed, but not allocated"));
}

/* All different, aligned, none across a border; the pool grows. */
static void pool_of_blocks(void)
{
	struct dma_pool *pool = dma_pool_create("blocks", &device, 90, 32, 256);
	static void *blocks[BLOCKS];
	static dma_addr_t buses[BLOCKS];
	unsigned int i;

	for (i = 0; i < BLOCKS; i++) {
		blocks[i] = dma_pool_zalloc(pool, GFP_KERNEL, &buses[i]);
		CHECK(blocks[i] && virt_to_phys(blocks[i]) == buses[i]);
		CHECK(!(buses[i] % 32) && buses[i] % 256 <= 256 - 96);
		CHECK(!memchr_inv(blocks[i], 0, 90));
		memset(blocks[i], 0xee, 90);
	}
	for (i = 1; i < BLOCKS; i++)
		CHECK(blocks[i] != blocks[i - 1]);
	for (i = 0; i < BLOCKS; i++)
		dma_pool_free(pool, blocks[i], buses[i]);
	dma_pool_destroy(pool);
	CHECK(check_dma_fine());
}

static void pools_refused(void)
{
	struct dma_pool *exact;

	CHECK(!dma_pool_create("none", &device, 0, 0, 0));
	CHECK(!dma_pool_create("odd", &device, 64, 24, 0));
	CHECK(!dma_pool_create("small", &device, 64, 64, 32));
	exact = dma_pool_create("exact", &device, 64, 64, 64);
	CHECK(exact);
	dma_pool_destroy(exact);
	dma_pool_destroy(NULL);
}

static void pools_confused(void)
{
	struct dma_pool *one = dma_pool_create("one", &device, 64, 64, 0);
	struct dma_pool *two = dma_pool_create("two", &device, 64, 64, 0);
	dma_addr_t bus, other;
	void *block = dma_pool_alloc(one, GFP_KERNEL, &bus);
	void *left = dma_pool_alloc(one, GFP_KERNEL, &other);

	dma_pool_free(two, block, bus);
	CHECK(check_dma_told("another pool"));
	dma_pool_free(one, block, bus);
	dma_pool_free(one, block, bus);
	CHECK(check_dma_told("freed, but not allocated"));
	dma_pool_destroy(two);
	CHECK(left && check_dma_fine());
	dma_pool_destroy(one);
	CHECK(strstr(fake_log, "one destroyed with 1 blocks used"));
	CHECK(check_dma_told("still in use"));
	arch_teardown_dma_ops(&device); /* the memory of that block */
	CHECK(check_dma_told("not freed by the driver's remove"));
	free_pages_exact((void *)((unsigned long)left & PAGE_MASK), PAGE_SIZE);
}

/* What the driver core calls when a driver leaves its device. */
static void left_behind(void)
{
	char *buffer = kmalloc(64, GFP_KERNEL);
	dma_addr_t bus;
	void *left = dma_alloc_coherent(&device, 100, &bus, GFP_KERNEL);

	arch_teardown_dma_ops(&device);
	CHECK(left && check_dma_told("not freed by the driver's remove"));
	free_pages_exact(left, PAGE_SIZE);
	dma_map_single(&device, buffer, 64, DMA_TO_DEVICE);
	arch_teardown_dma_ops(&device);
	CHECK(check_dma_told("still mapped after"));
	arch_teardown_dma_ops(&device);
	CHECK(check_dma_fine());
	kfree(buffer);
}

/* A managed pool goes with its driver, or before. */
static void managed(void)
{
	struct device *dev = root_device_register("managed");
	struct dma_pool *one, *two;
	dma_addr_t bus;

	dev->coherent_dma_mask = DMA_BIT_MASK(32);
	one = dmam_pool_create("one", dev, 64, 64, 0);
	two = dmam_pool_create("two", dev, 64, 64, 0);
	CHECK(one && two);
	dma_pool_free(one, dma_pool_alloc(one, GFP_KERNEL, &bus), bus);
	dmam_pool_destroy(one);
	arch_teardown_dma_ops(dev);
	CHECK(check_dma_fine());
	dma_pool_free(two, dma_pool_alloc(two, GFP_KERNEL, &bus), bus);
	get_device(dev);
	root_device_unregister(dev);
	arch_teardown_dma_ops(dev);
	CHECK(check_dma_fine());
	put_device(dev);
}

/* What is left of managed memory goes with its device; freed twice is told. */
static void managed_memory(void)
{
	struct device *dev = root_device_register("memory");
	dma_addr_t bus[2];
	void *memory[2];
	unsigned int i;

	dev->coherent_dma_mask = DMA_BIT_MASK(32);
	for (i = 0; i < 2; i++) {
		memory[i] = dmam_alloc_coherent(dev, 5000, &bus[i], GFP_KERNEL);
		CHECK(memory[i] && virt_to_phys(memory[i]) == bus[i]);
		CHECK(!memchr_inv(memory[i], 0, 5000));
	}
	dmam_free_coherent(dev, 5000, memory[1], bus[1]);
	dmam_free_coherent(dev, 5000, memory[1], bus[1]);
	CHECK(strstr(fake_log, "WARNING") && check_dma_fine());
	CHECK(!dmam_alloc_coherent(dev, ARENA_BYTES, bus, GFP_KERNEL));
	get_device(dev);
	root_device_unregister(dev);
	arch_teardown_dma_ops(dev);
	CHECK(check_dma_fine());
	put_device(dev);
}

static void check_dma_coherent(void)
{
	pool_of_blocks();
	check_dma_begin();
	freed_wrongly();
	pool_of_blocks();
	pools_refused();
	pools_confused();
	left_behind();
	managed();
	managed_memory();
	check_dma_end();
}
CHECK_GROUP(dma_coherent);
