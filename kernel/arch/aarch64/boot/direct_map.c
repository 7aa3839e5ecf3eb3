/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * direct_map.c - fills the kernel's page tables during boot.
 *
 * Tables come from the fixed area at tables_start, which the image mapping
 * already shows; what is not used is handed on as free memory. Nothing is ever
 * unmapped or changed here, so no TLB maintenance is needed: an invalid entry
 * is never cached (Arm ARM, "TLB maintenance requirements"), and a DSB and ISB
 * make a new one visible.
 */
#include <stddef.h>
#include <arch/boot.h>
#include <arch/image.h>
#include <arch/mmu.h>
#include <arch/pte_kernel.h>
#include <arch/sysreg.h>

static uint64_t window[TABLE_ENTRIES] __attribute__((aligned(4096)));

void *window_map(unsigned int slot, uint64_t paddr, bool device)
{
	uint64_t *level1 = mmu_boot_table(BOOT_TABLE_IMAGE_L1);
	uint64_t offset = paddr & (level_bytes(2) - 1);

	window[slot] = (paddr - offset) |
		       (device ? PTE_KERNEL_DEVICE : PTE_KERNEL_RODATA);
	level1[table_index(KERNEL_WINDOW, 1)] = pte_table(
		image_virt_to_phys(window));
	barrier_dsb_ishst();
	barrier_isb();
	return (void *)(KERNEL_WINDOW + slot * level_bytes(2) + offset);
}

/* A fresh zeroed table, or NULL when the area is used up. */
static uint64_t *table_new(void)
{
	uint64_t *table;
	unsigned int i;

	if (mmu_tables_used == BOOT_TABLE_PAGES)
		return NULL;
	table = mmu_boot_table(mmu_tables_used++);
	for (i = 0; i < TABLE_ENTRIES; i++)
		table[i] = 0;
	return table;
}

/* The table below @entry, made if there is none. */
static uint64_t *table_below(uint64_t *entry)
{
	uint64_t *table;

	if (pte_is_table(*entry))
		return (uint64_t *)(pte_addr(*entry) - image_phys +
				    KERNEL_IMAGE);
	table = table_new();
	if (table)
		*entry = pte_table(image_virt_to_phys(table));
	return table;
}

/* The smallest level whose whole block fits at @start. */
static unsigned int block_level(uint64_t start, uint64_t end)
{
	unsigned int level;

	for (level = 1; level < 3; level++) {
		if (!(start & (level_bytes(level) - 1)) &&
		    end - start >= level_bytes(level))
			return level;
	}
	return 3;
}

static bool map_block(uint64_t paddr, unsigned int level, uint64_t attr)
{
	uint64_t *table = mmu_boot_table(BOOT_TABLE_ROOT);
	uint64_t vaddr = KERNEL_DIRECT | paddr;
	unsigned int l;

	for (l = 0; l < level; l++) {
		table = table_below(&table[table_index(vaddr, l)]);
		if (!table)
			return false;
	}
	table[table_index(vaddr, level)] = paddr | attr |
					   (level == 3 ? PTE_PAGE : 0);
	return true;
}

bool direct_map_add(uint64_t start, uint64_t end, bool device)
{
	uint64_t attr = device ? PTE_KERNEL_DEVICE : PTE_KERNEL_DATA;
	unsigned int level;

	while (start < end) {
		level = block_level(start, end);
		if (!map_block(start, level, attr))
			return false;
		start += level_bytes(level);
	}
	barrier_dsb_ishst();
	barrier_isb();
	return true;
}

uint64_t direct_map_close(void)
{
	return image_virt_to_phys(mmu_boot_table(mmu_tables_used));
}
