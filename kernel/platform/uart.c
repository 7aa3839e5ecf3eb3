/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uart.c - the kernel's debug output: one PL011, polled, never read.
 *
 * The page is handed to the root task as well; a user that drives the UART
 * shares it with these characters.
 */
#include <arch/mmio.h>
#include <core/arch.h>
#include <platform/platform.h>
#include <platform/regs_pl011.h>
#include <platform/uart.h>

/* Polls before a character is dropped: a second and more at 115200 baud. */
#define UART_POLLS 10000000u

static struct pl011_regs *uart;

void platform_uart_set(void *regs)
{
	uart = regs;
}

static void uart_wait_clear(uint32_t flag)
{
	unsigned int i;

	for (i = 0; i < UART_POLLS; i++) {
		if (!(mmio_read32(&uart->fr) & flag))
			return;
	}
}

static void uart_put(char c)
{
	uart_wait_clear(PL011_FR_TXFF);
	mmio_write32(&uart->dr, (unsigned char)c);
}

void platform_putchar(char c)
{
	if (!uart)
		return;
	if (c == '\n')
		uart_put('\r');
	uart_put(c);
}

void uart_drain(void)
{
	if (uart)
		uart_wait_clear(PL011_FR_BUSY);
}
