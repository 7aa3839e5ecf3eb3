/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_block_client.c - the block client against a driver that behaves:
 * opening, blocking calls, several requests in flight.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <glue/rt.h>
#include "fake/disk.h"
#include "fake/process.h"

static int fresh(void **state)
{
	(void)state;
	disk_start();
	return 0;
}

static void test_open_reads_info(void **state)
{
	(void)state;
	assert_int_equal(glue_block_open(&blk, "blk0", DISK_REGION, soon()),
			 K_OK);
	assert_int_equal(glue_block_info(&blk)->sectors, DISK_SECTORS);
	assert_string_equal(glue_block_info(&blk)->serial, "disk-one");
	glue_block_close(&blk);
	glue_block_close(&blk);
	assert_int_equal(disk_disconnects, 1);
}

static void test_open_fails(void **state)
{
	(void)state;
	assert_int_equal(glue_block_open(&blk, "blk0", 100, soon()),
			 K_ERR_INVALID);
	assert_int_equal(glue_block_open(&blk, "blk0", GLUE_LENT_SPAN + 1,
					 soon()),
			 K_ERR_INVALID);
	disk_connect_err = K_ERR_FULL;
	assert_int_equal(glue_block_open(&blk, "blk0", DISK_REGION, soon()),
			 K_ERR_FULL);
	glue_block_close(&blk);
	assert_int_equal(disk_disconnects, 0);
	disk_connect_err = K_OK;
	disk_hold = 1;
	assert_int_equal(glue_block_open(&blk, "blk0", DISK_REGION, soon()),
			 K_ERR_TIMEOUT);
	assert_int_equal(disk_disconnects, 1);
}

/* Properties that make no sense are the driver's fault, and said so. */
static void test_open_refuses_bad_info(void **state)
{
	(void)state;
	disk_info.logical_bytes = 0;
	assert_int_equal(glue_block_open(&blk, "blk0", DISK_REGION, soon()),
			 K_ERR_PROTOCOL);
	disk_start();
	memset(disk_info.serial, 'x', sizeof(disk_info.serial));
	memset(disk_info.driver, 'y', sizeof(disk_info.driver));
	assert_int_equal(glue_block_open(&blk, "blk0", DISK_REGION, soon()),
			 K_OK);
	assert_int_equal(strlen(glue_block_info(&blk)->serial), 23);
	assert_int_equal(strlen(glue_block_info(&blk)->driver), 31);
}

static void test_read_and_write(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 4096, 0);

	(void)state;
	assert_int_equal(glue_block_read(&blk, 8, 8, data, soon()), K_OK);
	assert_memory_equal(data, disk_medium + 8 * 512, 4096);
	memset(data, 0x5a, 4096);
	assert_int_equal(glue_block_write(&blk, 16, 8, data, soon()), K_OK);
	assert_int_equal(disk_medium[16 * 512], 0x5a);
	assert_int_equal(disk_medium[24 * 512 - 1], 0x5a);
	assert_int_not_equal(disk_medium[24 * 512], 0x5a);
	assert_int_equal(glue_block_flush(&blk, soon()), K_OK);
	assert_int_equal(disk_taken[disk_n_taken - 1].op, GLUE_BLOCK_FLUSH);
}

static void test_long_read_is_cut(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 600 * 512, 0);
	unsigned int before = disk_n_taken;

	(void)state;
	assert_int_equal(glue_block_read(&blk, 5, 600, data, soon()), K_OK);
	assert_memory_equal(data, disk_medium + 5 * 512, 600 * 512);
	assert_int_equal(disk_n_taken - before, 3);
	assert_int_equal(disk_taken[disk_n_taken - 1].count, 600 - 512);
	before = disk_n_taken;
	assert_int_equal(glue_block_write_zeroes(&blk, 0, 250, soon()), K_OK);
	assert_int_equal(disk_n_taken - before, 3);
	assert_int_equal(disk_medium[249 * 512], 0);
	assert_int_equal(glue_block_discard(&blk, 0, 1000, soon()), K_OK);
}

