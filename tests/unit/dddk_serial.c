/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dddk_serial.c - what the kit's serial service promises (glue/serial.h).
 *
 * Below it the PL011's native driver and a fake device; asked as a client does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/driver.h>
#include <glue/rt.h>
#include "fake/native.h"
#include "fake/process.h"
#include "fake/uart.h"
#include "native_line.h"

static void test_write(void **state)
{
	uint64_t sent = 0;

	(void)state;
	fill(4096);
	assert_int_equal(ask_for(GLUE_SERIAL_WRITE, 0, 4096, &sent, 5 * SECOND),
			 K_OK);
	assert_int_equal(sent, 4096);
	assert_true(uart.n_out < 4096); /* the FIFO holds the last of them */
	assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, 0), K_OK);
	expect_out(4096);
	assert_int_equal(uart.mask, INT_IN); /* it asks for no more room */
	assert_int_equal(stats().sent, 4096);
}

static void test_read(void **state)
{
	(void)state;
	fake_uart_send(1000);
	read_all(1000);
	assert_int_equal(uart.lost, 0);
	assert_int_equal(stats().received, 1000);
	/* Three do not fill the FIFO: the time-out brings them. */
	fake_uart_send(3);
	assert_int_equal(read_some(300), 3);
}

/* Nobody reads: the sender waits, and then nothing is missing. */
static void test_held_back(void **state)
{
	(void)state;
	fake_uart_send(5000);
	assert_int_equal(ask_for(GLUE_SERIAL_BREAK, 1000, 0, NULL, 5 * SECOND),
			 K_OK);
	assert_int_equal(uart.at_in, IN_QUEUE + FAKE_UART_FIFO);
	assert_int_equal(uart.mask & INT_IN, 0);
	read_all(5000);
	assert_int_equal(uart.lost, 0);
	assert_int_equal(uart.mask & INT_IN, INT_IN);
	assert_int_equal(stats().overruns, 0);
}

/* --- order ---------------------------------------------------------------- */

static struct glue_req many[5];

/* Each has its own page of the lent region. */
static void submit(unsigned int i, uint16_t op, uint64_t arg, uint32_t bytes)
{
	many[i] = (struct glue_req){
		.op = op, .arg = arg, .bytes = bytes, .data = data + i * 4096
	};
	assert_int_equal(glue_req_submit(&port, &many[i]), K_OK);
}

static enum k_err end_of(unsigned int i)
{
	assert_int_equal(glue_req_wait(&port, &many[i],
				       glue_deadline_ns(60 * SECOND)),
			 K_OK);
	return many[i].status;
}

/* Settings change after what was written before has left, and only then. */
static void test_order(void **state)
{
	struct glue_serial_line line = { 9600, 7, 0, 1, 0 };

	(void)state;
	fill(200);
	submit(0, GLUE_SERIAL_WRITE, 0, 200);
	memcpy(data + 4096, &line, sizeof(line));
	submit(1, GLUE_SERIAL_SET_LINE, 0, sizeof(line));
	submit(2, GLUE_SERIAL_WRITE, 0, 200);
	assert_int_equal(end_of(2), K_OK);
	assert_int_equal(many[0].status, K_OK);
	assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, 0), K_OK);
	assert_int_equal(uart.n_out, 400);
	assert_int_equal(baud_now(), 9600);
	assert_int_equal(uart.out_when_set, 200);
}

static void test_break(void **state)
{
	(void)state;
	fill(40);
	submit(0, GLUE_SERIAL_WRITE, 0, 40);
	submit(1, GLUE_SERIAL_BREAK, 250, 0);
	submit(2, GLUE_SERIAL_WRITE, 0, 40);
	assert_int_equal(end_of(1), K_OK);
	assert_int_equal(uart.breaks, 1);
	assert_in_range(glue_ticks_to_ns(uart.break_ticks), 250000000,
			255000000);
	assert_int_equal(uart.line, LCR_8N1);
	assert_int_equal(end_of(2), K_OK);
	assert_int_equal(ask(GLUE_SERIAL_BREAK, 0, 0), K_ERR_INVALID);
	assert_int_equal(ask(GLUE_SERIAL_BREAK, 1001, 0), K_ERR_INVALID);
}

