/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_virtio_blk.c - the native disk driver between our client and a device
 * that works, fails, or lies.
 *
 * Client, driver and device share one host process (fake/loopback.h,
 * fake/virtio.h); what plays the disk: native_disk.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/block_service.h>
#include <glue/block_client.h>
#include <glue/rt.h>
#include "fake/native.h"
#include "fake/process.h"
#include "fake/virtio.h"
#include "native_disk.h"

#define REQUESTS 32u
#define RECOVERY 2u /* resets: to quiesce, and to probe */

static struct glue_block blk;

static int set_up(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(disk.medium); i++)
		disk.medium[i] = (uint8_t)(i * 31 >> 5);
	assert_int_equal(disk_start(ALL, 512), K_OK);
	return glue_block_open(&blk, "blk0", REGION, GLUE_FOREVER);
}

/* --- a device that works -------------------------------------------------- */

static void test_info(void **state)
{
	(void)state;
	assert_int_equal(blk.info.sectors, SECTORS);
	assert_string_equal(blk.info.serial, "a fake disk");
	assert_string_equal(blk.info.driver, "native virtio_blk");
	assert_int_equal(blk.info.features, GLUE_BLOCK_F_FLUSH |
						    GLUE_BLOCK_F_DISCARD |
						    GLUE_BLOCK_F_ZEROES);
}

static void test_read_write(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 400 * 512, 0);

	(void)state;
	assert_int_equal(glue_block_read(&blk, 100, 400, data, GLUE_FOREVER),
			 K_OK);
	assert_memory_equal(disk.medium + 100 * 512, data, 400 * 512);
	memset(data, 0x5a, 400 * 512);
	assert_int_equal(glue_block_write(&blk, 100, 400, data, GLUE_FOREVER),
			 K_OK);
	assert_memory_equal(disk.medium + 100 * 512, data, 400 * 512);
	assert_int_equal(glue_block_flush(&blk, GLUE_FOREVER), K_OK);
	assert_int_equal(glue_block_write_zeroes(&blk, 100, 8, GLUE_FOREVER),
			 K_OK);
	assert_int_equal(disk.medium[100 * 512], 0);
	assert_int_equal(disk.last_unmap, 1);
	assert_int_equal(glue_block_discard(&blk, 200, 8, GLUE_FOREVER), K_OK);
	assert_int_equal(disk.medium[200 * 512], 0xdd);
	assert_int_equal(disk.last_unmap, 0);
}

static int tear_down(void **state)
{
	(void)state;
	disk.lie = HONEST;
	native_end();
	glue_block_close(&blk);
	return 0;
}

static struct glue_block_request req[REQUESTS];
static uint8_t *buffer[REQUESTS];
static uint8_t expected[REQUESTS];
static unsigned int ended, limit, failed;

#define SHARE (SECTORS / REQUESTS)

static void next(struct glue_block_request *r)
{
	unsigned int i = (unsigned int)(r - req), k;

	ended++;
	if (r->status) {
		failed++;
		return;
	}
	if (r->op == GLUE_BLOCK_READ)
		for (k = 0; k < r->count * 512; k += 97)
			assert_int_equal(buffer[i][k], expected[i]);
	if (ended > limit)
		return;
	r->op = random() % 2 ? GLUE_BLOCK_READ : GLUE_BLOCK_WRITE;
	r->flags = r->op == GLUE_BLOCK_WRITE && random() % 8 == 0 ?
			   GLUE_BLOCK_FUA :
			   0;
	if (r->op == GLUE_BLOCK_WRITE)
		expected[i] = (uint8_t)random();
	memset(buffer[i],
	       r->op == GLUE_BLOCK_WRITE ? expected[i] : ~expected[i],
	       SHARE * 512);
	assert_int_equal(glue_block_submit(&blk, r), K_OK);
}

static void submit_all(unsigned int more)
{
	unsigned int i;

	ended = failed = 0;
	limit = more;
	memset(disk.medium, 0, sizeof(disk.medium));
	for (i = 0; i < REQUESTS; i++) {
		buffer[i] = glue_block_alloc(&blk, SHARE * 512, 0);
		assert_non_null(buffer[i]);
		memset(buffer[i], 0xff, SHARE * 512);
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
	assert_int_equal(dddk_block_in_flight(), 0);
}

static void test_32_in_flight(void **state)
{
	(void)state;
	submit_all(20000);
	assert_int_equal(ended, 20000 + REQUESTS);
	assert_int_equal(failed, 0);
	assert_true(device.queue[0].notified < ended);
}

static void test_without_event_index(void **state)
{
	(void)state;
	glue_block_close(&blk);
	assert_int_equal(disk_start(F_FLUSH, 0), K_OK);
	assert_int_equal(glue_block_open(&blk, "blk0", REGION, GLUE_FOREVER),
			 K_OK);
	submit_all(2000);
	assert_int_equal(failed, 0);
}

/* A queue of 32 entries holds 32 requests, if they may be indirect. */
static void test_small_queue(void **state)
{
	unsigned int indirect;

	(void)state;
	for (indirect = 0; indirect < 2; indirect++) {
		glue_block_close(&blk);
		disk_start(indirect ? ALL | F_INDIRECT : ALL, 512);
		device.queue_max = 32;
		assert_int_equal(native_probe(), K_OK);
		assert_int_equal(glue_block_open(&blk, "blk0", REGION,
						 GLUE_FOREVER),
				 K_OK);
		submit_all(2000);
		assert_int_equal(failed, 0);
		assert_int_equal(disk.most_open, indirect ? 32 : 32 / 4);
	}
}

/* A disk that grows, and becomes read-only, while it is open. */
static void test_config_change(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 512, 0);
	uint64_t sectors = 16;

	(void)state;
	memcpy(device.config, &sectors, 8);
	fake_virtio_config_changed();
	native_run(GLUE_EVENT_IRQ(0));
	fake.events = 0;
	assert_int_equal(glue_block_read(&blk, 15, 1, data, GLUE_FOREVER),
			 K_OK);
	assert_int_equal(glue_block_read(&blk, 16, 1, data, GLUE_FOREVER),
			 K_ERR_RANGE);
}

