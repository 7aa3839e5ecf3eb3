/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_block_sums.c - a client that remembers what its sectors hold, and a disk
 * that brings something else: one request at a time, and drivers that die.
 *
 * Requests that meet: glue_block_sums_meet.c.
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
#include "fake/sums.h"

static void test_what_is_right_passes(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 2; i++)
		assert_int_equal(read_at(0, 100), K_OK);
	write_at(PLACE, COUNT, 1);
	assert_int_equal(read_at(PLACE - 1, COUNT + 2), K_OK);
	assert_int_equal(disk_complaints, 0);
	assert_int_equal(sums_data[512], 1);
}

/* One life of the driver lies, the next one does not. */
static void test_a_life_that_lies(void **state)
{
	(void)state;
	write_at(PLACE, COUNT, 1);
	disk_hold = 1;
	disk_prepare(1);
	req[0].sector = PLACE;
	req[0].count = 1;
	assert_int_equal(glue_block_submit(&blk, &req[0]), K_OK);
	glue_block_kick(&blk);
	memset(req[0].data, 2, 512);
	disk_answer(disk_taken[disk_n_taken - 1].tag, K_OK);
	assert_int_equal(glue_block_poll(&blk), 0);
	assert_int_equal(disk_complaints, 1u << GLUE_COMPLAINT_DATA);
	assert_int_equal(n_done, 0);
	disk_hold = 0;
	disk_live();
	assert_int_equal(glue_block_wait(&blk, soon()), K_OK);
	assert_int_equal(n_done, 1);
	assert_int_equal(req[0].status, K_OK);
	assert_int_equal(*(uint8_t *)req[0].data, 1);
}

/* Two say the same: an error, nobody is bothered again, until it is written. */
static void test_what_is_lost_stays_lost(void **state)
{
	(void)state;
	write_at(PLACE, COUNT, 1);
	spoil(PLACE + 2);
	expect_lost(PLACE + 2);
	expect_read(PLACE + 2, K_ERR_DAMAGED);
	expect_read(PLACE + 2, K_ERR_DAMAGED);
	expect_read(PLACE + 1, K_OK);
	spoil(PLACE + 2); /* and that undoes it */
	expect_read(PLACE + 2, K_OK);
	spoil(PLACE + 2);
	expect_lost(PLACE + 2);
	write_at(PLACE + 2, 1, 3);
	expect_read(PLACE + 2, K_OK);
	spoil(PLACE + 2);
	expect_lost(PLACE + 2);
}

/* What has only been read: one error, and then it is what it is. */
static void test_read_sectors_are_known(void **state)
{
	(void)state;
	expect_read(PLACE, K_OK);
	spoil(PLACE);
	expect_lost(PLACE);
	expect_read(PLACE, K_OK);
	spoil(PLACE);
	expect_lost(PLACE);
}

/* The broker does not end a driver for each word of a client. */
static void test_a_complaint_is_refused(void **state)
{
	(void)state;
	write_at(PLACE, COUNT, 1);
	spoil(PLACE);
	disk_complaint_err = K_ERR_BUSY;
	assert_int_equal(read_at(PLACE, 1), K_ERR_DAMAGED);
	assert_int_equal(disk_complaints, 1u << GLUE_COMPLAINT_DATA);
	disk_complaint_err = K_OK;
	expect_lost(PLACE); /* it was one life only that has said so */
}

/* Each bit of each word counts, and each sector of a request. */
static void test_each_bit_counts(void **state)
{
	(void)state;
	write_at(PLACE, COUNT, 1);
	disk_complaint_err = K_ERR_BUSY;
	for (unsigned int bit = 0; bit < COUNT * 4096; bit += 7) {
		disk_medium[PLACE * 512 + bit / 8] ^= 1 << bit % 8;
		assert_int_equal(read_at(PLACE, COUNT), K_ERR_DAMAGED);
		disk_medium[PLACE * 512 + bit / 8] ^= 1 << bit % 8;
	}
	assert_int_equal(read_at(PLACE, COUNT), K_OK);
}

/* Said to be done, and not done. */
static void test_a_write_that_never_was(void **state)
{
	(void)state;
	disk_hold = 1;
	disk_prepare(1);
	req[0].op = GLUE_BLOCK_WRITE;
	req[0].sector = PLACE;
	assert_int_equal(glue_block_submit(&blk, &req[0]), K_OK);
	glue_block_kick(&blk);
	disk_answer(disk_taken[disk_n_taken - 1].tag, K_OK);
	assert_int_equal(glue_block_poll(&blk), 1);
	disk_die(); /* and nobody remembers */
	glue_block_poll(&blk);
	disk_hold = 0;
	disk_live();
	glue_block_poll(&blk);
	expect_lost(PLACE + 7);
}

/* The old data or the new, or half of each. */
static void test_a_write_that_failed(void **state)
{
	(void)state;
	write_at(PLACE, COUNT, 1);
	disk_next_status = K_ERR_IO;
	memset(sums_data, 2, 512);
	assert_int_equal(glue_block_write(&blk, PLACE, 1, sums_data, soon()),
			 K_ERR_IO);
	expect_read(PLACE, K_OK);
	spoil(PLACE);
	expect_read(PLACE, K_OK);
	spoil(PLACE + 1);
	expect_lost(PLACE + 1);
}

static void test_a_read_that_failed(void **state)
{
	(void)state;
	disk_next_status = K_ERR_IO;
	expect_read(PLACE, K_ERR_IO);
	expect_read(PLACE, K_OK);
}

/* --- discard, zeroes, parts, the end of the memory -------------------------- */

