/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_virtio_console.c - the native console driver between our client and a
 * host that works, holds back, or lies.
 *
 * What plays the host: native_host.c. What the class promises whatever the
 * device: dddk_serial.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/request_service.h>
#include <glue/class.h>
#include <glue/request_client.h>
#include <glue/rt.h>
#include <glue/serial.h>
#include "fake/native.h"
#include "fake/process.h"
#include "fake/virtio.h"
#include "native_host.h"
#include "native_virtio.h"

static struct glue_req_port port;
static uint8_t *data;

static void open_port(void)
{
	assert_int_equal(glue_req_open(&port, "serial1", GLUE_CLASS_SERIAL,
				       REGION),
			 K_OK);
	data = glue_req_data(&port);
}

static void start(uint64_t features, uint32_t ports, uint32_t consoles)
{
	host_start(features, ports, consoles);
	assert_int_equal(native_probe(), K_OK);
	open_port();
}

static uint64_t soon(void)
{
	return glue_deadline_ns(1000000000ul);
}

static enum k_err ask(uint16_t op, uint32_t bytes, uint64_t *value)
{
	return glue_req_call(&port, op, 0, 0, data, bytes, value, soon());
}

/* Nobody reads what an earlier test has left in the kit's queue. */
static void empty_queue(void)
{
	host.lie = HONEST;
	host.left_in = 0;
	while (!ask(GLUE_SERIAL_READ, 4096, NULL))
		continue;
	host.next_in = 0;
}

static int set_up(void **state)
{
	(void)state;
	start(HOST_EVENT | HOST_MULTIPORT, 1, 1);
	native.revives = 1;
	empty_queue();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	host.lie = HONEST;
	host.ports = host.consoles = 1;
	host.holds = 0;
	native_end();
	empty_queue();
	glue_req_close(&port);
	return 0;
}

static struct glue_serial_stats stats(void)
{
	struct glue_serial_stats now;

	assert_int_equal(ask(GLUE_SERIAL_STATS, sizeof(now), NULL), K_OK);
	memcpy(&now, data, sizeof(now));
	return now;
}

/* Read so many bytes: those that the host sends, from number @first on. */
static void read_all(uint64_t first, uint32_t bytes)
{
	uint64_t got, i;

	while (bytes) {
		assert_int_equal(ask(GLUE_SERIAL_READ,
				     bytes < 4096 ? bytes : 4096, &got),
				 K_OK);
		assert_in_range(got, 1, bytes);
		for (i = 0; i < got; i++)
			assert_int_equal(data[i], host_byte(first + i));
		first += got;
		bytes -= (uint32_t)got;
	}
}

static void write_all(uint32_t bytes)
{
	uint64_t value;
	uint32_t i;

	for (i = 0; i < bytes; i++)
		data[i] = (uint8_t)(i * 7);
	assert_int_equal(ask(GLUE_SERIAL_WRITE, bytes, &value), K_OK);
	assert_int_equal(value, bytes);
}

static void expect_out(uint32_t bytes)
{
	uint32_t i;

	assert_int_equal(host.n_out, bytes);
	for (i = 0; i < bytes; i++)
		assert_int_equal(host.out[i], (uint8_t)(i % 4096 * 7));
}

static void expect_text(const char *text)
{
	fake.console[fake.console_bytes] = '\0';
	assert_non_null(strstr(fake.console, text));
}

static int nothing(void)
{
	return 0;
}

/* --- a host that works ---------------------------------------------------- */

static void test_info(void **state)
{
	struct glue_serial_info info;
	struct glue_serial_line line;

	(void)state;
	assert_int_equal(glue_req_info(&port, &info, sizeof(info), soon()),
			 K_OK);
	assert_string_equal(info.driver, "native virtio_console");
	assert_int_equal(info.features, 0);
	assert_int_equal(ask(GLUE_SERIAL_GET_LINE, sizeof(line), NULL), K_OK);
	memcpy(&line, data, sizeof(line));
	assert_int_equal(line.baud, 0);
	assert_int_equal(ask(GLUE_SERIAL_SET_LINE, sizeof(line), NULL),
			 K_ERR_UNSUPPORTED);
	assert_int_equal(host.opened, 1);
	assert_int_equal(host.dropped, 0);
}

