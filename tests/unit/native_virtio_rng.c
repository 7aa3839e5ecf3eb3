/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_virtio_rng.c - the native random number driver between our client and
 * a source that works, runs dry, or lies.
 *
 * The source gives a counter's bytes, none of which is zero, so that a byte
 * which it has not written, or has written once and a client got twice, shows.
 * Client, driver and device share one host process (fake/native.h).
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

#define REGION	 65536u
#define ARENA	 8192u
#define RECOVERY 2u /* resets: to quiesce, and to probe */
#define EVENT	 (1ull << 29)

enum lie {
	HONEST,
	SHORT,	   /* a few bytes, which is its right */
	DRY,	   /* nothing, for ever */
	EMPTY,	   /* ends without a byte */
	UNTOUCHED, /* says that it has written */
	HALF,	   /* has written less than it says */
	LONG,	   /* more bytes than there is room for */
	WRONG_ID,
	FAR_ID,
	TWICE,
	JUMP,
	NEEDS_RESET,
};

static enum lie lie;
static unsigned int lies; /* as many more as this */
static uint64_t counter;  /* of the source */
static struct glue_req_port port;
static uint8_t *data;

/* --- the source ----------------------------------------------------------- */

static void write_some(const struct fake_piece *piece, uint32_t bytes)
{
	uint32_t i;

	for (i = 0; i < bytes; i++)
		piece->data[i] = (uint8_t)(1 + counter++ % 251);
}

static void answer(const struct fake_piece *piece, uint32_t id, uint32_t bytes)
{
	write_some(piece, bytes);
	fake_virtio_end(0, id, bytes);
}

static void tell_lie(const struct fake_piece *piece, uint32_t id)
{
	uint32_t bytes = piece->bytes;

	switch (lie) {
	case SHORT:
		return answer(piece, id, bytes > 5 ? bytes / 3 : 1);
	case EMPTY:
		return fake_virtio_end(0, id, 0);
	case UNTOUCHED:
		return fake_virtio_end(0, id, bytes);
	case HALF:
		write_some(piece, bytes / 2);
		return fake_virtio_end(0, id, bytes);
	case LONG:
		return fake_virtio_end(0, id, bytes + 1);
	case WRONG_ID:
		return fake_virtio_end(0, id + 1, bytes);
	case FAR_ID:
		return fake_virtio_end(0, 70000, bytes);
	case TWICE:
		answer(piece, id, bytes);
		return fake_virtio_end(0, id, bytes);
	case JUMP:
		return fake_virtio_jump(0, 900);
	default:
		device.status |= 64;
		return fake_virtio_config_changed();
	}
}

static int device_step(void)
{
	struct fake_piece piece[FAKE_PIECES];
	uint32_t id;
	unsigned int i;

	if (lie == DRY || !fake_virtio_next(0, piece, &id))
		return 0;
	assert_true(piece[0].writable);
	assert_in_range(piece[0].bytes, 1, GLUE_RNG_BYTES_MAX);
	for (i = 0; i < piece[0].bytes; i++)
		assert_int_equal(piece[0].data[i], 0);
	if (lie == HONEST || !lies) {
		answer(&piece[0], id, piece[0].bytes);
		return 1;
	}
	lies--;
	tell_lie(&piece[0], id);
	return 1;
}

static enum k_err probe(uint64_t features)
{
	native_start(GLUE_CLASS_RNG, GLUE_REQ_DEPTH, REGION, device_step);
	fake_virtio_start(4, features, ARENA);
	return native_probe();
}

static int set_up(void **state)
{
	(void)state;
	lie = HONEST;
	lies = 1;
	assert_int_equal(probe(EVENT), K_OK);
	if (glue_req_open(&port, "rng0", GLUE_CLASS_RNG, REGION))
		return 1;
	data = glue_req_data(&port);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	lie = HONEST;
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
		assert_int_equal(bytes[i], 1 + (first + i) % 251);
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
		uint64_t before = counter;

		assert_int_equal(read_bytes(sizes[i]), K_OK);
		expect_bytes(data, before, sizes[i]);
		assert_int_equal(counter, before + sizes[i]);
	}
	assert_int_equal(read_bytes(4097), K_ERR_INVALID);
}

