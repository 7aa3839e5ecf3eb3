/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * early_map.c - the first page tables, built while the MMU is off.
 *
 * Runs at its physical address: symbols reached relative to the PC are
 * physical, while addresses stored in `parts` are the linker's virtual ones.
 * Compiled with -mstrict-align, because memory is Device memory until then.
 *
 * The first pages of the table area get fixed uses (enum boot_table), the
 * rest is taken by direct_map.c.
 */
#include <arch/boot.h>
#include <arch/image.h>
#include <arch/pte_kernel.h>

struct part {
	const char *start;
	const char *end;
	uint64_t attr;
};

/* Guard pages are left out, so that a stack overflow faults. */
static const struct part parts[] = {
	{ image_start, init_data, PTE_KERNEL_TEXT },
	{ init_data, text_start, PTE_KERNEL_DATA },
	{ text_start, rodata_start, PTE_KERNEL_TEXT },
	{ rodata_start, data_start, PTE_KERNEL_RODATA },
	{ data_start, guard_low, PTE_KERNEL_DATA },
	{ stack_bottom, stack_top, PTE_KERNEL_DATA },
	{ panic_stack_bottom, panic_stack_top, PTE_KERNEL_DATA },
	{ tables_start, image_end, PTE_KERNEL_DATA },
};

/* Identity map: level 0 and 1, and a level 2 with one 2 MiB block. */
static uint64_t identity[3][TABLE_ENTRIES] __attribute__((aligned(4096)));

static uint64_t early_identity(void)
{
	uint64_t here = image_phys;

	identity[0][table_index(here, 0)] = pte_table((uint64_t)identity[1]);
	identity[1][table_index(here, 1)] = pte_table((uint64_t)identity[2]);
	identity[2][table_index(here, 2)] = (here & ~(level_bytes(2) - 1)) |
					    PTE_KERNEL_TEXT;
	return (uint64_t)identity[0];
}

static void early_part(uint64_t *pages, const struct part *part)
{
	uint64_t vaddr;

	for (vaddr = (uint64_t)part->start; vaddr < (uint64_t)part->end;
	     vaddr += PAGE_BYTES)
		pages[table_index(vaddr, 3)] = (vaddr - KERNEL_IMAGE +
						image_phys) |
					       part->attr | PTE_PAGE;
}

/**
 * early_map - build the kernel image's mapping and an identity map.
 *
 * Return: physical address of the identity map's root, for TTBR0.
 */
uint64_t early_map(void)
{
	uint64_t(*table)[TABLE_ENTRIES] =
		(uint64_t(*)[TABLE_ENTRIES])tables_start;
	unsigned int i;

	for (i = 0; i < BOOT_TABLES_FIXED * TABLE_ENTRIES; i++)
		table[0][i] = 0;
	table[BOOT_TABLE_ROOT][table_index(KERNEL_IMAGE, 0)] = pte_table(
		(uint64_t)table[BOOT_TABLE_IMAGE_L1]);
	table[BOOT_TABLE_IMAGE_L1][table_index(KERNEL_IMAGE, 1)] = pte_table(
		(uint64_t)table[BOOT_TABLE_IMAGE_L2]);
	table[BOOT_TABLE_IMAGE_L2][table_index(KERNEL_IMAGE, 2)] = pte_table(
		(uint64_t)table[BOOT_TABLE_IMAGE_L3]);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		early_part(table[BOOT_TABLE_IMAGE_L3], &parts[i]);
	return early_identity();
}
