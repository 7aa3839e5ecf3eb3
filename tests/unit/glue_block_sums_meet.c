/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_block_sums_meet.c - sums, and several requests in flight: of those that
 * meet on a sector nobody knows which is done first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "fake/disk.h"
#include "fake/sums.h"

/* Two are in flight, from PLACE on and 4 sectors further, and end in this order,
 * each done when it ends. */
static void two_meet(enum glue_block_op first, enum glue_block_op second,
		     int turned)
{
	unsigned int taken;

	disk_prepare(2);
	disk_hold = 1;
	disk_complaints = 0;
	taken = disk_n_taken;
	for (unsigned int i = 0; i < 2; i++) {
		req[i].op = (uint8_t)(i ? second : first);
		req[i].sector = PLACE + 4 * i;
		memset(req[i].data, 0x10 + (int)i, 4096);
		assert_int_equal(glue_block_submit(&blk, &req[i]), K_OK);
	}
	glue_block_kick(&blk);
	assert_int_equal(disk_n_taken, taken + 2);
	for (unsigned int i = 0; i < 2; i++)
		disk_do(&disk_taken[taken + (i ^ (turned != 0))]);
	assert_int_equal(glue_block_wait(&blk, soon()), K_OK);
	assert_int_equal(disk_complaints, 0);
	assert_int_equal(req[0].status | req[1].status, K_OK);
	assert_int_equal(n_done, 2);
	disk_hold = 0;
}

/* Either may be the last, and what lies beside is as unsure. */
static void test_two_writes_meet(void **state)
{
	(void)state;
	for (int turned = 0; turned < 2; turned++) {
		two_meet(GLUE_BLOCK_WRITE, GLUE_BLOCK_WRITE, turned);
		assert_int_equal(disk_medium[(PLACE + 4) * 512],
				 turned ? 0x10 : 0x11);
		assert_int_equal(read_at(PLACE, 12), K_OK);
		spoil(PLACE);
		expect_read(PLACE, K_OK);
	}
	/* One of them again, alone: that is sure. */
	assert_int_equal(glue_block_submit(&blk, &req[0]), K_OK);
	assert_int_equal(glue_block_wait(&blk, soon()), K_OK);
	spoil(PLACE + 5);
	expect_lost(PLACE + 5);
}

/* The read brings what was or what is; the write is sure. */
static void test_read_and_write_meet(void **state)
{
	(void)state;
	for (int turned = 0; turned < 2; turned++) {
		write_at(PLACE, 12, 1);
		two_meet(GLUE_BLOCK_READ, GLUE_BLOCK_WRITE, turned);
		assert_int_equal(((uint8_t *)req[0].data)[2048],
				 turned ? 0x11 : 5);
		spoil(PLACE + 5);
		expect_lost(PLACE + 5);
		write_at(PLACE, 12, 1);
		two_meet(GLUE_BLOCK_WRITE, GLUE_BLOCK_READ, turned);
		assert_int_equal(((uint8_t *)req[1].data)[0],
				 turned ? 5 : 0x10);
		assert_int_equal(((uint8_t *)req[1].data)[2048], 9);
		spoil(PLACE + 5);
		expect_lost(PLACE + 5);
	}
}

/* A read that may bring what was teaches nothing. */
static void test_unsure_read_is_not_learned(void **state)
{
	(void)state;
	two_meet(GLUE_BLOCK_READ, GLUE_BLOCK_DISCARD, 0);
	assert_int_equal(sums_words[PLACE], 0);
	assert_int_equal(read_at(PLACE, 8), K_OK);
	assert_int_not_equal(sums_words[PLACE], 0);
}

static void test_two_reads_meet(void **state)
{
	(void)state;
	two_meet(GLUE_BLOCK_READ, GLUE_BLOCK_READ, 0);
	for (unsigned int i = 0; i < 12; i++) {
		spoil(PLACE + i);
		expect_lost(PLACE + i);
	}
}

/* A neighbour is no other: each keeps its sum. */
static void test_neighbours_do_not_meet(void **state)
{
	(void)state;
	disk_prepare(3);
	disk_hold = 1;
	for (unsigned int i = 0; i < 3; i++) {
		req[i].op = GLUE_BLOCK_WRITE;
		req[i].sector = PLACE + 8 - 4 * i;
	}
	req[1].op = GLUE_BLOCK_FLUSH; /* has no sectors, whatever it says */
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(glue_block_submit(&blk, &req[i]), K_OK);
	disk_hold = 0;
	glue_block_kick(&blk);
	assert_int_equal(glue_block_poll(&blk), 3);
	for (unsigned int i = 0; i < 16; i++) {
		spoil(PLACE + i);
		expect_lost(PLACE + i);
	}
}

/* The properties of the disk are no sector of it, either. */
static void test_info_meets_nobody(void **state)
{
	(void)state;
	disk_prepare(1);
	req[0].op = GLUE_BLOCK_WRITE;
	assert_int_equal(glue_block_submit(&blk, &req[0]), K_OK);
	assert_int_equal(glue_block_refresh(&blk, soon()), K_OK);
	assert_false(req[0].in_flight);
	disk_next_status = K_ERR_IO;
	assert_int_equal(glue_block_refresh(&blk, soon()), K_ERR_IO);
	spoil(0);
	expect_lost(0);
}

/* The newest request has the oldest slot. */
static void test_slots_in_any_order(void **state)
{
	unsigned int taken = disk_n_taken;

	(void)state;
	disk_prepare(4);
	disk_hold = 1;
	for (unsigned int i = 0; i < 4; i++) {
		req[i].op = GLUE_BLOCK_WRITE;
		req[i].sector = i < 3 ? PLACE + 8 * i : req[2].sector;
		memset(req[i].data, (int)i, 4096);
		if (i == 3) {
			disk_do(&disk_taken[taken]);
			assert_int_equal(glue_block_poll(&blk), 1);
		}
		assert_int_equal(glue_block_submit(&blk, &req[i]), K_OK);
		glue_block_kick(&blk);
	}
	assert_int_equal(req[3].tag & 0xff, 0);
	disk_do(&disk_taken[taken + 3]);
	disk_do(&disk_taken[taken + 2]);
	disk_do(&disk_taken[taken + 1]);
	assert_int_equal(glue_block_poll(&blk), 3);
	disk_hold = 0;
	disk_complaints = 0;
	assert_int_equal(read_at(PLACE, 24), K_OK);
	assert_int_equal(disk_complaints, 0);
}

#define OPEN(f) cmocka_unit_test_setup(f, sums_start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		OPEN(test_two_writes_meet),
		OPEN(test_read_and_write_meet),
		OPEN(test_unsure_read_is_not_learned),
		OPEN(test_two_reads_meet),
		OPEN(test_neighbours_do_not_meet),
		OPEN(test_info_meets_nobody),
		OPEN(test_slots_in_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
