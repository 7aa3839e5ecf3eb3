/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.c - what must hold of the kernel's own page tables (debug builds).
 *
 * No mapping of the kernel half is accessible from EL0 or executable there,
 * none is writable and executable, the resident text has no writable alias in
 * the direct map, and the guard pages of the stacks are not mapped. Tables lie in the image, at tables_start.
 * Read next: docs/memory-map.md, core/check.h
 */
#include <arch/image.h>
#include <arch/mmu.h>
#include <arch/pte_kernel.h>
#include <core/arch.h>
#include <core/check.h>

/* Does the block at @paddr share a byte with the resident text? */
static bool shows_text(uint64_t paddr, unsigned int level)
{
	return paddr < image_virt_to_phys(rodata_start) &&
	       image_virt_to_phys(text_start) < paddr + level_bytes(level);
}

static void check_leaf(const uint64_t *entry, unsigned int level)
{
	uint64_t e = *entry;
	bool writable = !(e & PTE_AP_RO);

	check_that(!(e & PTE_AP_EL0) && (e & PTE_UXN),
		   "check: kernel mapping that EL0 may use", entry, e, level);
	check_that(!writable || (e & PTE_PXN),
		   "check: kernel mapping is writable and executable", entry, e,
		   level);
	check_that(!writable || !shows_text(pte_addr(e), level),
		   "check: kernel text can be written", entry, e, level);
}

/* At most four levels deep. */
static void check_table(const uint64_t *entries, unsigned int level)
{
	unsigned int i;

	for (i = 0; i < TABLE_ENTRIES; i++) {
		if (!pte_valid(entries[i]))
			continue;
		if (level == 3 || !pte_is_table(entries[i]))
			check_leaf(&entries[i], level);
		else
			check_table((const uint64_t *)(pte_addr(entries[i]) -
						       image_phys +
						       KERNEL_IMAGE),
				    level + 1);
	}
}

/* Below the kernel stack and below the panic stack nothing is mapped. */
static void check_guard(const char *page)
{
	const uint64_t *pages = mmu_boot_table(BOOT_TABLE_IMAGE_L3);
	uint64_t entry = pages[table_index((uint64_t)page, 3)];

	check_that(!pte_valid(entry), "check: guard page is mapped", page,
		   entry, 0);
}

void arch_check_kernel_map(void)
{
	check_guard(guard_low);
	check_guard(guard_high);
	check_table(mmu_boot_table(BOOT_TABLE_ROOT), 0);
}
