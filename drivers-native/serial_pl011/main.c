/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - Arm PL011 UART, native (ARM DDI 0183G).
 *
 * Bytes go out while the FIFO has room; when it has none, its interrupt goes
 * on. They come in by two interrupts: the FIFO has filled to its mark, or
 * something has waited in it for 32 bit times. Both stay pending until the FIFO
 * has been emptied, so nothing is cleared; without room for input they are
 * masked, the FIFO fills and the line's own flow control holds the sender back.
 */
#include <dddk/driver.h>
#include <dddk/reg.h>
#include <dddk/serial_service.h>
#include <dddk/tree.h>

#include "baud.h"

/* clang-format off */
struct pl011_regs { /* DDI 0183G, table 3-1 */
	dddk_rw32 data;      /* 0x00 7:0 byte; read: 11:8 its errors   */
	uint32_t rsvd0[5];
	dddk_ro32 flags;     /* 0x18                                   */
	uint32_t rsvd1[2];
	dddk_rw32 ibrd, fbrd; /* 0x24, 0x28 divisor: whole, 64ths      */
	dddk_rw32 line, control; /* 0x2c LCR_H, takes over the divisor; 0x30 */
	dddk_rw32 marks, mask; /* 0x34 FIFO levels that interrupt, 0x38 1 = passes */
	dddk_ro32 raw, masked; /* 0x3c, 0x40                           */
	uint32_t rsvd2[0x3e9];
	dddk_ro32 id2;       /* 0xfe8 7:4 revision                     */
};
#define DATA_FRAMING (1u << 8)
#define DATA_PARITY  (1u << 9)
#define DATA_BREAK   (1u << 10)
#define DATA_OVERRUN (1u << 11) /* bytes were lost before this one */
#define FLAG_BUSY    (1u << 3)  /* still sending */
#define FLAG_RX_NONE (1u << 4)
#define FLAG_TX_FULL (1u << 5)
#define FLAG_TX_NONE (1u << 7)
#define LINE_BREAK   (1u << 0)
#define LINE_ODD     (1u << 1)
#define LINE_EVEN    (3u << 1)
#define LINE_STOPS(n) (((n) - 1u) << 3)
#define LINE_FIFOS   (1u << 4)
#define LINE_BITS(n) (((n) - 5u) << 5)
#define CONTROL_ON   (1u << 0 | 1u << 8 | 1u << 9 | 3u << 10) /* TX, RX, DTR, RTS */
#define CONTROL_FLOW (3u << 14) /* RTS and CTS by hardware */
#define INT_INPUT    (1u << 4 | 1u << 6) /* FIFO at its mark, time-out */
#define INT_OUTPUT   (1u << 5)
/* clang-format on */
DDDK_REG_AT(struct pl011_regs, flags, 0x18);
DDDK_REG_AT(struct pl011_regs, masked, 0x40);
DDDK_REG_AT(struct pl011_regs, id2, 0xfe8);

static struct pl011_regs *regs;
static uint32_t passing = ~0u; /* what `mask` holds */
static struct glue_serial_info info = { .driver = "native serial_pl011" };

static void interrupts(uint32_t bits, int on)
{
	uint32_t wish = on ? passing | bits : passing & ~bits;

	if (wish != passing)
		dddk_reg_write(&regs->mask, wish);
	passing = wish;
}

/* An empty FIFO is filled in one go: reading a register takes long. */
static uint32_t pl011_room(void)
{
	uint32_t flags = dddk_reg_read(&regs->flags);

	interrupts(INT_OUTPUT, flags & FLAG_TX_FULL);
	if (flags & FLAG_TX_NONE)
		return info.fifo_bytes;
	return !(flags & FLAG_TX_FULL);
}

static void pl011_write(const uint8_t *data, uint32_t bytes)
{
	while (bytes--)
		dddk_reg_write_relaxed(&regs->data, *data++);
}

static int pl011_is_sent(void)
{
	return !(dddk_reg_read(&regs->flags) & FLAG_BUSY);
}

/* A full FIFO at a time; what is left beyond that or room interrupts again. */
static void pl011_receive(void)
{
	uint8_t got[32];
	uint32_t room = dddk_serial_room(), n = 0, looks, word;

	for (looks = 0; looks < sizeof(got) && n < room &&
			!(dddk_reg_read(&regs->flags) & FLAG_RX_NONE);
	     looks++) {
		word = dddk_reg_read(&regs->data);
		dddk_serial_errors(word & DATA_OVERRUN, word & DATA_BREAK,
				   word & DATA_PARITY, word & DATA_FRAMING);
		if (!(word & (DATA_FRAMING | DATA_PARITY | DATA_BREAK)))
			got[n++] = (uint8_t)word;
	}
	dddk_serial_input(got, n);
	interrupts(INT_INPUT, dddk_serial_room() > 0);
}

/* The device must be off while its line changes (3.3.8). */
static enum k_err pl011_set_line(const struct glue_serial_line *line)
{
	static const uint8_t parity[] = { 0, LINE_ODD, LINE_EVEN };
	uint32_t divisor = pl011_divisor(dddk_tree_clock_hz(), line->baud);

	if (!divisor)
		return K_ERR_UNSUPPORTED;
	dddk_reg_write(&regs->control, 0);
	dddk_reg_write(&regs->ibrd, divisor >> 6);
	dddk_reg_write(&regs->fbrd, divisor & 63);
	dddk_reg_write(&regs->line, LINE_FIFOS | LINE_BITS(line->bits) |
					    LINE_STOPS(line->stops) |
					    parity[line->parity]);
	dddk_reg_write(&regs->control,
		       CONTROL_ON | (line->rts_cts ? CONTROL_FLOW : 0));
	return K_OK;
}

static void pl011_set_break(int on)
{
	dddk_reg_change(&regs->line, LINE_BREAK, on ? LINE_BREAK : 0);
}

static const struct dddk_serial_ops ops = { pl011_room,	     pl011_write,
					    pl011_is_sent,   pl011_set_line,
					    pl011_set_break, pl011_receive };

static void irq(void)
{
	uint32_t why = dddk_reg_read(&regs->masked);

	if (why & INT_INPUT)
		pl011_receive();
	if (why & INT_OUTPUT) {
		interrupts(INT_OUTPUT, 0);
		dddk_serial_more();
	}
}

static enum k_err probe(void *registers)
{
	regs = registers;
	dddk_driver_listen(&regs->masked);
	info.fifo_bytes = dddk_reg_read(&regs->id2) >> 4 < 3 ? 16 : 32;
	interrupts(~0u, 0);
	dddk_reg_write(&regs->control, 0);
	dddk_reg_change(&regs->line, LINE_BREAK, LINE_FIFOS);
	dddk_reg_write(&regs->control, CONTROL_ON);
	dddk_serial_serve(&ops, &info);
	pl011_receive();
	return K_OK;
}

static void quiesce(void)
{
	interrupts(~0u, 0);
}

DDDK_DRIVER("class=serial match=amba:d???41011") = {
	.regs_bytes = sizeof(struct pl011_regs),
	.probe = probe,
	.irq = irq,
	.timer = dddk_serial_more,
	.quiesce = quiesce,
};
