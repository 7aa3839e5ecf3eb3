/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uart.c - the fake PL011 of uart.h.
 *
 * Register offsets and bits: DDI 0183G, chapter 3; written anew, so that it
 * shares no mistake with the driver.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/mmio.h>
#include <glue/env.h>

#include "native.h"
#include "process.h"
#include "uart.h"

#define INT_INPUT   (1u << 4)
#define INT_OUTPUT  (1u << 5)
#define INT_TIMEOUT (1u << 6)
#define BYTE_NS	    87000u

struct fake_uart uart;

void fake_uart_start(void)
{
	struct glue_env *env = fake_env();

	memset(&uart, 0, sizeof(uart));
	env->n_mmio = 1;
	env->mmio[0] = (struct glue_mmio){ .vaddr = FAKE_UART_REGS,
					   .bytes = 0x1000 };
	env->n_irq = 1;
	strcpy(env->device_node, "/bus/pl011@9000000");
}

void fake_uart_send(unsigned int bytes)
{
	uart.n_in = uart.at_in = 0;
	while (uart.n_in < bytes) {
		uart.in[uart.n_in] = (uint8_t)uart.n_in;
		uart.n_in++;
	}
}

static uint32_t masked(void)
{
	return (uart.raw & uart.mask) | (uart.baseless ? uart.raw_baseless : 0);
}

/* Without FIFOs there is one place. */
static unsigned int tx_most(void)
{
	return uart.line & 0x10 ? FAKE_UART_FIFO : 1;
}

static uint32_t flags(void)
{
	return (uart.n_tx || uart.always_busy ? 1u << 3 : 0) |
	       (uart.n_rx || uart.never_empty ? 0 : 1u << 4) |
	       (uart.n_tx == tx_most() ? 1u << 5 : 0) |
	       (uart.n_tx ? 0 : 1u << 7);
}

static uint32_t data_read(void)
{
	uint32_t word = uart.rx[0];

	assert_int_equal(uart.control & 0x201, 0x201);
	uart.reads++;
	if (!uart.n_rx)
		return uart.nonsense;
	memmove(uart.rx, uart.rx + 1, sizeof(uart.rx) - sizeof(uart.rx[0]));
	if (--uart.n_rx < FAKE_UART_FIFO / 2)
		uart.raw &= ~INT_INPUT;
	if (!uart.n_rx)
		uart.raw &= ~INT_TIMEOUT;
	return word;
}

static void data_write(uint32_t value)
{
	assert_true(uart.n_tx < tx_most());
	assert_int_equal(uart.control & 0x101, 0x101);
	uart.tx[uart.n_tx++] = (uint8_t)value;
	if (uart.n_tx > FAKE_UART_FIFO / 2)
		uart.raw &= ~INT_OUTPUT;
}

static uint32_t read_register(uint32_t offset)
{
	switch (offset) {
	case 0x00:
		return data_read();
	case 0x18:
		return flags();
	case 0x2c:
		return uart.line;
	case 0x40:
		return masked();
	case 0xfe8:
		return 0x14;
	default:
		fail_msg("read of register %#x", offset);
		return 0;
	}
}

/* A break is what lies between two writes; settings need the device off. */
static void line_write(uint32_t value)
{
	uint32_t changed = uart.line ^ value;

	if (changed & ~1u) {
		assert_int_equal(uart.control & 1, 0);
		uart.out_when_set = uart.n_out;
	}
	if (changed & value & 1) {
		uart.breaks++;
		uart.break_from = fake.ticks;
	} else if (changed & 1) {
		uart.break_ticks = fake.ticks - uart.break_from;
	}
	uart.line = value;
}

static void write_register(uint32_t offset, uint32_t value)
{
	switch (offset) {
	case 0x00:
		data_write(value);
		return;
	case 0x24:
		uart.ibrd = value;
		return;
	case 0x28:
		uart.fbrd = value;
		return;
	case 0x2c:
		line_write(value);
		return;
	case 0x30:
		uart.control = value;
		return;
	case 0x38:
		uart.mask = value;
		return;
	default:
		fail_msg("write to register %#x", offset);
	}
}

int dddk_fake_load(const volatile void *reg, unsigned int bytes,
		   uint64_t *value)
{
	if ((uintptr_t)reg - FAKE_UART_REGS >= 0x1000)
		return 0;
	assert_int_equal(bytes, 4);
	*value = read_register((uint32_t)((uintptr_t)reg - FAKE_UART_REGS));
	return 1;
}

int dddk_fake_store(volatile void *reg, unsigned int bytes, uint64_t value)
{
	if ((uintptr_t)reg - FAKE_UART_REGS >= 0x1000)
		return 0;
	assert_int_equal(bytes, 4);
	write_register((uint32_t)((uintptr_t)reg - FAKE_UART_REGS),
		       (uint32_t)value);
	return 1;
}

/* One byte leaves. */
static int byte_out(void)
{
	if (!uart.n_tx || uart.stuck || uart.line & 1)
		return 0;
	assert_true(uart.n_out < FAKE_UART_WIRE);
	uart.out[uart.n_out++] = uart.tx[0];
	memmove(uart.tx, uart.tx + 1, sizeof(uart.tx) - 1);
	if (--uart.n_tx == tx_most() / 2)
		uart.raw |= INT_OUTPUT;
	return 1;
}

/* One byte comes, if the sender lets it. */
static int byte_in(void)
{
	if (uart.at_in == uart.n_in ||
	    (uart.n_rx == FAKE_UART_FIFO && !uart.deaf_sender))
		return 0;
	if (uart.n_rx == FAKE_UART_FIFO) {
		uart.lost++;
		uart.overrun = 0x800;
	} else {
		uart.rx[uart.n_rx++] = uart.in[uart.at_in] | uart.overrun;
		uart.overrun = 0;
	}
	uart.at_in++;
	if (uart.n_rx >= FAKE_UART_FIFO / 2)
		uart.raw |= INT_INPUT;
	return 1;
}

/* Nothing moves: what waits makes the time-out, or time passes. */
static int idle(void)
{
	if (uart.n_rx && !(uart.raw & INT_TIMEOUT)) {
		uart.raw |= INT_TIMEOUT;
		return 1;
	}
	if (!uart.patience_ms || fake.events & GLUE_EVENT_CHAN(0))
		return 0;
	uart.patience_ms--;
	fake.ticks += fake_env()->counter_hz / 1000;
	native_run(0);
	return 1;
}

int fake_uart_step(void)
{
	int moved = byte_out() | byte_in();

	if (moved)
		fake.ticks += fake_env()->counter_hz / 1000000 * BYTE_NS / 1000;
	else
		moved = idle();
	if (masked()) {
		fake.events |= GLUE_EVENT_IRQ(0);
		uart.baseless -= uart.baseless > 0;
	}
	return moved || fake.events & GLUE_EVENT_IRQ(0);
}