static void test_discard_leaves_anything(void **state)
{
	(void)state;
	write_at(PLACE, COUNT, 1);
	assert_int_equal(glue_block_discard(&blk, PLACE, 2, soon()), K_OK);
	for (unsigned int i = 0; i < 3; i++) {
		spoil(PLACE + 1);
		expect_read(PLACE + 1, K_OK);
	}
	spoil(PLACE + 2);
	expect_lost(PLACE + 2);
	write_at(PLACE, 2, 5);
	spoil(PLACE + 1);
	expect_lost(PLACE + 1);
}

static void test_zeroes_are_known(void **state)
{
	(void)state;
	assert_int_equal(glue_block_write_zeroes(&blk, PLACE, 2, soon()), K_OK);
	assert_int_equal(read_at(PLACE, COUNT), K_OK);
	spoil(PLACE + 1);
	expect_lost(PLACE + 1);
	expect_read(PLACE + 1, K_ERR_DAMAGED);
}

static void test_parts_of_a_write(void **state)
{
	(void)state;
	write_at(PLACE, 8, 1);
	write_at(PLACE + 4, 8, 2);
	assert_int_equal(read_at(PLACE, 12), K_OK);
	spoil(PLACE + 3);
	expect_lost(PLACE + 3);
	spoil(PLACE + 4);
	expect_lost(PLACE + 4);
}

static void test_beyond_the_memory(void **state)
{
	(void)state;
	write_at(SUMS_WATCHED - 2, 4, 1);
	assert_int_equal(glue_block_write_zeroes(&blk, SUMS_WATCHED + 1, 3,
						 soon()),
			 K_OK);
	spoil(SUMS_WATCHED);
	expect_read(SUMS_WATCHED, K_OK);
	spoil(SUMS_WATCHED - 1);
	expect_lost(SUMS_WATCHED - 1);
	assert_int_equal(glue_block_discard(&blk, SUMS_WATCHED - 2, 4, soon()),
			 K_OK);
	assert_int_equal(read_at(SUMS_WATCHED - 2, 4), K_OK);
}

/* --- drivers that die, and the manifest's memory ---------------------------- */

/* What a dead driver has left, and what was asked while there was none. */
static void test_replay_keeps_sums(void **state)
{
	(void)state;
	disk_prepare(2);
	disk_hold = 1;
	for (unsigned int i = 0; i < 2; i++) {
		req[i].op = GLUE_BLOCK_WRITE;
		req[i].sector = PLACE + 8 * i;
	}
	assert_int_equal(glue_block_submit(&blk, &req[0]), K_OK);
	glue_block_kick(&blk);
	disk_die();
	glue_block_poll(&blk);
	assert_int_equal(glue_block_submit(&blk, &req[1]), K_OK);
	disk_hold = 0;
	disk_live();
	assert_int_equal(glue_block_poll(&blk), 0);
	assert_int_equal(glue_block_poll(&blk), 2);
	for (unsigned int i = 0; i < 2; i++) {
		assert_int_equal(read_at(PLACE + 8 * i, 8), K_OK);
		spoil(PLACE + 8 * i);
		expect_lost(PLACE + 8 * i);
		expect_read(PLACE + 8 * i, K_ERR_DAMAGED);
	}
}

static void test_not_while_something_is_asked(void **state)
{
	(void)state;
	disk_prepare(1);
	disk_hold = 1;
	glue_block_submit(&blk, &req[0]);
	assert_int_equal(glue_block_sums(&blk, sums_words, sizeof(sums_words)),
			 K_ERR_BUSY);
}

/* The first open disk has it, and it begins anew each time. */
static void test_memory_of_the_manifest(void **state)
{
	static struct glue_block other;

	(void)state;
	glue_block_close(&blk);
	fake_env()->sums_vaddr = (uint64_t)sums_words;
	fake_env()->sums_bytes = sizeof(sums_words);
	assert_int_equal(glue_block_open(&blk, "blk0", DISK_REGION, soon()),
			 K_OK);
	assert_ptr_equal(blk.sums.word, sums_words);
	assert_int_equal(blk.sums.sectors, SUMS_WATCHED);
	expect_read(PLACE, K_OK);
	assert_int_not_equal(sums_words[PLACE], 0);
	assert_int_equal(glue_block_open(&other, "blk1", DISK_REGION, soon()),
			 K_OK);
	assert_int_equal(other.sums.sectors, 0);
	glue_block_close(&blk);
	assert_int_equal(glue_block_open(&other, "blk1", DISK_REGION, soon()),
			 K_OK);
	assert_int_equal(other.sums.sectors, SUMS_WATCHED);
	assert_int_equal(sums_words[PLACE], 0);
	glue_block_close(&other);
}

/* Without memory nobody is the wiser. */
static void test_without_sums(void **state)
{
	(void)state;
	assert_int_equal(glue_block_sums(&blk, NULL, 0), K_OK);
	write_at(PLACE, COUNT, 1);
	spoil(PLACE);
	expect_read(PLACE, K_OK);
}

#define OPEN(f) cmocka_unit_test_setup(f, sums_start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		OPEN(test_what_is_right_passes),
		OPEN(test_a_life_that_lies),
		OPEN(test_what_is_lost_stays_lost),
		OPEN(test_read_sectors_are_known),
		OPEN(test_a_complaint_is_refused),
		OPEN(test_each_bit_counts),
		OPEN(test_a_write_that_never_was),
		OPEN(test_a_write_that_failed),
		OPEN(test_a_read_that_failed),
		OPEN(test_discard_leaves_anything),
		OPEN(test_zeroes_are_known),
		OPEN(test_parts_of_a_write),
		OPEN(test_beyond_the_memory),
		OPEN(test_replay_keeps_sums),
		OPEN(test_not_while_something_is_asked),
		OPEN(test_memory_of_the_manifest),
		OPEN(test_without_sums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
