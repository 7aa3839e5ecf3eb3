/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dddk_end_to_end.c - our client against our service, with a disk in memory.
 *
 * Client and driver share one host process: channel 0 is the client's end,
 * channel 1 the driver's, and both ring windows show the same memory. The
 * driver runs when it is signalled or when the client sleeps; its disk has few
 * places and answers in any order. A model of the disk tells what is right.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/block_service.h>
#include <dddk/service.h>
#include <glue/block_client.h>
#include <glue/broker.h>
#include <glue/rt.h>
#include "fake/loopback.h"
#include "fake/process.h"

#define SECTORS	 2048u
#define REGION	 (2u << 20)
#define QUEUE	 24u
#define REQUESTS 32u

/* --- the driver's side ---------------------------------------------------- */

static uint8_t medium[SECTORS * 512];
static struct dddk_block_req queue[QUEUE];
static unsigned int queued;
static int in_driver;

static enum k_err submit(void *drv, const struct dddk_block_req *req)
{
	(void)drv;
	if (queued == QUEUE)
		return K_ERR_BUSY;
	queue[queued++] = *req;
	return K_OK;
}

static const struct dddk_block_ops ops = { .submit = submit };

/* The device does one of its requests, whichever. */
static void device_step(void)
{
	unsigned int i = (unsigned int)random() % queued;
	struct dddk_block_req req = queue[i];
	uint8_t *at = medium + req.sector * 512;

	queue[i] = queue[--queued];
	if (req.op == GLUE_BLOCK_READ)
		memcpy(req.data, at, req.bytes);
	else if (req.op == GLUE_BLOCK_WRITE)
		memcpy(at, req.data, req.bytes);
	else if (req.op == GLUE_BLOCK_WRITE_ZEROES)
		memset(at, 0, req.count * 512ul);
	dddk_block_complete(req.token, K_OK);
}

/* One turn of a driver's loop, without the sleep in its middle. */
static void driver_turn(uint64_t events)
{
	unsigned int n;

	in_driver = 1;
	do {
		dddk_block_poll(events);
		events = 0;
		for (n = (unsigned int)random() % 8; n && queued; n--)
			device_step();
		dddk_service_flush();
	} while (!dddk_service_sleep_prepare());
	in_driver = 0;
}

static void on_signal(glue_cptr cap)
{
	if (cap == GLUE_CAP_PEER0 + 1) {
		assert_true(in_driver);
		fake.events |= GLUE_EVENT_CHAN(0);
		return;
	}
	assert_int_equal(cap, GLUE_CAP_PEER0);
	assert_false(in_driver);
	driver_turn(GLUE_EVENT_CHAN(1));
}

/* The client sleeps: an interrupt of the device. Enough of them, in one go,
 * that something ends. */
static void on_block(void)
{
	while (queued && !(fake.events & GLUE_EVENT_CHAN(0))) {
		device_step();
		driver_turn(GLUE_EVENT_IRQ(0));
	}
}

/* --- the broker ----------------------------------------------------------- */

static void connect(void)
{
	loopback_connect(GLUE_CLASS_BLOCK, GLUE_BLOCK_DEPTH, REGION);
	driver_turn(GLUE_EVENT_CONTROL);
}

static void broker(struct glue_msg *msg)
{
	if (abi_info_label(msg->info) == GLUE_BROKER_CONNECT)
		connect();
	msg->mr[0] = 0;
	msg->info = abi_info(K_OK, 0, 1);
}

static struct glue_block blk;

static int set_up(void **state)
{
	static const struct glue_block_info info = {
		.sectors = SECTORS,
		.logical_bytes = 512,
		.max_sectors = 64,
		.features = GLUE_BLOCK_F_FLUSH | GLUE_BLOCK_F_ZEROES
	};

	(void)state;
	fake_process_start();
	fake.on_call = broker;
	fake.on_signal = on_signal;
	fake.on_block = on_block;
	queued = 0;
	memset(medium, 0, sizeof(medium));
	assert_int_equal(dddk_block_start(&ops, NULL, &info), K_OK);
	return glue_block_open(&blk, "blk0", REGION, GLUE_FOREVER);
}

/* --- the tests ------------------------------------------------------------ */

static void test_blocking_calls(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 400 * 512, 0);
	unsigned int i;

	(void)state;
	for (i = 0; i < 400 * 512; i++)
		data[i] = (uint8_t)(i * 31 >> 3);
	assert_int_equal(glue_block_write(&blk, 100, 400, data, GLUE_FOREVER),
			 K_OK);
	assert_memory_equal(medium + 100 * 512, data, 400 * 512);
	memset(data, 0, 400 * 512);
	assert_int_equal(glue_block_read(&blk, 100, 400, data, GLUE_FOREVER),
			 K_OK);
	assert_memory_equal(medium + 100 * 512, data, 400 * 512);
	assert_int_equal(glue_block_flush(&blk, GLUE_FOREVER), K_OK);
	assert_int_equal(glue_block_write_zeroes(&blk, 100, 400, GLUE_FOREVER),
			 K_OK);
	assert_int_equal(medium[100 * 512], 0);
	glue_block_close(&blk);
}

/* Each request owns its part of the disk, so that order does not matter. */
static struct glue_block_request req[REQUESTS];
static uint8_t *buffer[REQUESTS];
static uint8_t expected[REQUESTS];
static unsigned int ended, limit;

#define SHARE (SECTORS / REQUESTS)

static void next(struct glue_block_request *r)
{
	unsigned int i = (unsigned int)(r - req);
	unsigned int k;

	assert_int_equal(r->status, K_OK);
	if (r->op == GLUE_BLOCK_READ)
		for (k = 0; k < r->count * 512; k += 97)
			assert_int_equal(buffer[i][k], expected[i]);
	if (++ended > limit)
		return;
	r->op = random() % 2 ? GLUE_BLOCK_READ : GLUE_BLOCK_WRITE;
	r->flags = r->op == GLUE_BLOCK_WRITE && random() % 8 == 0 ?
			   GLUE_BLOCK_FUA :
			   0;
	if (r->op == GLUE_BLOCK_WRITE) {
		expected[i] = (uint8_t)random();
		memset(buffer[i], expected[i], SHARE * 512);
	} else {
		memset(buffer[i], ~expected[i], SHARE * 512);
	}
	assert_int_equal(glue_block_submit(&blk, r), K_OK);
	if (random() % 3 == 0)
		glue_block_kick(&blk);
}

static void test_32_in_flight(void **state)
{
	unsigned int i;

	(void)state;
	ended = 0;
	limit = 20000;
	for (i = 0; i < REQUESTS; i++) {
		buffer[i] = glue_block_alloc(&blk, SHARE * 512, 0);
		assert_non_null(buffer[i]);
		expected[i] = 0;
		req[i] = (struct glue_block_request){ .op = GLUE_BLOCK_READ,
						      .sector = i * SHARE,
						      .count = SHARE,
						      .data = buffer[i],
						      .done = next };
		assert_int_equal(glue_block_submit(&blk, &req[i]), K_OK);
	}
	while (glue_block_in_flight(&blk))
		assert_int_equal(glue_block_wait(&blk, GLUE_FOREVER), K_OK);
	assert_int_equal(ended, limit + REQUESTS);
	assert_int_equal(dddk_block_in_flight(), 0);
	/* A signal serves many requests. */
	assert_true(fake.signals[GLUE_CAP_PEER0] < ended);
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_blocking_calls),
		TEST(test_32_in_flight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
