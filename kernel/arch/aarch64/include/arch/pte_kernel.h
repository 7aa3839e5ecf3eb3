/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pte_kernel.h - table descriptors of the kernel's own mappings.
 *
 * All are global, never accessible from EL0 and never executable there. No
 * mapping is both writable and executable.
 * Source: Arm ARM (DDI 0487), "VMSAv8-64 descriptor formats".
 * Read next: pte.h (user mappings)
 */
#ifndef ARCH_PTE_KERNEL_H
#define ARCH_PTE_KERNEL_H

#include <arch/pte.h>

/* clang-format off */
#define PTE_KERNEL_BASE		(PTE_VALID | PTE_AF | PTE_UXN)
#define PTE_KERNEL_NORMAL	(PTE_KERNEL_BASE | PTE_SH_INNER | \
				 PTE_ATTR(MAIR_NORMAL_WB))

#define PTE_KERNEL_TEXT		(PTE_KERNEL_NORMAL | PTE_AP_RO)
#define PTE_KERNEL_RODATA	(PTE_KERNEL_NORMAL | PTE_AP_RO | PTE_PXN)
#define PTE_KERNEL_DATA		(PTE_KERNEL_NORMAL | PTE_PXN)
#define PTE_KERNEL_DEVICE	(PTE_KERNEL_BASE | PTE_PXN | \
				 PTE_ATTR(MAIR_DEVICE_NGNRNE))

#define PTE_PAGE		PTE_TABLE  /* at level 3 the bit means page */
/* clang-format on */

#define TABLE_ENTRIES 512u

/* Where in its table the entry for @vaddr lies, at @level 0..3. */
static inline unsigned int table_index(uint64_t vaddr, unsigned int level)
{
	return vaddr >> (39 - 9 * level) & (TABLE_ENTRIES - 1);
}

/* What one entry at @level covers, in bytes. */
static inline uint64_t level_bytes(unsigned int level)
{
	return 1ull << (39 - 9 * level);
}

#endif
