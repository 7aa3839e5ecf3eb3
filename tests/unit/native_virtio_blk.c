/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_virtio_blk.c - the native disk driver between our client and a device
 * that works.
 *
 * Client, driver and device share one host process (fake/loopback.h,
 * fake/virtio.h); what plays the disk: native_disk.c; the client: native_blk.c.
 * A device that lies: native_virtio_blk_lies.c.
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

static void test_32_in_flight(void **state)
{
	(void)state;
	load(20000);
	assert_int_equal(ended, 20000 + REQUESTS);
	assert_int_equal(failed, 0);
	assert_true(device.queue[0].notified < ended);
}

static void test_without_event_index(void **state)
{
	(void)state;
	reopen(F_FLUSH, 0, 1024);
	load(2000);
	assert_int_equal(failed, 0);
}

/* A queue of 32 entries holds 32 requests, if they may be indirect. */
static void test_small_queue(void **state)
{
	unsigned int indirect;

	(void)state;
	for (indirect = 0; indirect < 2; indirect++) {
		reopen(indirect ? ALL | F_INDIRECT : ALL, 512, 32);
		load(2000);
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
	assert_int_equal(read_one(15, data), K_OK);
	assert_int_equal(read_one(16, data), K_ERR_RANGE);
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
	assert_int_equal(read_one(SECTORS - 1, data), K_OK);
	assert_int_equal(read_one(SECTORS, data), K_ERR_RANGE);
	assert_int_equal(device.resets, 1);
}

static void test_readonly(void **state)
{
	uint8_t *data;

	(void)state;
	reopen(F_RO, 0, 1024);
	data = glue_block_alloc(&blk, 512, 0);
	assert_int_equal(glue_block_write(&blk, 0, 1, data, GLUE_FOREVER),
			 K_ERR_READONLY);
}

static void test_interrupts_without_cause(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 100; i++)
		native_run(GLUE_EVENT_IRQ(0));
	load(100);
	assert_int_equal(failed, 0);
	assert_int_equal(device.resets, 1);
}

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
		TEST(test_interrupts_without_cause),
		TEST(test_interrupts_in_probe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
