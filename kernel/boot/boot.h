/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.h - the C entry of the kernel, called by head.S.
 */
#ifndef BOOT_BOOT_H
#define BOOT_BOOT_H

#include <stdint.h>

/* boot_main - @fdt_paddr: device tree, as the boot loader passed it. */
_Noreturn void boot_main(uint64_t fdt_paddr);

#endif