/* It changes while it is read: half of the old and half of the new is no
 * configuration. */
static void test_config_torn(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 512, 0);
	unsigned int at;

	(void)state;
	for (at = 0; at < sizeof(device.config); at++)
		device.config[at] ^= 0xff;
	device.config_tears = 1;
	fake_virtio_config_changed();
	native_run(GLUE_EVENT_IRQ(0));
	assert_int_equal(device.config_tears, 0);
	assert_int_equal(glue_block_read(&blk, SECTORS - 1, 1, data,
					 GLUE_FOREVER),
			 K_OK);
	assert_int_equal(glue_block_read(&blk, SECTORS, 1, data, GLUE_FOREVER),
			 K_ERR_RANGE);
	assert_int_equal(device.resets, 1);
}

static void test_readonly(void **state)
{
	uint8_t *data;

	(void)state;
	glue_block_close(&blk);
	assert_int_equal(disk_start(F_RO, 0), K_OK);
	assert_int_equal(glue_block_open(&blk, "blk0", REGION, GLUE_FOREVER),
			 K_OK);
	data = glue_block_alloc(&blk, 512, 0);
	assert_int_equal(glue_block_write(&blk, 0, 1, data, GLUE_FOREVER),
			 K_ERR_READONLY);
}

/* --- a device that fails or disk.lies ------------------------------------------ */

/* An error for one request; the others, and the disk, go on. */
static void one_fails(enum lie what)
{
	uint8_t *data = glue_block_alloc(&blk, 512, 0);

	disk.lie = what;
	assert_int_equal(glue_block_read(&blk, 3, 1, data, GLUE_FOREVER),
			 K_ERR_IO);
	assert_int_equal(glue_block_read(&blk, 3, 1, data, GLUE_FOREVER), K_OK);
	assert_memory_equal(data, disk.medium + 3 * 512, 512);
}

static void test_io_error(void **state)
{
	(void)state;
	one_fails(IO_ERROR);
	assert_int_equal(device.resets, 1);
}

static void test_short(void **state)
{
	(void)state;
	one_fails(SHORT);
	assert_int_equal(device.resets, 1);
}

static void test_bad_status(void **state)
{
	(void)state;
	one_fails(BAD_STATUS);
	assert_int_equal(device.resets, 1);
}

/* A name that the device takes back, or never wrote, is none. */
static void test_no_id(void **state)
{
	static const enum lie all[] = { IO_ERROR, NO_STATUS, BAD_STATUS };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		disk.lie = all[i];
		disk.lies = 0;
		assert_int_equal(native_probe(), K_OK);
		assert_int_equal(disk.lies, 1);
		assert_int_equal(glue_block_refresh(&blk, GLUE_FOREVER), K_OK);
		assert_string_equal(blk.info.serial, "");
	}
}

/* Lies end in a reset, an error for what was in flight, and a served disk. */
static void test_lies(void **state)
{
	static const enum lie all[] = { NO_STATUS, WRONG_ID, FAR_ID,
					LONG,	   JUMP,     NEEDS_RESET };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		glue_block_close(&blk);
		set_up(NULL);
		one_fails(all[i]);
		assert_int_equal(device.resets, 1 + RECOVERY);
		submit_all(500);
		assert_int_equal(failed, 0);
	}
}

static void test_ends_twice(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 512, 0);

	(void)state;
	disk.lie = TWICE;
	disk.medium[0] =
		0xee; /* the device wrote nothing: data stays as it is */
	glue_block_read(&blk, 3, 1, data, GLUE_FOREVER);
	native_run(GLUE_EVENT_IRQ(0));
	assert_int_equal(device.resets, 1 + RECOVERY);
	assert_int_equal(glue_block_read(&blk, 3, 1, data, GLUE_FOREVER), K_OK);
}

/* Many in flight when the device goes mad: each ends, none with wrong data. */
static void test_lie_under_load(void **state)
{
	(void)state;
	disk.lie = WRONG_ID;
	submit_all(20000);
	assert_int_equal(device.resets, 1 + RECOVERY);
	assert_in_range(failed, 1, REQUESTS);
	assert_int_equal(ended, REQUESTS);
}