/* What is cancelled ends now; what stands behind it goes on. */
static void test_cancel(void **state)
{
	(void)state;
	submit(0, GLUE_SERIAL_BREAK, 1000, 0);
	glue_req_kick(&port);
	assert_int_equal(uart.line & 1, 1);
	assert_int_equal(glue_req_cancel(&port, &many[0]), K_OK);
	assert_int_equal(end_of(0), K_ERR_GONE);
	assert_int_equal(uart.line & 1, 0);
	assert_true(glue_ticks_to_ns(uart.break_ticks) < 500000000);
	submit(0, GLUE_SERIAL_BREAK, 1000, 0);
	submit(1, GLUE_SERIAL_WRITE, 0, 10);
	glue_req_kick(&port);
	assert_int_equal(glue_req_cancel(&port, &many[0]), K_OK);
	assert_int_equal(end_of(1), K_OK);
	assert_int_equal(many[0].status, K_ERR_GONE);
	assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, 0), K_OK);
	assert_int_equal(uart.n_out, 10);
	submit(2, GLUE_SERIAL_READ, 0, 10);
	submit(3, GLUE_SERIAL_READ, 0, 10);
	glue_req_kick(&port);
	assert_int_equal(glue_req_cancel(&port, &many[2]), K_OK);
	assert_int_equal(end_of(2), K_ERR_GONE);
	fake_uart_send(4);
	assert_int_equal(end_of(3), K_OK);
	assert_int_equal(many[3].value, 4);
}

/* A client that leaves in the midst of it; the next finds an idle line. */
static void test_client_leaves(void **state)
{
	(void)state;
	submit(0, GLUE_SERIAL_WRITE, 0, 4096);
	submit(1, GLUE_SERIAL_BREAK, 1000, 0);
	submit(2, GLUE_SERIAL_READ, 0, 10);
	glue_req_kick(&port);
	glue_req_close(&port);
	line_open();
	assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, 0), K_OK);
	assert_int_equal(uart.n_out, FAKE_UART_FIFO);
	assert_int_equal(uart.breaks, 0);
	fake_uart_send(4);
	assert_int_equal(read_some(10), 4);
}

/* A next life of the driver does what was open; the line stays as it was set. */
static void test_next_life(void **state)
{
	(void)state;
	assert_int_equal(set_line(9600, 7, 0, 1, 0), K_OK);
	submit(0, GLUE_SERIAL_BREAK, 1000, 0);
	glue_req_kick(&port);
	dddk_driver_broken("FR", 0, "so the test says");
	native_run(0);
	fake_uart_start();
	native_live_again();
	uart.patience_ms = 2000;
	assert_int_equal(end_of(0), K_OK);
	assert_true(glue_ticks_to_ns(uart.break_ticks) >= 1000000000);
	assert_int_equal(uart.line & 1, 0);
	assert_int_equal(uart.ibrd, 156);
	assert_int_equal(uart.mask, INT_IN);
	assert_int_equal(baud_now(), 9600);
	uart.patience_ms = 1000;
	assert_int_equal(ask(GLUE_SERIAL_BREAK, 500, 0), K_OK);
	assert_true(glue_ticks_to_ns(uart.break_ticks) >= 500000000);
	fill(100);
	assert_int_equal(ask(GLUE_SERIAL_WRITE, 0, 100), K_OK);
	assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, 0), K_OK);
	expect_out(100);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, line_set_up, line_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_write),	  TEST(test_read),
		TEST(test_held_back),	  TEST(test_order),
		TEST(test_break),	  TEST(test_cancel),
		TEST(test_client_leaves), TEST(test_next_life),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
