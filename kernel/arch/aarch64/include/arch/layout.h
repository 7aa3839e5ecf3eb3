/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * layout.h - the kernel's virtual addresses. docs/memory-map.md draws them.
 *
 * All RAM the kernel hands on, and the device pages it uses itself, are mapped
 * at KERNEL_DIRECT + physical address, so that the low 48 bits of a direct-map
 * address are the physical address. The kernel image runs at KERNEL_IMAGE,
 * wherever the boot loader has put it. KERNEL_WINDOW exists only during boot:
 * it shows the device tree before the direct map is built from it.
 *
 * Shared with assembly and the linker script.
 */
#ifndef ARCH_LAYOUT_H
#define ARCH_LAYOUT_H

/* clang-format off */
#define KERNEL_DIRECT		0xffff000000000000
#define KERNEL_IMAGE		0xffffff8000000000
#define KERNEL_IMAGE_BYTES	0x200000 /* one level-3 table maps it       */
#define KERNEL_WINDOW		0xffffff8040000000

#define PAGE_BYTES		4096
#define KERNEL_STACK_BYTES	8192
#define PANIC_STACK_BYTES	4096
#define BOOT_TABLE_PAGES	32     /* most tables the kernel maps with  */

/* Physical space up to here is mapped and handed on: abi.md section 17. */
#define PHYSICAL_TOP		0x10000000000
/* clang-format on */

#ifndef __ASSEMBLY__
#include <stdint.h>

static inline void *phys_to_virt(uint64_t paddr)
{
	return (void *)(paddr | (uint64_t)KERNEL_DIRECT);
}

/* Only for direct-map addresses. */
static inline uint64_t virt_to_phys(const void *ptr)
{
	return (uint64_t)ptr & 0xffffffffffffull;
}
#endif
#endif
