/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * platform.h - the board: debug UART and power, set up from the device tree.
 *
 * platform_putchar and platform_off, which the rest calls, are in core/arch.h.
 */
#ifndef PLATFORM_PLATFORM_H
#define PLATFORM_PLATFORM_H

#include <stdbool.h>

/*
 * Where the debug UART is tried before the device tree is known, so that a
 * machine without device tree can still say so. QEMU's virt board; design.md
 * D2 allows this one constant.
 */
#define PLATFORM_UART_FALLBACK 0x09000000ull
#define PLATFORM_UART_BYTES    0x1000ull

/* platform_uart_set - @regs: mapped PL011 registers, or NULL for no output. */
void platform_uart_set(void *regs);

/* How power requests reach the firmware (PSCI, Arm DEN0022). */
enum psci_method { PSCI_NONE, PSCI_HVC, PSCI_SMC };

void platform_psci_set(enum psci_method method);

#endif
