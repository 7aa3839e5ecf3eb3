/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mmu.h - the kernel's own page tables, as mmu.c and the boot code share them.
 */
#ifndef ARCH_MMU_H
#define ARCH_MMU_H

#include <arch/boot.h>
#include <arch/image.h>

extern unsigned int mmu_tables_used;

/* Table number @index of the area at tables_start. */
static inline uint64_t *mmu_boot_table(unsigned int index)
{
	return (uint64_t *)(tables_start + index * PAGE_BYTES);
}

#endif