static void test_refused_before_sending(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 4096, 0);
	unsigned int before = disk_n_taken;
	uint8_t outside[512];

	(void)state;
	assert_int_equal(glue_block_read(&blk, DISK_SECTORS, 1, data, soon()),
			 K_ERR_RANGE);
	assert_int_equal(glue_block_read(&blk, DISK_SECTORS - 1, 600, data,
					 soon()),
			 K_ERR_RANGE);
	assert_int_equal(glue_block_read(&blk, 0, 0, data, soon()),
			 K_ERR_INVALID);
	assert_int_equal(glue_block_read(&blk, 0, 1, data + 8, soon()),
			 K_ERR_ALIGN);
	assert_int_equal(glue_block_read(&blk, 0, 1, outside, soon()),
			 K_ERR_RANGE);
	assert_int_equal(glue_block_read(&blk, 0, 1, NULL, soon()),
			 K_ERR_INVALID);
	assert_int_equal(glue_block_read(&blk, 0, 4000, data, soon()),
			 K_ERR_RANGE);
	blk.info.features |= GLUE_BLOCK_F_READONLY;
	assert_int_equal(glue_block_write(&blk, 0, 1, data, soon()),
			 K_ERR_READONLY);
	assert_int_equal(disk_n_taken, before);
}

static void test_driver_error_arrives(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 4096, 0);

	(void)state;
	disk_next_status = K_ERR_IO;
	assert_int_equal(glue_block_read(&blk, 0, 1, data, soon()), K_ERR_IO);
	disk_next_status = (enum k_err)4711;
	assert_int_equal(glue_block_read(&blk, 0, 1, data, soon()),
			 K_ERR_PROTOCOL);
	assert_int_equal(glue_block_read(&blk, 0, 1, data, soon()), K_OK);
}

/* After a time-out the request is still the device's; the next call waits. */
static void test_timeout_then_late_answer(void **state)
{
	uint8_t *data = glue_block_alloc(&blk, 4096, 0);

	(void)state;
	disk_hold = 1;
	assert_int_equal(glue_block_read(&blk, 0, 1, data, soon()),
			 K_ERR_TIMEOUT);
	assert_int_equal(glue_block_in_flight(&blk), 1);
	assert_int_equal(glue_block_read(&blk, 1, 1, data, soon()),
			 K_ERR_TIMEOUT);
	assert_int_equal(glue_block_in_flight(&blk), 1);
	disk_hold = 0;
	disk_run();
	assert_int_equal(glue_block_read(&blk, 2, 1, data, soon()), K_OK);
	assert_memory_equal(data, disk_medium + 1024, 512);
	assert_int_equal(glue_block_in_flight(&blk), 0);
}

static void test_refresh_sees_new_size(void **state)
{
	(void)state;
	disk_info.sectors = 100;
	assert_int_equal(glue_block_refresh(&blk, soon()), K_OK);
	assert_int_equal(glue_block_info(&blk)->sectors, 100);
}

/* --- several in flight ---------------------------------------------------- */

static void test_batch_costs_one_signal(void **state)
{
	unsigned int i, before = fake.signals[GLUE_CAP_PEER0];

	(void)state;
	disk_prepare(32);
	for (i = 0; i < 32; i++)
		assert_int_equal(glue_block_submit(&blk, &req[i]), K_OK);
	assert_int_equal(fake.signals[GLUE_CAP_PEER0], before);
	glue_block_kick(&blk);
	glue_block_kick(&blk);
	assert_int_equal(fake.signals[GLUE_CAP_PEER0], before + 1);
	assert_int_equal(glue_block_poll(&blk), 32);
	assert_int_equal(glue_block_in_flight(&blk), 0);
	for (i = 0; i < 32; i++) {
		assert_int_equal(req[i].status, K_OK);
		assert_memory_equal(req[i].data, disk_medium + i * 4096, 4096);
	}
}

