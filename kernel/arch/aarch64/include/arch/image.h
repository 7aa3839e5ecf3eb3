/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * image.h - the parts of the kernel image, as kernel.lds lays them out.
 *
 *   image_start  boot code and constants      RX, handed on after boot
 *   init_data    boot data                    RW, handed on after boot
 *   text_start   resident code                RX
 *   rodata_start constants                    R
 *   data_start   data, bss                    RW
 *   guard page, kernel stack, guard page, panic stack
 *   tables_start the kernel's page tables     RW, unused ones handed on
 *   init_bss     boot-only zeroed data        RW, handed on after boot
 *   image_end
 *
 * All borders are page-aligned, but for bss_start (32 bytes).
 */
#ifndef ARCH_IMAGE_H
#define ARCH_IMAGE_H

#include <arch/layout.h>

extern char image_start[], init_data[], text_start[], rodata_start[];
extern char data_start[], bss_start[], bss_end[], guard_low[], stack_bottom[];
extern char stack_top[], guard_high[], panic_stack_bottom[], panic_stack_top[];
extern char tables_start[], init_bss[], image_end[];

/* Where the boot loader has put image_start. Set by head.S. */
extern uint64_t image_phys;

/* Physical address of something in the image; not for direct-map addresses. */
static inline uint64_t image_virt_to_phys(const void *ptr)
{
	return (uint64_t)ptr - KERNEL_IMAGE + image_phys;
}

#endif
