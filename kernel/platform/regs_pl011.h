/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regs_pl011.h - the PL011 UART, as far as printing needs it.
 *
 * Source: ARM DDI 0183G, table 3-1. The boot loader has set the line up.
 */
#ifndef PLATFORM_REGS_PL011_H
#define PLATFORM_REGS_PL011_H

#include <stddef.h>
#include <stdint.h>

/* clang-format off */
struct pl011_regs {
	uint32_t dr;           /* 0x00 RW [7:0] data                       */
	uint32_t rsvd_04[5];
	uint32_t fr;           /* 0x18 RO flags, PL011_FR_*                */
};
#define PL011_FR_BUSY	(1u << 3)  /* still sending                    */
#define PL011_FR_TXFF	(1u << 5)  /* transmit FIFO full               */
/* clang-format on */

_Static_assert(offsetof(struct pl011_regs, fr) == 0x18, "DDI 0183G 3-1");

#endif
