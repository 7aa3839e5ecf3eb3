/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_serial_pl011.c - the PL011's native driver under a fake device.
 *
 * Speeds, registers, lies. What the class promises whatever the device, with
 * this driver below: dddk_serial.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <glue/rt.h>
#include "drivers-native/serial_pl011/baud.h"
#include "fake/native.h"
#include "fake/process.h"
#include "fake/uart.h"
#include "native_line.h"

static void test_divisor(void **state)
{
	static const struct {
		uint32_t clock, baud, ibrd, fbrd;
	} row[] = {
		{ 4000000, 230400, 1, 5 }, /* the manual's example, 3.3.6 */
		{ 24000000, 115200, 13, 1 },
		{ 24000000, 9600, 156, 16 },
		{ 24000000, 1500000, 1, 0 }, /* the fastest */
		{ 24000000, 23, 65217, 25 },
		{ 16777216, 16, 65535, 64 }, /* 65536: FBRD must be 0 */
		{ 16776960, 16, 65535, 0 },  /* the slowest of this clock */
		{ 7372800, 460800, 1, 0 },
		{ 7372800, 460801, 1, 0 }, /* rounds up to it */
		{ 7372800, 470000, 0, 63 },
		{ 4294967295u, 300, 894784, 53 },
		{ 24000000, 0, 0, 0 },
		{ 0, 115200, 0, 0 },
		{ 24000000, 4294967295u, 0, 0 },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		uint32_t wish = row[i].ibrd << 6 | row[i].fbrd;

		if (!row[i].ibrd || row[i].ibrd > 65535 || row[i].fbrd > 63)
			wish = 0;
		assert_int_equal(pl011_divisor(row[i].clock, row[i].baud),
				 wish);
	}
}

/* Every speed it takes is made to 0.8 %. */
static void test_divisor_is_near(void **state)
{
	uint32_t baud, divisor;

	(void)state;
	for (baud = 1; baud < 2000000; baud += 1 + baud / 97) {
		double made;

		divisor = pl011_divisor(24000000, baud);
		if (!divisor) {
			assert_true(baud < 23 || baud > 1500000);
			continue;
		}
		made = 24000000.0 * 4 / divisor;
		assert_true(made > baud * (1 - 1.0 / 127) &&
			    made < baud * (1 + 1.0 / 127));
	}
}

static void test_start(void **state)
{
	struct glue_serial_info info;

	(void)state;
	assert_int_equal(uart.ibrd, 13);
	assert_int_equal(uart.fbrd, 1);
	assert_int_equal(uart.line, LCR_8N1);
	assert_int_equal(uart.mask, INT_IN);
	assert_int_equal(glue_req_info(&port, &info, sizeof(info),
				       glue_deadline_ns(SECOND)),
			 K_OK);
	assert_string_equal(info.name, "pl011@9000000");
	assert_string_equal(info.driver, "native serial_pl011");
	assert_int_equal(info.features, GLUE_SERIAL_F_LINE);
	assert_int_equal(info.fifo_bytes, 16);
	assert_int_equal(baud_now(), 115200);
}

static void test_speed_of_the_tree(void **state)
{
	(void)state;
	line_start("current-speed = <9600>;", CLOCK_24MHZ);
	assert_int_equal(baud_now(), 9600);
	assert_int_equal(uart.ibrd, 156);
	line_tear_down(NULL);
}

/* The line stays as the firmware set it, and carries bytes. */
static void test_no_clock(void **state)
{
	static const char *const clock[] = {
		"", "compatible = \"fixed-clock\";",
		"compatible = \"other\"; clock-frequency = <24000000>;"
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		line_start("", clock[i]);
		fake.console[fake.console_bytes] = '\0';
		assert_non_null(strstr(fake.console, "stays as it is"));
		assert_int_equal(uart.ibrd, 0);
		assert_int_equal(baud_now(), 0);
		assert_int_equal(set_line(9600, 8, 0, 1, 0), K_ERR_UNSUPPORTED);
		fill(20);
		assert_int_equal(ask(GLUE_SERIAL_WRITE, 0, 20), K_OK);
		assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, 0), K_OK);
		expect_out(20);
		line_tear_down(NULL);
	}
}

static void test_settings(void **state)
{
	(void)state;
	assert_int_equal(set_line(9600, 7, GLUE_SERIAL_EVEN, 2, 0), K_OK);
	assert_int_equal(uart.line, 0x50 | 8 | 4 | 2);
	assert_int_equal(uart.control, 0xf01);
	assert_int_equal(set_line(300, 5, GLUE_SERIAL_ODD, 1, 1), K_OK);
	assert_int_equal(uart.line, 0x10 | 2);
	assert_int_equal(uart.control, 0xcf01);
	assert_int_equal(set_line(115200, 8, 0, 1, 0), K_OK);
	assert_int_equal(uart.line, LCR_8N1);
	assert_int_equal(set_line(1600000, 8, 0, 1, 0), K_ERR_UNSUPPORTED);
	assert_int_equal(set_line(9600, 9, 0, 1, 0), K_ERR_INVALID);
	assert_int_equal(set_line(9600, 4, 0, 1, 0), K_ERR_INVALID);
	assert_int_equal(set_line(9600, 8, 3, 1, 0), K_ERR_INVALID);
	assert_int_equal(set_line(9600, 8, 0, 3, 0), K_ERR_INVALID);
	assert_int_equal(set_line(9600, 8, 0, 0, 0), K_ERR_INVALID);
	assert_int_equal(set_line(9600, 8, 0, 1, 2), K_ERR_INVALID);
	assert_int_equal(set_line(0, 8, 0, 1, 0), K_ERR_INVALID);
	assert_int_equal(baud_now(), 115200);
	assert_int_equal(uart.line, LCR_8N1);
}