static void test_read(void **state)
{
	static const uint32_t pieces[] = { 1, 3, 100, 4096 };
	uint64_t first, before = stats().received;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		host.piece = pieces[i];
		host.left_in = 20000;
		first = host.next_in;
		read_all(first, 20000);
	}
	assert_int_equal(stats().received, before + 4 * 20000);
	assert_int_equal(stats().overruns, 0);
}

/* Nobody reads: the host keeps what does not fit, and nothing is lost. */
static void test_sender_waits(void **state)
{
	(void)state;
	host.left_in = 100000;
	assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, NULL), K_OK);
	native_run(0);
	while (host_step())
		native_run(GLUE_EVENT_IRQ(0));
	assert_in_range(host.left_in, 100000 - 5 * 4096 - 2048, 99999);
	read_all(0, 100000);
	assert_int_equal(stats().overruns, 0);
}

static void test_write(void **state)
{
	uint64_t before = stats().sent;
	unsigned int i;

	(void)state;
	for (i = 0; i < 8; i++)
		write_all(4096);
	assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, NULL), K_OK);
	expect_out(8 * 4096);
	assert_int_equal(stats().sent, before + 8 * 4096);
}

/* A host that takes nothing: writes wait, drains too, and cancels work. */
static void test_host_holds(void **state)
{
	unsigned int i;

	(void)state;
	host.holds = 1;
	for (i = 0; i < 4; i++)
		write_all(4096);
	assert_int_equal(ask(GLUE_SERIAL_WRITE, 100, NULL), K_ERR_TIMEOUT);
	assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, NULL), K_ERR_TIMEOUT);
	assert_true(glue_req_is_open(&port));
	assert_int_equal(host.n_out, 0);
	host.holds = 0;
	assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, NULL), K_OK);
	expect_out(4 * 4096);
	assert_int_equal(device.resets, 1);
}

/* Who does not read has not hung, however long; who does not read messages has. */
static void test_hung(void **state)
{
	(void)state;
	host.holds = 1;
	write_all(4096);
	native_pass(30000);
	assert_int_equal(native.driver_end, K_OK);
	host.lie = CHATTER; /* a port is added: to be answered */
	assert_int_equal(host_step(), 1);
	native_pass(1500);
	assert_int_equal(native.driver_end, K_ERR_TIMEOUT);
	expect_text("queue 3: it has owed an answer for 1000 ms");
}

/* Nor does a probe wait for ever. */
static void test_hung_at_start(void **state)
{
	uint64_t before = fake.ticks;

	(void)state;
	glue_req_close(&port);
	host_start(HOST_EVENT | HOST_MULTIPORT, 1, 1);
	native.device_step = nothing;
	fake_env()->stall_ms = 3000;
	before = fake.ticks;
	native_refused(K_ERR_NOTFOUND, "offers no console");
	assert_in_range(fake.ticks - before, 3ul * fake_env()->counter_hz,
			4ul * fake_env()->counter_hz);
	start(HOST_EVENT | HOST_MULTIPORT, 1, 1);
}

/* One port and no messages; with and without event indices. */
static void test_single_port(void **state)
{
	static const uint64_t features[] = { 0, HOST_EVENT, HOST_MULTIPORT };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
		glue_req_close(&port);
		start(features[i], 1, 1);
		host.left_in = 5000;
		read_all(0, 5000);
		write_all(4096);
		assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, NULL), K_OK);
		expect_out(4096);
	}
}

/* The console is another port than the first: its queues are used. */
static void test_other_port(void **state)
{
	(void)state;
	glue_req_close(&port);
	start(HOST_EVENT | HOST_MULTIPORT, 0xf, 0xc);
	host.left_in = 5000;
	read_all(0, 5000);
	assert_int_equal(host.opened, 1u << 2);
	assert_int_equal(device.resets, 3);
	assert_int_equal(host.dropped, 0);
	write_all(100);
	assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, NULL), K_OK);
	expect_out(100);
	/* A next life finds whichever it is by then. */
	native.revives = 1;
	host.consoles = 1;
	host.opened = 0;
	host.left_in = 100;
	host.lie = NEEDS_RESET;
	read_all(5000, 100);
	assert_int_equal(native.lives, 1);
	assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, NULL), K_OK);
	assert_int_equal(host.opened, 1);
}