static void test_out_of_order(void **state)
{
	unsigned int i, first;

	(void)state;
	disk_prepare(3);
	disk_hold = 1;
	first = disk_n_taken;
	for (i = 0; i < 3; i++)
		glue_block_submit(&blk, &req[i]);
	glue_block_kick(&blk);
	disk_answer(disk_taken[first + 2].tag, K_OK);
	disk_answer(disk_taken[first].tag, K_ERR_IO);
	assert_int_equal(glue_block_wait(&blk, soon()), K_OK);
	assert_int_equal(n_done, 2);
	assert_int_equal(done_order[0], 2);
	assert_int_equal(req[0].status, K_ERR_IO);
	assert_int_equal(req[1].in_flight, 1);
}

static void test_ring_full(void **state)
{
	unsigned int i;

	(void)state;
	disk_prepare(DISK_DEPTH + 1);
	disk_hold = 1;
	for (i = 0; i < DISK_DEPTH; i++)
		assert_int_equal(glue_block_submit(&blk, &req[i]), K_OK);
	assert_int_equal(glue_block_submit(&blk, &req[DISK_DEPTH]), K_ERR_BUSY);
	disk_hold = 0;
	assert_int_equal(glue_block_wait(&blk, soon()), K_OK);
	assert_int_equal(glue_block_submit(&blk, &req[DISK_DEPTH]), K_OK);
	while (glue_block_in_flight(&blk))
		assert_int_equal(glue_block_wait(&blk, soon()), K_OK);
	assert_int_equal(n_done, DISK_DEPTH + 1);
	assert_int_equal(glue_block_wait(&blk, soon()), K_ERR_INVALID);
}

/* A blocking call while the ring is full of others' requests. */
static void test_sync_waits_for_a_slot(void **state)
{
	unsigned int i;
	uint8_t *data = glue_block_alloc(&blk, 4096, 0);

	(void)state;
	disk_prepare(DISK_DEPTH);
	for (i = 0; i < DISK_DEPTH; i++)
		glue_block_submit(&blk, &req[i]);
	assert_int_equal(glue_block_read(&blk, 3, 1, data, soon()), K_OK);
	assert_memory_equal(data, disk_medium + 3 * 512, 512);
}

static void resubmit(struct glue_block_request *r)
{
	n_done++;
	if (n_done < 1000) {
		assert_int_equal(glue_block_submit(&blk, r), K_OK);
		glue_block_kick(&blk);
	}
}

/* done submits and kicks again, many times round the rings. */
static void test_resubmit_from_done(void **state)
{
	unsigned int i;

	(void)state;
	disk_prepare(DISK_DEPTH);
	for (i = 0; i < DISK_DEPTH; i++) {
		req[i].done = resubmit;
		glue_block_submit(&blk, &req[i]);
	}
	while (glue_block_in_flight(&blk))
		assert_int_equal(glue_block_wait(&blk, soon()), K_OK);
	assert_int_equal(n_done, 1000 + DISK_DEPTH - 1);
}

static void test_info_is_not_for_users(void **state)
{
	struct glue_block_request r = { .op = GLUE_BLOCK_INFO, .count = 1 };

	(void)state;
	assert_int_equal(glue_block_submit(&blk, &r), K_ERR_UNSUPPORTED);
	r.op = GLUE_BLOCK_READ;
	assert_int_equal(glue_block_submit(&blk, &r), K_ERR_INVALID);
}

#define FRESH(f) cmocka_unit_test_setup(f, fresh)
#define OPEN(f)	 cmocka_unit_test_setup(f, disk_start_open)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(test_open_reads_info),
		FRESH(test_open_fails),
		FRESH(test_open_refuses_bad_info),
		OPEN(test_read_and_write),
		OPEN(test_long_read_is_cut),
		OPEN(test_refused_before_sending),
		OPEN(test_driver_error_arrives),
		OPEN(test_timeout_then_late_answer),
		OPEN(test_refresh_sees_new_size),
		OPEN(test_batch_costs_one_signal),
		OPEN(test_out_of_order),
		OPEN(test_ring_full),
		OPEN(test_sync_waits_for_a_slot),
		OPEN(test_resubmit_from_done),
		OPEN(test_info_is_not_for_users),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