static void test_interrupts_without_cause(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 100; i++)
		native_run(GLUE_EVENT_IRQ(0));
	submit_all(100);
	assert_int_equal(failed, 0);
	assert_int_equal(device.resets, 1);
}

/* A client's signal comes with the interrupt that finds the device broken. */
/* It interrupts for nothing before it answers the driver's first question. */
static int interrupts_first(void)
{
	if (fake_virtio_waiting(0) && device.generation < 3) {
		fake_virtio_config_changed();
		return 1;
	}
	return disk_step();
}

static void test_interrupts_in_probe(void **state)
{
	(void)state;
	native.device_step = interrupts_first;
	assert_int_equal(native_probe(), K_OK);
	assert_int_equal(device.generation, 3);
}

static void test_signal_with_a_break(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 512, 0);

	(void)state;
	device.status |= 64;
	fake_virtio_config_changed();
	assert_int_not_equal(glue_block_read(&blk, 3, 1, data,
					     glue_deadline_ns(1000000000ul)),
			     K_ERR_TIMEOUT);
	assert_int_equal(device.resets, 1 + RECOVERY);
}

/* More requests than slots: those that wait are served after the break. */
static void test_break_when_full(void **state)
{
	(void)state;
	glue_block_close(&blk);
	disk_start(ALL, 512);
	device.queue_max = 32;
	assert_int_equal(native_probe(), K_OK);
	assert_int_equal(glue_block_open(&blk, "blk0", REGION, GLUE_FOREVER),
			 K_OK);
	disk.lie = WRONG_ID;
	submit_all(0);
	assert_int_equal(ended, REQUESTS);
	assert_int_equal(failed, 32 / 4);
}

/* The device does not end its reset: what it has is left to it. */
static void test_unstoppable(void **state)
{
	static struct glue_block_request last = { .op = GLUE_BLOCK_READ,
						  .count = 1 };

	(void)state;
	last.data = glue_block_alloc(&blk, 512, 0);
	assert_int_equal(glue_block_submit(&blk, &last), K_OK);
	glue_block_kick(&blk);
	device.never_resets = 1;
	device.status |= 64;
	fake_virtio_config_changed();
	native_run(GLUE_EVENT_IRQ(0));
	assert_int_equal(native.driver_end, K_ERR_TIMEOUT);
	glue_block_poll(&blk);
	assert_int_equal(glue_block_in_flight(&blk), 1);
}

/* A device that never stops lying: the process ends, and says why. */
static void test_given_up(void **state)
{
	(void)state;
	disk.lie = NEEDS_RESET;
	disk.lies_most = 1000;
	submit_all(0);
	assert_int_not_equal(native.driver_end, K_OK);
}

/* --- a device that cannot be driven --------------------------------------- */

static void test_refused(void **state)
{
	(void)state;
	device.id = 1;
	native_refused(K_ERR_UNSUPPORTED,
		       "device 1: this driver is for virtio device 2");
	device.id = 2;
	device.version = 1;
	native_refused(K_ERR_UNSUPPORTED, "version 1");
	device.version = 2;
	device.never_resets = 1;
	native_refused(K_ERR_TIMEOUT, "does not end its reset");
	device.never_resets = 0;
	device.refuses_features = 1;
	native_refused(K_ERR_UNSUPPORTED, "refuses the features");
	device.refuses_features = 0;
	device.queue_max = 2;
	native_refused(K_ERR_UNSUPPORTED, "room for 2 descriptors");
	device.queue_max = 0;
	native_refused(K_ERR_UNSUPPORTED, "queue 0");
	device.queue_max = 1024;
	device.offered &= ~(1ull << 32);
	native_refused(K_ERR_UNSUPPORTED, "legacy");
	device.offered |= 1ull << 32;
	device.config_restless = 1;
	native_refused(K_ERR_IO, "never stands still");
	device.config_restless = 0;
	memset(device.config + 20, 0x11, 4);
	native_refused(K_ERR_INVALID, "claims blocks of");
	fake_env()->dma_bytes = 4096;
	native_refused(K_ERR_NOMEM, "set dma_kib");
	fake_env()->mmio[0].bytes = 64;
	native_refused(K_ERR_NOTFOUND, "too small");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_info),
		TEST(test_read_write),
		TEST(test_32_in_flight),
		TEST(test_without_event_index),
		TEST(test_small_queue),
		TEST(test_config_change),
		TEST(test_config_torn),
		TEST(test_readonly),
		TEST(test_short),
		TEST(test_io_error),
		TEST(test_bad_status),
		TEST(test_no_id),
		TEST(test_lies),
		TEST(test_ends_twice),
		TEST(test_lie_under_load),
		TEST(test_interrupts_without_cause),
		TEST(test_interrupts_in_probe),
		TEST(test_signal_with_a_break),
		TEST(test_break_when_full),
		TEST(test_given_up),
		TEST(test_refused),
		/* Nothing is driven after it, and nothing can be closed. */
		cmocka_unit_test_setup(test_unstoppable, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
