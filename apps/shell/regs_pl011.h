/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regs_pl011.h - the PL011 UART: registers and bits that the console uses.
 *
 * Source: ARM DDI 0183G, table 3-1. All registers are 32 bits wide; only the
 * lower 16 mean anything.
 */
#ifndef SHELL_REGS_PL011_H
#define SHELL_REGS_PL011_H

#include <stddef.h>
#include <stdint.h>

/* clang-format off */
struct pl011_regs {
	uint32_t dr;           /* 0x00 RW [7:0] data, [11:8] receive errors */
	uint32_t rsvd_04[5];
	uint32_t fr;           /* 0x18 RO flags, PL011_FR_*                 */
	uint32_t rsvd_1c[4];
	uint32_t lcr_h;        /* 0x2c RW line control, PL011_LCR_H_*       */
	uint32_t cr;           /* 0x30 RW control, PL011_CR_*               */
	uint32_t rsvd_34;
	uint32_t imsc;         /* 0x38 RW 1 = interrupt passes, PL011_INT_* */
	uint32_t rsvd_3c[2];
	uint32_t icr;          /* 0x44 WO 1 = clear, PL011_INT_*            */
};

#define PL011_DR_DATA		0xffu
#define PL011_DR_ERRORS		0xf00u    /* overrun, break, parity, framing */
#define PL011_FR_BUSY		(1u << 3) /* still sending                   */
#define PL011_FR_RXFE		(1u << 4) /* receive FIFO empty              */
#define PL011_FR_TXFF		(1u << 5) /* transmit FIFO full              */
#define PL011_LCR_H_FEN		(1u << 4) /* FIFOs on                        */
#define PL011_LCR_H_8_BITS	(3u << 5)
#define PL011_CR_UARTEN		(1u << 0)
#define PL011_CR_TXE		(1u << 8)
#define PL011_CR_RXE		(1u << 9)
#define PL011_INT_RX		(1u << 4) /* receive FIFO filled             */
#define PL011_INT_RT		(1u << 6) /* something waits since 32 bits   */
/* clang-format on */

_Static_assert(offsetof(struct pl011_regs, fr) == 0x18, "DDI 0183G 3-1");
_Static_assert(offsetof(struct pl011_regs, lcr_h) == 0x2c, "DDI 0183G 3-1");
_Static_assert(offsetof(struct pl011_regs, imsc) == 0x38, "DDI 0183G 3-1");
_Static_assert(offsetof(struct pl011_regs, icr) == 0x44, "DDI 0183G 3-1");

/* Device memory keeps the program order of accesses to one device. */
static inline uint32_t mmio_read32(const volatile uint32_t *reg)
{
	return *reg;
}

static inline void mmio_write32(volatile uint32_t *reg, uint32_t value)
{
	*reg = value;
}

#endif
