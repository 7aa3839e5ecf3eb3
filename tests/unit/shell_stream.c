/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shell_stream.c - requests, one or many in flight: order, errors, ^C, limits.
 *
 * A fake disk stands for glue's client library. It answers requests newest
 * first, one at each wait, so the pieces come back in the worst order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "apps/shell/console.h"
#include "apps/shell/request.h"
#include "apps/shell/stream.h"

#define SECTORS 5000u

static struct disk disk;
static uint8_t medium[SECTORS * GLUE_BLOCK_SECTOR_BYTES];
static uint8_t *lent;
static struct glue_block_request *out[STREAM_DEPTH + 1];
static unsigned n_out, most_out, complaints, cancel_after, looks;
static uint64_t bad_sector, now;
static int silent; /* the disk never answers */

/* --- the fakes ------------------------------------------------------------ */

void *glue_block_alloc(struct glue_block *blk, uint64_t bytes, uint64_t align)
{
	(void)blk;
	(void)align;
	lent = malloc(bytes);
	return lent;
}

void glue_block_free(struct glue_block *blk, void *data, uint64_t bytes)
{
	(void)blk;
	(void)bytes;
	assert_ptr_equal(data, lent);
	assert_int_equal(n_out, 0);
	free(lent);
	lent = NULL;
}

enum k_err glue_block_submit(struct glue_block *blk,
			     struct glue_block_request *req)
{
	(void)blk;
	assert_true(n_out < STREAM_DEPTH);
	assert_true(req->count && req->sector + req->count <= SECTORS);
	req->in_flight = 1;
	out[n_out++] = req;
	most_out = n_out > most_out ? n_out : most_out;
	return K_OK;
}

void glue_block_kick(struct glue_block *blk)
{
	(void)blk;
}

enum k_err glue_block_wait(struct glue_block *blk, uint64_t deadline_ticks)
{
	struct glue_block_request *req;
	uint8_t *at;

	(void)blk;
	now = deadline_ticks;
	if (silent)
		return K_ERR_TIMEOUT;
	assert_true(n_out > 0);
	req = out[--n_out];
	at = medium + req->sector * GLUE_BLOCK_SECTOR_BYTES;
	if (req->op == GLUE_BLOCK_READ)
		memcpy(req->data, at, req->count * GLUE_BLOCK_SECTOR_BYTES);
	else
		memcpy(at, req->data, req->count * GLUE_BLOCK_SECTOR_BYTES);
	req->status = bad_sector >= req->sector &&
				      bad_sector < req->sector + req->count ?
			      K_ERR_IO :
			      K_OK;
	req->in_flight = 0;
	return K_OK;
}

uint64_t glue_deadline_ns(uint64_t ns)
{
	return now + ns;
}

uint64_t glue_time_ticks(void)
{
	return now;
}

int console_cancelled(void)
{
	return ++looks == cancel_after;
}

void console_printf(const char *format, ...)
{
	(void)format;
	complaints++;
}

void disk_complain(const struct disk *d, const char *verb, uint64_t sector,
		   uint64_t count, enum k_err err)
{
	(void)d;
	(void)verb;
	(void)sector;
	(void)count;
	(void)err;
	complaints++;
}

/* --- the tests ------------------------------------------------------------ */

static uint64_t next_sector; /* the piece that must come next */

static int setup(void **state)
{
	uint32_t i;

	(void)state;
	memset(&disk, 0, sizeof(disk));
	for (i = 0; i < sizeof(medium); i++)
		medium[i] = (uint8_t)(i * 31 + i / 512);
	n_out = most_out = complaints = cancel_after = looks = 0;
	next_sector = now = 0;
	bad_sector = UINT64_MAX;
	silent = 0;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(lent);
	lent = NULL;
	return 0;
}

static int look(void *ctx, uint64_t sector, uint8_t *data, uint32_t bytes)
{
	(void)ctx;
	assert_int_equal(sector, next_sector);
	assert_memory_equal(data, medium + sector * 512, bytes);
	next_sector += bytes / 512;
	return 1;
}

static int make(void *ctx, uint64_t sector, uint8_t *data, uint32_t bytes)
{
	assert_int_equal(sector, next_sector);
	memset(data, *(int *)ctx, bytes);
	next_sector += bytes / 512;
	return 1;
}

static int stop_at_once(void *ctx, uint64_t sector, uint8_t *data,
			uint32_t bytes)
{
	(void)sector;
	(void)data;
	(void)bytes;
	++*(int *)ctx;
	return 0;
}

static void reads_come_in_order(void **state)
{
	(void)state;
	assert_true(stream_run(&disk, GLUE_BLOCK_READ, 0, SECTORS, look, NULL));
	assert_int_equal(next_sector, SECTORS);
	assert_int_equal(most_out, STREAM_DEPTH);
	assert_int_equal(complaints, 0);
}