/* --- a host that lies ----------------------------------------------------- */

/* Some eight bytes of the host's, in a row. */
static void expect_eight(void)
{
	uint64_t got = 0;
	uint8_t i;

	assert_int_equal(ask(GLUE_SERIAL_READ, 8, &got), K_OK);
	assert_int_equal(got, 8);
	for (i = 0; i < 8; i++)
		assert_int_equal(data[i], (uint8_t)(data[0] + i));
}

/* A lie ends the driver. Who reads does not notice, but for what was lost. */
static void test_lies(void **state)
{
	static const char no_port[] = "there is no such port";
	static const struct {
		enum lie lie;
		const char *said;
	} all[] = { { EMPTY, "a buffer without a byte" },
		    { LONG, SAID_LONG },
		    { WRONG_ID, SAID_NO_ID },
		    { FAR_ID, SAID_NO_ID },
		    { JUMP, SAID_JUMP },
		    { NO_PORT, no_port },
		    { SHORT, no_port },
		    { CHATTER, "it never rests" },
		    { NEEDS_RESET, SAID_RESET } };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		tear_down(NULL);
		set_up(NULL);
		host.lie = all[i].lie;
		host.lies = host.lie == CHATTER ? 1100 : 1;
		host.left_in = 1u << 20;
		expect_eight();
		native_expect(K_OK, all[i].said);
		assert_int_equal(native.lives, 1);
		assert_int_equal(device.resets, 1 + RECOVERY);
	}
}

/* The first end is as good as any; the second breaks the device. */
static void test_ends_twice(void **state)
{
	uint64_t got, all = 0;

	(void)state;
	host.lie = TWICE;
	host.piece = 100;
	host.left_in = 100;
	while (!ask(GLUE_SERIAL_READ, 4096, &got))
		all += got;
	assert_int_equal(all, 100);
	assert_int_equal(native.lives, 1);
}

static void test_output_written(void **state)
{
	(void)state;
	host.lie = WRITTEN;
	write_all(100); /* taken over by the driver */
	assert_int_equal(ask(GLUE_SERIAL_DRAIN, 0, NULL), K_OK);
	assert_int_equal(native.lives, 1);
	assert_int_equal(device.resets, 1 + RECOVERY);
}

/* The console goes for good: the process ends, and no next life starts. */
static void test_unplugged(void **state)
{
	(void)state;
	host.lie = REMOVED;
	assert_int_equal(host_step(), 1);
	native_run(GLUE_EVENT_IRQ(0));
	native_expect(K_ERR_IO, "no longer");
	native_refused(K_ERR_NOTFOUND, "offers no console");
}

static void test_interrupts_without_cause(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 100; i++)
		native_run(GLUE_EVENT_IRQ(0));
	host.left_in = 100;
	read_all(0, 100);
	assert_int_equal(device.resets, 1);
}

static void test_refused(void **state)
{
	(void)state;
	virtio_refused(16384, 1);
	host.consoles = 0;
	native_refused(K_ERR_NOTFOUND, "give it a virtconsole");
	host.ports = 0;
	native_refused(K_ERR_NOTFOUND, "give it a virtconsole");
	host.ports = host.consoles = 1;
	device.config[4] = 0;
	native_refused(K_ERR_NOTFOUND, "there is no such port");
	device.config[4] = 4;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_info),	  TEST(test_read),
		TEST(test_sender_waits),  TEST(test_write),
		TEST(test_host_holds),	  TEST(test_hung),
		TEST(test_hung_at_start), TEST(test_single_port),
		TEST(test_other_port),	  TEST(test_lies),
		TEST(test_ends_twice),	  TEST(test_output_written),
		TEST(test_unplugged),	  TEST(test_interrupts_without_cause),
		TEST(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
