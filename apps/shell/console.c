/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.c - the PL011 UART as the shell's console.
 *
 * Receive: the interrupt wakes us, we empty the FIFO into a ring and
 * acknowledge. With the ring full the interrupt stays unacknowledged, so the
 * device keeps its characters and holds the sender back: a long paste loses
 * nothing. Speed and pins are as the boot firmware left them.
 * Source: ARM DDI 0183G. Read next: regs_pl011.h
 */
#include <stdarg.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>
#include <glue/sys.h>

#include "console.h"
#include "regs_pl011.h"

#define INPUT_BYTES 512u
#define CTRL_C	    3

/* At 9600 baud a full FIFO empties in 34 ms; longer means a dead line. */
#define OUTPUT_WAIT_NS 100000000u

static struct {
	volatile struct pl011_regs *uart;
	char input[INPUT_BYTES];
	uint32_t head;	    /* next to read; both grow, taken modulo */
	uint32_t tail;	    /* next to fill */
	int unacknowledged; /* an interrupt waits for room in the ring */
	int stuck;	    /* the last character found no room in time */
} console;

/* Move what the device has into the ring. Return 0 if the ring is full. */
static int input_drain(void)
{
	volatile struct pl011_regs *uart = console.uart;
	uint32_t word;

	mmio_write32(&uart->icr, PL011_INT_RT);
	while (!(mmio_read32(&uart->fr) & PL011_FR_RXFE)) {
		if (console.tail - console.head == INPUT_BYTES)
			return 0;
		word = mmio_read32(&uart->dr);
		if (!(word & PL011_DR_ERRORS))
			console.input[console.tail++ % INPUT_BYTES] =
				(char)(word & PL011_DR_DATA);
	}
	return 1;
}

/* Acknowledge only when the FIFO is empty: the interrupt is a level. */
static void input_collect(uint64_t events)
{
	if (events & GLUE_EVENT_IRQ(0))
		console.unacknowledged = 1;
	if (console.unacknowledged && input_drain()) {
		console.unacknowledged = 0;
		glue_irq_handler_ack(GLUE_CAP_IRQ0);
	}
}

/* Line settings may be written only while the UART is off (3.3.7). */
static void uart_start(volatile struct pl011_regs *uart)
{
	uint32_t lcr_h = mmio_read32(&uart->lcr_h);

	if (!(lcr_h & PL011_LCR_H_FEN)) {
		mmio_write32(&uart->cr, 0);
		mmio_write32(&uart->lcr_h,
			     lcr_h | PL011_LCR_H_FEN | PL011_LCR_H_8_BITS);
	}
	mmio_write32(&uart->cr, PL011_CR_UARTEN | PL011_CR_TXE | PL011_CR_RXE);
	mmio_write32(&uart->imsc, PL011_INT_RX | PL011_INT_RT);
}

int console_open(const struct glue_env *env)
{
	if (!env->n_mmio || !env->n_irq ||
	    env->mmio[0].bytes < sizeof(struct pl011_regs))
		return 0;
	console.uart = (volatile struct pl011_regs *)env->mmio[0].vaddr;
	uart_start(console.uart);
	return 1;
}

/* Characters left by a full ring are fetched first: nobody signals them. */
char console_read(void)
{
	input_collect(0);
	while (console.head == console.tail)
		input_collect(glue_wait_for(GLUE_EVENT_IRQ(0), GLUE_FOREVER));
	return console.input[console.head++ % INPUT_BYTES];
}

/* The ring is searched, not emptied: commands typed ahead stay. */
int console_cancelled(void)
{
	uint32_t i;

	input_collect(glue_poll(GLUE_EVENT_IRQ(0)));
	for (i = console.head; i != console.tail; i++) {
		if (console.input[i % INPUT_BYTES] == CTRL_C) {
			console.head = i + 1;
			return 1;
		}
	}
	return 0;
}

/* A dead line is waited for once, then its characters are dropped at once. */
static void char_send(char c)
{
	volatile struct pl011_regs *uart = console.uart;
	uint64_t deadline = 0;

	while (mmio_read32(&uart->fr) & PL011_FR_TXFF) {
		if (console.stuck)
			return;
		if (!deadline)
			deadline = glue_deadline_ns(OUTPUT_WAIT_NS);
		console.stuck = glue_time_ticks() > deadline;
	}
	console.stuck = 0;
	mmio_write32(&uart->dr, (uint8_t)c);
}

void console_write(const char *text, size_t bytes)
{
	for (; bytes; bytes--, text++) {
		if (*text == '\n')
			char_send('\r');
		char_send(*text);
	}
}

void console_printf(const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	glue_vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	console_write(text, strlen(text));
}