static void test_errors(void **state)
{
	struct glue_serial_stats now;

	(void)state;
	fake_uart_send(8);
	uart.in[1] |= 0x100;
	uart.in[2] |= 0x200;
	uart.in[3] |= 0x300;
	uart.in[4] = 0x500; /* a break has no stop bit */
	uart.in[5] |= 0x800;
	uart.in[6] = 0x500;
	assert_int_equal(read_some(100), 3);
	assert_memory_equal(data, "\0\5\7", 3);
	now = stats();
	assert_int_equal(now.frame_errors, 2);
	assert_int_equal(now.parity_errors, 2);
	assert_int_equal(now.breaks, 2);
	assert_int_equal(now.overruns, 1);
	assert_int_equal(now.received, 3);
}

/* A sender that cannot be held back: the device tells of what it lost. */
static void test_overrun(void **state)
{
	(void)state;
	uart.deaf_sender = 1;
	fake_uart_send(5000);
	assert_int_equal(ask_for(GLUE_SERIAL_BREAK, 1000, 0, NULL, 5 * SECOND),
			 K_OK);
	uart.n_in = uart.at_in = 0;
	assert_int_equal(read_some(4096), IN_QUEUE);
	assert_int_equal(read_some(4096), FAKE_UART_FIFO);
	assert_int_equal(uart.lost, 5000 - IN_QUEUE - FAKE_UART_FIFO);
	fake_uart_send(1);
	assert_int_equal(read_some(10), 1);
	assert_int_equal(stats().overruns, 1);
}

/* --- lies ----------------------------------------------------------------- */

/* The line is held for ever: who waits for it is told, nobody else suffers. */
static void test_nothing_is_sent(void **state)
{
	(void)state;
	uart.stuck = 1;
	assert_int_equal(ask_for(GLUE_SERIAL_WRITE, 0, 100, NULL, SECOND),
			 K_ERR_TIMEOUT);
	assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, 0), K_ERR_TIMEOUT);
	assert_int_equal(set_line(9600, 8, 0, 1, 0), K_ERR_TIMEOUT);
	assert_int_equal(baud_now(), 115200);
	fake_uart_send(4);
	assert_int_equal(read_some(10), 4);
	uart.stuck = 0;
	assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, 0), K_OK);
	assert_int_equal(uart.n_out, FAKE_UART_FIFO);
}

static void test_always_busy(void **state)
{
	(void)state;
	uart.always_busy = 1;
	assert_int_equal(ask(GLUE_SERIAL_WRITE, 0, 100), K_OK);
	assert_int_equal(ask(GLUE_SERIAL_BREAK, 10, 0), K_ERR_TIMEOUT);
	assert_int_equal(uart.breaks, 0);
}

/* Input without end, good or bad: a turn of the driver takes a little. */
static void test_never_empty(void **state)
{
	static const uint16_t word[] = { 0x41, 0xfff, 0x400 };
	unsigned int i, acks;

	(void)state;
	for (i = 0; i < 3; i++) {
		uart.never_empty = 1;
		uart.nonsense = word[i];
		uart.raw_baseless = 0x70;
		uart.baseless = 1000;
		uart.reads = 0;
		acks = fake.acks;
		fill(1000);
		assert_int_equal(ask(GLUE_SERIAL_WRITE, 0, 1000), K_OK);
		assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, 0), K_OK);
		assert_in_range(uart.reads, 1, 32 * (fake.acks - acks));
		uart.never_empty = uart.baseless = 0;
		line_empty();
	}
	assert_true(stats().received >= IN_QUEUE);
	assert_true(stats().breaks > 32);
}

/* Interrupts without cause, all at once, while bytes move. */
static void test_baseless_interrupts(void **state)
{
	(void)state;
	uart.raw_baseless = 0xffffffff;
	uart.baseless = 3000;
	fill(2000);
	fake_uart_send(20);
	assert_int_equal(ask(GLUE_SERIAL_WRITE, 0, 2000), K_OK);
	assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, 0), K_OK);
	expect_out(2000);
	assert_int_equal(read_some(100), 20);
}

/* A driver that ends leaves a device that interrupts nobody. */
static void test_stop(void **state)
{
	(void)state;
	assert_int_equal(native_stop(K_OK), 0);
	assert_int_equal(uart.mask, 0);
	native_end();
	assert_int_equal(uart.mask, INT_IN);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, line_set_up, line_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_divisor),
		cmocka_unit_test(test_divisor_is_near),
		cmocka_unit_test(test_speed_of_the_tree),
		cmocka_unit_test(test_no_clock),
		TEST(test_start),
		TEST(test_settings),
		TEST(test_errors),
		TEST(test_overrun),
		TEST(test_nothing_is_sent),
		TEST(test_always_busy),
		TEST(test_never_empty),
		TEST(test_baseless_interrupts),
		TEST(test_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
