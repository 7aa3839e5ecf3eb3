/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pte.h - AArch64 stage-1 table descriptors for user mappings, 4 KiB granule.
 *
 * Source: Arm ARM (DDI 0487), "VMSAv8-64 translation table format
 * descriptors". MAIR indices are set up by mmu.c.
 */
#ifndef ARCH_PTE_H
#define ARCH_PTE_H

#include <stdbool.h>
#include <stdint.h>

/* clang-format off */
#define PTE_VALID	(1ull << 0)
#define PTE_TABLE	(1ull << 1)  /* level 0..2: table; level 3: page   */
#define PTE_ATTR(i)	((uint64_t)(i) << 2)
#define PTE_AP_EL0	(1ull << 6)
#define PTE_AP_RO	(1ull << 7)
#define PTE_SH_INNER	(3ull << 8)
#define PTE_AF		(1ull << 10)
#define PTE_NG		(1ull << 11)
#define PTE_PXN		(1ull << 53)
#define PTE_UXN		(1ull << 54)
#define PTE_ADDR	0x0000fffffffff000ull

#define MAIR_DEVICE_NGNRNE	0
#define MAIR_NORMAL_WB		1
#define MAIR_NORMAL_NC		2
/* clang-format on */

static inline bool pte_valid(uint64_t entry)
{
	return entry & PTE_VALID;
}

/* At levels 0..2: does the entry point to another table? */
static inline bool pte_is_table(uint64_t entry)
{
	return (entry & (PTE_VALID | PTE_TABLE)) == (PTE_VALID | PTE_TABLE);
}

static inline uint64_t pte_addr(uint64_t entry)
{
	return entry & PTE_ADDR;
}

static inline uint64_t pte_table(uint64_t paddr)
{
	return paddr | PTE_VALID | PTE_TABLE;
}

/*
 * A user leaf at @level 1..3. @rights: ABI_RIGHT_READ, ABI_RIGHT_WRITE; without
 * READ only the kernel may access it. Never executable by the kernel.
 */
static inline uint64_t pte_leaf(uint64_t paddr, unsigned int level,
				unsigned int rights, unsigned int attr)
{
	uint64_t pte = paddr | PTE_VALID | PTE_AF | PTE_NG | PTE_PXN;

	if (level == 3)
		pte |= PTE_TABLE;
	if (rights & 2)
		pte |= PTE_AP_EL0;
	if ((rights & 3) != 3)
		pte |= PTE_AP_RO;
	if (attr & 4)
		pte |= PTE_UXN;
	if (attr & 1)
		pte |= PTE_ATTR(MAIR_NORMAL_WB) | PTE_SH_INNER;
	return pte;
}

static inline bool pte_user_writable(uint64_t entry)
{
	return (entry & (PTE_AP_EL0 | PTE_AP_RO)) == PTE_AP_EL0;
}

#endif
