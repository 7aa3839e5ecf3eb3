/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_virtio_blk_lies.c - the native disk driver and a device that fails or
 * lies.
 *
 * What plays the disk: native_disk.c; the client: native_blk.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <glue/block_client.h>
#include <glue/rt.h>
#include "fake/native.h"
#include "fake/process.h"
#include "fake/virtio.h"
#include "native_blk.h"
#include "native_virtio.h"

/* An error for one request; the others, and the disk, go on. */
static void one_fails(enum lie what)
{
	uint8_t *data = glue_block_alloc(&blk, 512, 0);

	disk.lie = what;
	assert_int_equal(read_one(3, data), K_ERR_IO);
	assert_int_equal(read_one(3, data), K_OK);
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

/* Lies end the driver, and nothing is answered: the next life does it. */
static void test_lies(void **state)
{
	static struct glue_block_request open = { .op = GLUE_BLOCK_READ,
						  .sector = 3,
						  .count = 1 };
	static const struct {
		enum lie lie;
		const char *said;
	} all[] = { { NO_STATUS, "a request ended without a verdict" },
		    { WRONG_ID, SAID_NO_ID },
		    { FAR_ID, SAID_NO_ID },
		    { LONG, SAID_LONG },
		    { JUMP, SAID_JUMP },
		    { NEEDS_RESET, SAID_RESET } };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		glue_block_close(&blk);
		set_up(NULL);
		open.data = glue_block_alloc(&blk, 512, 0);
		disk.lie = all[i].lie;
		assert_int_equal(glue_block_submit(&blk, &open), K_OK);
		glue_block_kick(&blk);
		disk_step();
		native_run(GLUE_EVENT_IRQ(0));
		native_expect(K_ERR_IO, all[i].said);
		glue_block_poll(&blk);
		assert_true(open.in_flight);
		assert_int_equal(native_stop(K_ERR_IO), K_ERR_IO);
		assert_int_equal(device.status, 0);
		native_live_again();
		assert_int_equal(glue_block_wait(&blk, GLUE_FOREVER), K_OK);
		assert_int_equal(open.status, K_OK);
		load(500);
		assert_int_equal(failed, 0);
	}
}

/* The answer that was right is given, whatever comes after it. */
static void test_ends_twice(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 512, 0);

	(void)state;
	disk.lie = TWICE;
	assert_int_equal(read_one(3, data), K_OK);
	native_run(GLUE_EVENT_IRQ(0));
	native_expect(K_ERR_IO, SAID_NOT_OUT);
	native_live_again();
	assert_int_equal(read_one(3, data), K_OK);
}

/* Many in flight when the device goes mad: none ends with an error, or wrong
 * data. */
static void test_lie_under_load(void **state)
{
	(void)state;
	native.revives = 1;
	disk.lie = WRONG_ID;
	load(20000);
	assert_int_equal(native.lives, 1);
	assert_int_equal(failed, 0);
	assert_int_equal(ended, 20000 + REQUESTS);
}

/* A client's signal comes with the interrupt that finds the device broken. */
static void test_signal_with_a_break(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 512, 0);

	(void)state;
	native.revives = 1;
	device.status |= 64;
	fake_virtio_config_changed();
	assert_int_equal(glue_block_read(&blk, 3, 1, data,
					 glue_deadline_ns(1000000000ul)),
			 K_OK);
	assert_int_equal(native.lives, 1);
}

/* More requests than slots: those that wait are served after the break. */
static void test_break_when_full(void **state)
{
	(void)state;
	reopen(ALL, 512, 32);
	native.revives = 1;
	disk.lie = WRONG_ID;
	load(0);
	assert_int_equal(ended, REQUESTS);
	assert_int_equal(failed, 0);
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
	assert_int_equal(native.driver_end, K_ERR_IO);
	native_stop(K_ERR_IO);
	native_expect(K_ERR_GONE, "does not end its reset");
	glue_block_poll(&blk);
	assert_int_equal(glue_block_in_flight(&blk), 1);
}

static void test_refused(void **state)
{
	(void)state;
	virtio_refused(4096, 1);
	device.queue_max = 2;
	native_refused(K_ERR_UNSUPPORTED, "room for 2 descriptors");
	device.queue_max = 1024;
	memset(device.config + 20, 0x11, 4);
	native_refused(K_ERR_INVALID, "claims blocks of");
	disk_behave(512);
	assert_int_equal(native_probe(), K_OK);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_io_error),
		TEST(test_short),
		TEST(test_bad_status),
		TEST(test_no_id),
		TEST(test_lies),
		TEST(test_ends_twice),
		TEST(test_lie_under_load),
		TEST(test_signal_with_a_break),
		TEST(test_break_when_full),
		TEST(test_refused),
		/* Nothing is driven after it, and nothing can be closed. */
		cmocka_unit_test_setup(test_unstoppable, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
