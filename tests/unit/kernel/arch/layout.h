/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * layout.h - the host's stand-in for the kernel's memory layout.
 *
 * The direct map begins at 0, so a physical address is a host pointer. Shadows
 * kernel/arch/aarch64/include/arch/layout.h by the order of -I; context.h and
 * pte.h of that folder are plain C and are used as they are.
 */
#ifndef ARCH_LAYOUT_H
#define ARCH_LAYOUT_H

#include <stdint.h>

#define KERNEL_DIRECT 0
#define PAGE_BYTES    4096

static inline void *phys_to_virt(uint64_t paddr)
{
	return (void *)paddr;
}

static inline uint64_t virt_to_phys(const void *ptr)
{
	return (uint64_t)ptr;
}

#endif
