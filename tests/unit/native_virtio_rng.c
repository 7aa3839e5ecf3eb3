/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_virtio_rng.c - the native random number driver between our client and
 * a source that works, runs dry, or lies.
 *
 * Client, driver and device share one host process (fake/native.h); what plays
 * the source: native_source.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/request_service.h>
#include <glue/class.h>
#include <glue/request_client.h>
#include <glue/rng.h>
#include <glue/rt.h>
#include "fake/native.h"
#include "fake/process.h"
#include "fake/virtio.h"
#include "native_source.h"
#include "native_virtio.h"

static struct glue_req_port port;
static uint8_t *data;

static int set_up(void **state)
{
	(void)state;
	assert_int_equal(source_start(SOURCE_EVENT), K_OK);
	native.revives = 1;
	if (glue_req_open(&port, "rng0", GLUE_CLASS_RNG, REGION))
		return 1;
	data = glue_req_data(&port);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	source.lie = HONEST;
	native_end();
	glue_req_close(&port);
	return 0;
}

/* --- a source that works -------------------------------------------------- */

static uint64_t soon(void)
{
	return glue_deadline_ns(1000000000ul);
}

static enum k_err read_bytes(uint32_t bytes)
{
	uint64_t value = 0;
	enum k_err err;

	memset(data, 0, bytes);
	err = glue_req_call(&port, GLUE_RNG_READ, 0, 0, data, bytes, &value,
			    soon());
	if (!err)
		assert_int_equal(value, bytes);
	return err;
}

/* The next bytes of the source, from number @first on, and nothing behind. */
static void expect_bytes(const uint8_t *bytes, uint64_t first, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		assert_int_equal(bytes[i], source_byte(first + i));
}

static void test_read(void **state)
{
	static const uint32_t sizes[] = { 1, 7, 8, 9, 4095, 4096 };
	struct glue_rng_info info;
	unsigned int i;

	(void)state;
	assert_int_equal(glue_req_info(&port, &info, sizeof(info), soon()),
			 K_OK);
	assert_string_equal(info.driver, "native virtio_rng");
	assert_string_equal(info.name, "/virtio_mmio@a000000");
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint64_t before = source.given;

		assert_int_equal(read_bytes(sizes[i]), K_OK);
		expect_bytes(data, before, sizes[i]);
		assert_int_equal(source.given,
				 before + (sizes[i] < 16 ? 16 : sizes[i]));
	}
	assert_int_equal(read_bytes(4097), K_ERR_INVALID);
}

/* Answers that are too short are put together; none is taken for whole. */
static void test_short_answers(void **state)
{
	uint64_t before = source.given;

	(void)state;
	source.lie = SHORT;
	source.lies = ~0u;
	assert_int_equal(read_bytes(4096), K_OK);
	expect_bytes(data, before, 4096);
}

static void test_without_event_index(void **state)
{
	uint64_t before = source.given;

	(void)state;
	glue_req_close(&port);
	assert_int_equal(source_start(0), K_OK);
	assert_int_equal(glue_req_open(&port, "rng0", GLUE_CLASS_RNG, REGION),
			 K_OK);
	data = glue_req_data(&port);
	assert_int_equal(read_bytes(100), K_OK);
	expect_bytes(data, before, 100);
}

static struct glue_req req[GLUE_REQ_OPEN_MAX];

static void submit_all(void)
{
	unsigned int i;

	for (i = 0; i < GLUE_REQ_OPEN_MAX; i++) {
		req[i] = (struct glue_req){ .op = GLUE_RNG_READ,
					    .data = data + i * 4096 };
		req[i].bytes = 1 + (uint32_t)random() % 4096;
		memset(req[i].data, 0, req[i].bytes);
		assert_int_equal(glue_req_submit(&port, &req[i]), K_OK);
	}
	glue_req_kick(&port);
}

/* Return: how many bytes it was given. */
static uint64_t expect_end(struct glue_req *r)
{
	assert_int_equal(glue_req_wait(&port, r, soon()), K_OK);
	if (r->status == K_ERR_GONE)
		return 0;
	assert_int_equal(r->status, K_OK);
	assert_int_equal(r->value, r->bytes);
	assert_null(memchr(r->data, 0, r->bytes));
	return r->value;
}