/* Answers that are too short are put together; none is taken for whole. */
static void test_short_answers(void **state)
{
	uint64_t before = counter;

	(void)state;
	lie = SHORT;
	lies = ~0u;
	assert_int_equal(read_bytes(4096), K_OK);
	expect_bytes(data, before, 4096);
}

static void test_without_event_index(void **state)
{
	uint64_t before = counter;

	(void)state;
	glue_req_close(&port);
	assert_int_equal(probe(0), K_OK);
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
	counter = 0;
	for (round = 0; round < 500; round++) {
		lie = DRY;
		submit_all();
		glue_req_cancel(&port, &req[0]);
		glue_req_cancel(&port, &req[random() % GLUE_REQ_OPEN_MAX]);
		lie = random() % 2 ? HONEST : SHORT;
		lies = (unsigned int)random() % 8;
		for (i = 0; i < GLUE_REQ_OPEN_MAX; i++)
			given += expect_end(&req[i]);
		assert_true(given <= counter);
	}
	assert_in_range(given, 500 * 2 * 4096, counter);
	assert_int_equal(dddk_req_in_flight(), 0);
	assert_int_equal(device.resets, 1);
}

static void test_dry(void **state)
{
	(void)state;
	lie = DRY;
	assert_int_equal(read_bytes(64), K_ERR_TIMEOUT);
	assert_true(glue_req_is_open(&port));
	lie = HONEST;
	assert_int_equal(read_bytes(64), K_OK);
	assert_int_equal(device.resets, 1);
}

/* --- a source that lies --------------------------------------------------- */

static void test_lies(void **state)
{
	static const enum lie all[] = {
		EMPTY,	  UNTOUCHED, HALF, LONG,
		WRONG_ID, FAR_ID,    JUMP, NEEDS_RESET
	};
	unsigned int i, k;
	uint64_t before;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		tear_down(NULL);
		set_up(NULL);
		lie = all[i];
		assert_int_equal(read_bytes(256), K_ERR_IO);
		for (k = 0; k < 256; k++)
			assert_int_equal(data[k], 0);
		assert_int_equal(device.resets, 1 + RECOVERY);
		before = counter;
		assert_int_equal(read_bytes(256), K_OK);
		expect_bytes(data, before, 256);
	}
}

/* Two answers to one request: neither is believed. */
static void test_ends_twice(void **state)
{
	(void)state;
	lie = TWICE;
	assert_int_equal(read_bytes(256), K_ERR_IO);
	assert_int_equal(device.resets, 1 + RECOVERY);
	assert_int_equal(read_bytes(256), K_OK);
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

/* A source that never stops lying: the process ends. */
static void test_given_up(void **state)
{
	unsigned int i;

	(void)state;
	lie = EMPTY;
	lies = ~0u;
	for (i = 0; i < 6; i++)
		assert_int_equal(read_bytes(16), K_ERR_IO);
	assert_int_not_equal(native.driver_end, K_OK);
}

static void test_refused(void **state)
{
	(void)state;
	device.id = 2;
	native_refused(K_ERR_UNSUPPORTED, "this driver is for virtio device 4");
	device.id = 4;
	device.queue_max = 0;
	native_refused(K_ERR_UNSUPPORTED, "room for 0 descriptors");
	device.queue_max = 8;
	device.refuses_features = 1;
	native_refused(K_ERR_UNSUPPORTED, "refuses the features");
	device.refuses_features = 0;
	device.offered = EVENT;
	native_refused(K_ERR_UNSUPPORTED, "legacy");
	device.offered |= 1ull << 32;
	fake_env()->dma_bytes = 4096;
	native_refused(K_ERR_NOMEM, "set dma_kib");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_read),	 TEST(test_short_answers),
		TEST(test_many_readers), TEST(test_without_event_index),
		TEST(test_dry),		 TEST(test_lies),
		TEST(test_ends_twice),	 TEST(test_interrupts_without_cause),
		TEST(test_given_up),	 TEST(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
