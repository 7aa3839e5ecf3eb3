/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sums.c - the client with sums of sums.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <glue/rt.h>
#include "disk.h"
#include "sums.h"

uint32_t sums_words[SUMS_WATCHED];
uint8_t *sums_data;

int sums_start(void **state)
{
	int err = disk_start_open(state);

	memset(sums_words, 0, sizeof(sums_words));
	sums_data = glue_block_alloc(&blk, 65536, 0);
	return err || glue_block_sums(&blk, sums_words, sizeof(sums_words));
}

enum k_err read_at(uint64_t sector, uint32_t count)
{
	return glue_block_read(&blk, sector, count, sums_data, soon());
}

void write_at(uint64_t sector, uint32_t count, uint8_t byte)
{
	for (uint32_t i = 0; i < count; i++)
		memset(sums_data + i * 512ul, byte + (int)i, 512);
	assert_int_equal(glue_block_write(&blk, sector, count, sums_data,
					  soon()),
			 K_OK);
}

/* Something else is on the disk than was written. */
void spoil(uint64_t sector)
{
	disk_medium[sector * 512 + 77] ^= 4;
}

/* The read is doubted, and this is what the next life says to it. */
static enum k_err asked_again(uint64_t sector)
{
	struct glue_block_request again = { .op = GLUE_BLOCK_READ,
					    .sector = sector,
					    .count = 1,
					    .data = sums_data };

	disk_complaints = 0;
	assert_int_equal(glue_block_submit(&blk, &again), K_OK);
	glue_block_kick(&blk);
	assert_int_equal(glue_block_poll(&blk), 0);
	assert_int_equal(disk_complaints, 1u << GLUE_COMPLAINT_DATA);
	assert_true(again.in_flight);
	disk_live();
	assert_int_equal(glue_block_wait(&blk, soon()), K_OK);
	assert_false(again.in_flight);
	return again.status;
}

/* Without a complaint. */
void expect_read(uint64_t sector, enum k_err status)
{
	disk_complaints = 0;
	assert_int_equal(read_at(sector, 1), status);
	assert_int_equal(disk_complaints, 0);
}

/* Doubted, and still wrong. */
void expect_lost(uint64_t sector)
{
	assert_int_equal(asked_again(sector), K_ERR_DAMAGED);
}