/* Readers in a row, some of whom go: no byte is made up, or given twice. */
static void test_many_readers(void **state)
{
	unsigned int round, i;
	uint64_t given = 0;

	(void)state;
	source.given = 0;
	for (round = 0; round < 500; round++) {
		source.lie = DRY;
		submit_all();
		glue_req_cancel(&port, &req[0]);
		glue_req_cancel(&port, &req[random() % GLUE_REQ_OPEN_MAX]);
		source.lie = random() % 2 ? HONEST : SHORT;
		source.lies = (unsigned int)random() % 8;
		for (i = 0; i < GLUE_REQ_OPEN_MAX; i++)
			given += expect_end(&req[i]);
		assert_true(given <= source.given);
	}
	assert_in_range(given, 500 * 2 * 4096, source.given);
	assert_int_equal(dddk_req_in_flight(), 0);
	assert_int_equal(device.resets, 1);
}

static void test_dry(void **state)
{
	(void)state;
	source.lie = DRY;
	assert_int_equal(read_bytes(64), K_ERR_TIMEOUT);
	assert_true(glue_req_is_open(&port));
	source.lie = HONEST;
	assert_int_equal(read_bytes(64), K_OK);
	assert_int_equal(device.resets, 1);
}

/* One that stays dry: the process ends, and says why. */
static void test_hung(void **state)
{
	(void)state;
	source.lie = DRY;
	submit_all();
	native_pass(9900);
	assert_int_equal(native.driver_end, K_OK);
	native_pass(600);
	native_expect(K_ERR_TIMEOUT,
		      "queue 0: it has owed an answer for 10000 ms");
}

/* --- a source that lies --------------------------------------------------- */

/* A lie ends the driver. Its reader does not notice: it gets the next life's
 * bytes. */
static void expect_next_life(enum lie lie, uint32_t bytes)
{
	unsigned int before = native.lives, resets = device.resets;

	source.lie = lie;
	assert_int_equal(read_bytes(bytes), K_OK);
	expect_bytes(data, source.given - (bytes < 16 ? 16 : bytes), bytes);
	assert_int_equal(native.lives, before + 1);
	assert_int_equal(device.resets, resets + RECOVERY);
}

static void test_lies(void **state)
{
	static const char unwritten[] = "so many bytes have not been written";
	static const struct {
		enum lie lie;
		const char *said;
	} all[] = { { EMPTY, unwritten },	{ UNTOUCHED, unwritten },
		    { LAST, unwritten },	{ HALF, unwritten },
		    { LONG, SAID_LONG },	{ WRONG_ID, SAID_NO_ID },
		    { FAR_ID, SAID_NO_ID },	{ JUMP, SAID_JUMP },
		    { NEEDS_RESET, SAID_RESET } };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		tear_down(NULL);
		set_up(NULL);
		expect_next_life(all[i].lie, 256);
		native_expect(K_OK, all[i].said);
	}
}

/* Answers too short to be judged: a few may be chance, more are not. */
static void test_few_bytes(void **state)
{
	(void)state;
	source.lie = FEW;
	source.lies = 15;
	assert_int_equal(read_bytes(256), K_OK);
	expect_bytes(data, 0, 256);
	source.lies = 15;
	assert_int_equal(read_bytes(256), K_OK);
	assert_int_equal(device.resets, 1);
	source.lies = 16;
	expect_next_life(FEW, 256);
	source.lies = 16;
	expect_next_life(FEW, 256);
}

/* Eight bytes that are no whole word of the buffer, and the last. */
static void test_half_unaligned(void **state)
{
	(void)state;
	expect_next_life(HALF, 19);
}

/* What it wrote and did not say is not taken for poison later: source_step
 * looks at each buffer that it gets. */
static void test_writes_in_silence(void **state)
{
	(void)state;
	source.lie = SILENT;
	assert_int_equal(read_bytes(256), K_OK);
	source.lies = 1;
	expect_next_life(HALF, 256);
}

/* Two answers to one request: neither is believed. */
static void test_ends_twice(void **state)
{
	(void)state;
	expect_next_life(TWICE, 256);
	native_expect(K_OK, SAID_JUMP);
}

static void test_interrupts_without_cause(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 100; i++)
		native_run(GLUE_EVENT_IRQ(0));
	assert_int_equal(read_bytes(100), K_OK);
	assert_int_equal(device.resets, 1);
}

static void test_refused(void **state)
{
	(void)state;
	virtio_refused(4096, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_read),
		TEST(test_short_answers),
		TEST(test_many_readers),
		TEST(test_without_event_index),
		TEST(test_dry),
		TEST(test_lies),
		TEST(test_few_bytes),
		TEST(test_half_unaligned),
		TEST(test_ends_twice),
		TEST(test_interrupts_without_cause),
		TEST(test_refused),
		TEST(test_hung),
		TEST(test_writes_in_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
