/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console_uart.c - the PL011 UART as the shell's console, without a driver.
 *
 * Receive: the interrupt wakes us, we empty the FIFO into the ring of console.c
 * and acknowledge. With the ring full the interrupt stays unacknowledged, so
 * the device keeps its characters and holds the sender back. Speed and pins
 * are as the boot firmware left them.
 * Source: ARM DDI 0183G. Read next: regs_pl011.h
 */
#include <glue/rt.h>
#include <glue/sys.h>

#include "console_way.h"
#include "regs_pl011.h"

static struct {
	volatile struct pl011_regs *regs;
	int unacknowledged; /* an interrupt waits for room in the ring */
	int stuck;	    /* the last character found no room in time */
} uart;

/* Move what the device has into the ring. Return 0 if the ring is full. */
static int input_drain(void)
{
	volatile struct pl011_regs *regs = uart.regs;
	uint32_t word;
	char c;

	mmio_write32(&regs->icr, PL011_INT_RT);
	while (!(mmio_read32(&regs->fr) & PL011_FR_RXFE)) {
		if (!console_room())
			return 0;
		word = mmio_read32(&regs->dr);
		c = (char)(word & PL011_DR_DATA);
		if (!(word & PL011_DR_ERRORS))
			console_input(&c, 1);
	}
	return 1;
}

/* Acknowledge only when the FIFO is empty: the interrupt is a level. */
static void input_collect(uint64_t events)
{
	if (events & GLUE_EVENT_IRQ(0))
		uart.unacknowledged = 1;
	if (uart.unacknowledged && input_drain()) {
		uart.unacknowledged = 0;
		glue_irq_handler_ack(GLUE_CAP_IRQ0);
	}
}

/* Line settings may be written only while the UART is off (3.3.7). */
static void regs_start(volatile struct pl011_regs *regs)
{
	uint32_t lcr_h = mmio_read32(&regs->lcr_h);

	if (!(lcr_h & PL011_LCR_H_FEN)) {
		mmio_write32(&regs->cr, 0);
		mmio_write32(&regs->lcr_h,
			     lcr_h | PL011_LCR_H_FEN | PL011_LCR_H_8_BITS);
	}
	mmio_write32(&regs->cr, PL011_CR_UARTEN | PL011_CR_TXE | PL011_CR_RXE);
	mmio_write32(&regs->imsc, PL011_INT_RX | PL011_INT_RT);
}

static int uart_open(const struct glue_env *env)
{
	if (!env->n_mmio || !env->n_irq ||
	    env->mmio[0].bytes < sizeof(struct pl011_regs))
		return 0;
	uart.regs = (volatile struct pl011_regs *)env->mmio[0].vaddr;
	regs_start(uart.regs);
	return 1;
}

static void uart_collect(void)
{
	input_collect(glue_poll(GLUE_EVENT_IRQ(0)));
}

static void uart_wait(void)
{
	input_collect(glue_wait_for(GLUE_EVENT_IRQ(0), GLUE_FOREVER));
}

/* Wait until none of @flags is set in FR. Return 0 if that takes too long. */
static int flags_await(uint32_t flags)
{
	uint64_t deadline = glue_deadline_ns(CONSOLE_OUTPUT_WAIT_NS);

	while (mmio_read32(&uart.regs->fr) & flags) {
		if (glue_time_ticks() > deadline)
			return 0;
	}
	return 1;
}

/* A dead line is waited for once, then its characters are dropped at once. */
static void char_send(char c)
{
	if (mmio_read32(&uart.regs->fr) & PL011_FR_TXFF) {
		if (uart.stuck)
			return;
		uart.stuck = !flags_await(PL011_FR_TXFF);
	}
	if (!(mmio_read32(&uart.regs->fr) & PL011_FR_TXFF)) {
		uart.stuck = 0;
		mmio_write32(&uart.regs->dr, (uint8_t)c);
	}
}

static void uart_write(const char *text, size_t bytes)
{
	while (bytes--)
		char_send(*text++);
}

static void uart_drain(void)
{
	flags_await(PL011_FR_BUSY);
}

const struct console_way console_uart = {
	.open = uart_open,
	.collect = uart_collect,
	.wait = uart_wait,
	.write = uart_write,
	.drain = uart_drain,
};
