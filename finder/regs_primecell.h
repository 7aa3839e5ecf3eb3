/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regs_primecell.h - the identification registers of Arm's PrimeCell devices.
 *
 * The last 32 bytes of the first 4 KiB of registers; eight registers of which
 * the low byte counts. Source: Arm PrimeCell UART (PL011) DDI 0183G, 3.3.16
 * to 3.3.24; the layout is the same in every PrimeCell.
 */
#ifndef FINDER_REGS_PRIMECELL_H
#define FINDER_REGS_PRIMECELL_H

#include <stddef.h>
#include <stdint.h>

#define PRIMECELL_ID_OFFSET 0xfe0u

/* clang-format off */
struct primecell_id_regs {
	uint32_t periph[4];    /* 0xfe0 RO [7:0] of each: one byte of the id */
	uint32_t cell[4];      /* 0xff0 RO the same: PRIMECELL_ID            */
};
#define PRIMECELL_ID	0xb105f00du
/* clang-format on */
_Static_assert(offsetof(struct primecell_id_regs, cell) == 0x10,
	       "DDI 0183G, table 3-1");

#endif
