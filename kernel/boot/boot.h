/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.h - the C entry of the kernel, called by head.S.
 */
#ifndef BOOT_BOOT_H
#define BOOT_BOOT_H

#include <stdint.h>

/* CNTVCT_EL0 at the kernel's first instructions; head.S writes it. */
extern uint64_t boot_counter;

/* boot_main - @fdt_paddr: device tree, as the boot loader passed it. */
_Noreturn void boot_main(uint64_t fdt_paddr);

#endif