static void small_requests_are_obeyed(void **state)
{
	(void)state;
	disk.blk.info.max_sectors = 7;
	next_sector = 11;
	assert_true(stream_run(&disk, GLUE_BLOCK_READ, 11, 100, look, NULL));
	assert_int_equal(next_sector, 111);
}

static void nothing_is_nothing(void **state)
{
	(void)state;
	assert_true(stream_run(&disk, GLUE_BLOCK_READ, 0, 0, look, NULL));
	assert_int_equal(most_out, 0);
}

static void writes_touch_only_their_sectors(void **state)
{
	static uint8_t before[sizeof(medium)];
	int fill = 0x5a;

	(void)state;
	memcpy(before, medium, sizeof(medium));
	next_sector = 100;
	assert_true(
		stream_run(&disk, GLUE_BLOCK_WRITE, 100, 3001, make, &fill));
	memset(before + 100 * 512, fill, 3001 * 512);
	assert_memory_equal(before, medium, sizeof(medium));
}

static void an_error_ends_it(void **state)
{
	(void)state;
	bad_sector = 1000;
	assert_false(
		stream_run(&disk, GLUE_BLOCK_READ, 0, SECTORS, look, NULL));
	assert_true(next_sector <= 1000);
	assert_int_equal(complaints, 1);
	assert_int_equal(n_out, 0);
}

static void the_user_of_pieces_can_stop(void **state)
{
	int calls = 0;

	(void)state;
	assert_false(stream_run(&disk, GLUE_BLOCK_READ, 0, SECTORS,
				stop_at_once, &calls));
	assert_int_equal(calls, 1);
	assert_int_equal(n_out, 0);
	calls = 0;
	assert_false(stream_run(&disk, GLUE_BLOCK_WRITE, 0, SECTORS,
				stop_at_once, &calls));
	assert_int_equal(calls, 1);
}

static void cancel_ends_it_with_nothing_in_flight(void **state)
{
	(void)state;
	cancel_after = 10;
	assert_false(
		stream_run(&disk, GLUE_BLOCK_READ, 0, SECTORS, look, NULL));
	assert_int_equal(complaints, 1);
	assert_int_equal(n_out, 0);
}

static void a_silent_disk_times_out(void **state)
{
	(void)state;
	silent = 1;
	assert_false(
		stream_run(&disk, GLUE_BLOCK_READ, 0, SECTORS, look, NULL));
	assert_int_equal(complaints, 1);
	assert_true(now < 2 * DISK_REQUEST_NS);
}

static void cancel_leaves_a_silent_disk(void **state)
{
	(void)state;
	silent = 1;
	cancel_after = 4;
	assert_false(
		stream_run(&disk, GLUE_BLOCK_READ, 0, SECTORS, look, NULL));
	assert_true(now < DISK_REQUEST_NS / 10);
}

static void single_requests(void **state)
{
	uint8_t *data = glue_block_alloc(&disk.blk, 100 * 512, 0);

	(void)state;
	disk.blk.info.max_sectors = 7;
	assert_int_equal(request_run(&disk, GLUE_BLOCK_READ, 50, 100, data),
			 K_OK);
	assert_memory_equal(data, medium + 50 * 512, 100 * 512);
	bad_sector = 120;
	assert_int_equal(request_run(&disk, GLUE_BLOCK_READ, 50, 100, data),
			 K_ERR_IO);
	assert_int_equal(n_out, 0);
}

static void single_requests_end_in_time(void **state)
{
	(void)state;
	silent = 1;
	assert_int_equal(request_run(&disk, GLUE_BLOCK_READ, 0, 1, medium),
			 K_ERR_TIMEOUT);
	assert_true(now >= DISK_REQUEST_NS && now < 2 * DISK_REQUEST_NS);
	now = 0;
	looks = 0;
	n_out = 0;
	cancel_after = 3;
	assert_int_equal(request_run(&disk, GLUE_BLOCK_READ, 0, 1, medium),
			 K_ERR_TIMEOUT);
	assert_true(now < DISK_REQUEST_NS / 10);
	assert_int_equal(complaints, 1);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(reads_come_in_order),
		CASE(small_requests_are_obeyed),
		CASE(nothing_is_nothing),
		CASE(writes_touch_only_their_sectors),
		CASE(an_error_ends_it),
		CASE(the_user_of_pieces_can_stop),
		CASE(cancel_ends_it_with_nothing_in_flight),
		CASE(a_silent_disk_times_out),
		CASE(cancel_leaves_a_silent_disk),
		CASE(single_requests),
		CASE(single_requests_end_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
