/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uart.h - a fake PL011 with its wire, honest or lying (ARM DDI 0183G).
 *
 * FIFOs of 16, whose interrupts come at half; what waits longer than a step
 * makes the time-out. The device works in steps of a byte each way
 * (fake_uart_step, for native.h); when it has nothing to do, time passes a
 * millisecond at a time, as long as `patience_ms` lasts.
 */
#ifndef FAKE_UART_H
#define FAKE_UART_H

#include <stdint.h>

#define FAKE_UART_REGS 0x00210000ul /* GLUE_MMIO_VADDR */
#define FAKE_UART_FIFO 16u
#define FAKE_UART_WIRE 16384u

struct fake_uart {
	/* Registers, as written. */
	uint32_t ibrd, fbrd, line, control, mask;
	uint32_t raw;	     /* 4 input, 5 output, 6 time-out */
	unsigned int breaks; /* begun on the wire */
	uint64_t break_from, break_ticks;
	/* What went out, and how long it was when the line last changed. */
	uint8_t out[FAKE_UART_WIRE];
	unsigned int n_out, out_when_set;
	/* What is to come: byte and error bits, as in the data register. */
	uint16_t in[FAKE_UART_WIRE];
	unsigned int n_in, at_in;
	uint16_t rx[FAKE_UART_FIFO];
	unsigned int n_rx;
	uint8_t tx[FAKE_UART_FIFO];
	unsigned int n_tx;
	unsigned int lost;  /* bytes that found the FIFO full; then the next */
	uint16_t overrun;   /* one that does not says so */
	unsigned int reads; /* of the data register */
	unsigned int patience_ms;
	/* Lies. */
	int never_empty; /* input without end, of these words: */
	uint16_t nonsense;
	int stuck; /* nothing is ever sent */
	int always_busy;
	uint32_t raw_baseless; /* so many interrupts come without a cause */
	unsigned int baseless;
	/* The sender does not see that the FIFO is full. */
	int deaf_sender;
};
extern struct fake_uart uart;

/* A fresh device, described in fake_env(); the tree is the test's. */
void fake_uart_start(void);

/* So many bytes will come, 0, 1, 2 ... */
void fake_uart_send(unsigned int bytes);

int fake_uart_step(void);

#endif
