/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_line.c - the client's side of native_line.h, and the driver's start.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <glue/class.h>
#include <glue/rt.h>
#include "broker_dtb.h"
#include "dddk/serial/internal.h"
#include "fake/forget.h"
#include "fake/native.h"
#include "fake/process.h"
#include "fake/uart.h"
#include "native_line.h"

#define REGION 65536u

struct glue_req_port port;
uint8_t *data;

/* The last one made is kept: a fuzzer starts often. */
static void tree_write(const char *of_device, const char *of_clock)
{
	static char command[1024], made[1024];
	static uint8_t tree[4096];
	static size_t bytes;

	snprintf(command, sizeof(command),
		 "echo '/dts-v1/; / { bus { pl011@9000000 { clocks = <5 5>; %s "
		 "}; }; c { phandle = <5>; %s }; };'%s",
		 of_device, of_clock, DTB_DTC);
	if (strcmp(command, made) != 0)
		bytes = dtb_make(command, tree, sizeof(tree));
	strcpy(made, command);
	fake_env()->tree_vaddr = GLUE_TREE_LARGE_VADDR;
	memcpy((void *)GLUE_TREE_LARGE_VADDR, tree, bytes);
	fake_env()->tree_bytes = (uint32_t)bytes;
}

void line_open(void)
{
	assert_int_equal(glue_req_open(&port, "serial0", GLUE_CLASS_SERIAL,
				       REGION),
			 K_OK);
	data = glue_req_data(&port);
}

void line_start(const char *of_device, const char *of_clock)
{
	native_start(GLUE_CLASS_SERIAL, GLUE_REQ_DEPTH, REGION, fake_uart_step);
	native.forget = forget_serial;
	memset(&dddk_serial_line, 0, sizeof(dddk_serial_line));
	memset(&dddk_serial_stats, 0, sizeof(dddk_serial_stats));
	fake_uart_start();
	tree_write(of_device, of_clock);
	assert_int_equal(native_probe(), K_OK);
	line_open();
	uart.patience_ms = 30000;
}

int line_set_up(void **state)
{
	(void)state;
	line_start("", CLOCK_24MHZ);
	return 0;
}

void line_empty(void)
{
	while (dddk_serial_room() < IN_QUEUE)
		read_some(4096);
}

/* What came and was not read is taken, or the next test would find it. */
int line_tear_down(void **state)
{
	(void)state;
	uart.stuck = uart.always_busy = uart.never_empty = 0;
	uart.baseless = uart.raw = uart.n_in = uart.at_in = uart.n_rx = 0;
	line_empty();
	glue_req_close(&port);
	native_end();
	assert_int_equal(native.driver_end, K_OK);
	return 0;
}

enum k_err ask_for(uint16_t op, uint64_t arg, uint32_t bytes, uint64_t *value,
		   uint64_t ns)
{
	return glue_req_call(&port, op, 0, arg, bytes ? data : NULL, bytes,
			     value, glue_deadline_ns(ns));
}

enum k_err ask(uint16_t op, uint64_t arg, uint32_t bytes)
{
	return ask_for(op, arg, bytes, NULL, 60 * SECOND);
}

uint32_t read_some(uint32_t room)
{
	uint64_t got = 0;

	assert_int_equal(ask_for(GLUE_SERIAL_READ, 0, room, &got, SECOND),
			 K_OK);
	assert_in_range(got, 1, room);
	return (uint32_t)got;
}

void read_all(uint32_t bytes)
{
	uint32_t at, got, i;

	for (at = 0; at < bytes; at += got) {
		got = read_some(300);
		for (i = 0; i < got; i++)
			assert_int_equal(data[i], (uint8_t)(at + i));
	}
	assert_int_equal(at, bytes);
}

struct glue_serial_stats stats(void)
{
	struct glue_serial_stats now;

	assert_int_equal(ask(GLUE_SERIAL_STATS, 0, sizeof(now)), K_OK);
	memcpy(&now, data, sizeof(now));
	return now;
}

uint32_t baud_now(void)
{
	struct glue_serial_line line;

	assert_int_equal(ask(GLUE_SERIAL_GET_LINE, 0, sizeof(line)), K_OK);
	memcpy(&line, data, sizeof(line));
	return line.baud;
}

enum k_err set_line(uint32_t baud, uint8_t bits, uint8_t parity, uint8_t stops,
		    uint8_t rts_cts)
{
	struct glue_serial_line line = { baud, bits, parity, stops, rts_cts };

	memcpy(data, &line, sizeof(line));
	return ask(GLUE_SERIAL_SET_LINE, 0, sizeof(line));
}

void fill(uint32_t bytes)
{
	uint32_t i;

	for (i = 0; i < bytes; i++)
		data[i] = (uint8_t)(i * 7);
}

void expect_out(uint32_t bytes)
{
	uint32_t i;

	assert_int_equal(uart.n_out, bytes);
	for (i = 0; i < bytes; i++)
		assert_int_equal(uart.out[i], (uint8_t)(i * 7));
}
