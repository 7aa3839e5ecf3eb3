/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dddk_block_service.c - the block service: requests to the driver and back,
 * checks, FUA, signals, sleep.
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
#include <glue/ring_ops.h>
#include <glue/rt.h>
#include "dddk/block/internal.h"
#include "fake/clients.h"
#include "fake/process.h"

static void test_read_goes_through(void **state)
{
	struct glue_block_sqe sqe = { .op = GLUE_BLOCK_READ,
				      .tag = 77,
				      .sector = 990,
				      .count = 10,
				      .offset = 4096 };

	(void)state;
	put(1, &sqe);
	assert_int_equal(dddk_block_poll(0), 1);
	assert_int_equal(n_given, 1);
	assert_int_equal(n_commits, 1);
	assert_int_equal(given[0].op, GLUE_BLOCK_READ);
	assert_int_equal(given[0].sector, 990);
	assert_int_equal(given[0].count, 10);
	assert_int_equal(given[0].bytes, 5120);
	assert_int_equal(given[0].bus, BUS(1) + 4096);
	assert_int_equal((uintptr_t)given[0].data,
			 GLUE_DMA_BASE + BUS(1) + 4096);
	assert_false(got_answer(1));
	assert_int_equal(dddk_block_in_flight(), 1);
	end(0, K_OK);
	expect_answer(1, 77, K_OK);
	assert_int_equal(dddk_block_in_flight(), 0);
	assert_false(got_answer(0));
}

static void test_bad_requests_never_reach_the_driver(void **state)
{
	static const struct {
		struct glue_block_sqe sqe;
		enum k_err err;
	} bad[] = {
		{ { .op = GLUE_BLOCK_READ, .count = 0 }, K_ERR_INVALID },
		{ { .op = GLUE_BLOCK_READ, .sector = 1000, .count = 1 },
		  K_ERR_RANGE },
		{ { .op = GLUE_BLOCK_READ, .count = 1, .offset = 1 },
		  K_ERR_ALIGN },
		{ { .op = GLUE_BLOCK_WRITE, .count = 1, .offset = REGION },
		  K_ERR_RANGE },
		{ { .op = GLUE_BLOCK_WRITE_ZEROES, .count = 1 },
		  K_ERR_UNSUPPORTED },
		{ { .op = 99, .count = 1 }, K_ERR_UNSUPPORTED },
		{ { .op = GLUE_BLOCK_READ, .count = 1, .rsvd = 1 },
		  K_ERR_INVALID },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put(0, &bad[i].sqe);
		dddk_block_poll(0);
		expect_answer(0, 0, bad[i].err);
	}
	assert_int_equal(n_given, 0);
	assert_int_equal(n_commits, 0);
}

static void test_info_is_answered_here(void **state)
{
	struct glue_block_sqe sqe = {
		.op = GLUE_BLOCK_INFO, .tag = 5, .count = 1, .offset = 512
	};
	struct glue_block_info *info = (void *)(GLUE_DMA_BASE + BUS(0) + 512);

	(void)state;
	put(0, &sqe);
	dddk_block_poll(0);
	expect_answer(0, 5, K_OK);
	assert_int_equal(info->sectors, 1000);
	assert_true(info->max_sectors > 1000);
	assert_string_equal(info->driver, "fake");
	assert_int_equal(n_given, 0);
}

static void test_batch_is_one_commit(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < DEPTH; i++)
		put_read(i % 2, i);
	assert_int_equal(dddk_block_poll(0), DEPTH);
	assert_int_equal(n_given, DEPTH);
	assert_int_equal(n_commits, 1);
	assert_int_equal(dddk_block_poll(0), 0);
	assert_int_equal(n_commits, 1);
}

/* Busy: nothing is lost, order stays, the next completion restarts. */
static void test_busy_is_offered_again(void **state)
{
	unsigned int i;

	(void)state;
	room = 3;
	for (i = 0; i < 8; i++)
		put_read(0, i);
	dddk_block_poll(0);
	assert_int_equal(n_given, 3);
	assert_int_equal(dddk_service_sleep_prepare(), 1);
	for (i = 0; i < 8; i++) {
		end(i, K_OK);
		dddk_block_poll(0);
		expect_answer(0, i, K_OK);
	}
	assert_int_equal(n_given, 8);
}

static void test_busy_driver_is_shared_fairly(void **state)
{
	unsigned int i, served[2] = { 0, 0 };

	(void)state;
	room = 1;
	for (i = 0; i < 8; i++) {
		put_read(0, i);
		put_read(1, i);
	}
	dddk_block_poll(0);
	for (i = 0; i < 15; i++) {
		end(i, K_OK);
		dddk_block_poll(0);
		dddk_service_flush();
	}
	for (i = 0; i < 8; i++)
		served[given[i].bus >= BUS(1)]++;
	assert_int_equal(served[0], 4);
	assert_int_equal(served[1], 4);
}

static void test_refusal_answers_the_client(void **state)
{
	(void)state;
	refuse = K_ERR_IO;
	put_read(0, 9);
	assert_int_equal(dddk_block_poll(0), 1);
	expect_answer(0, 9, K_ERR_IO);
	assert_int_equal(dddk_block_in_flight(), 0);
	assert_int_equal(n_commits, 0);
}

static void test_completion_inside_submit(void **state)
{
	unsigned int i;

	(void)state;
	at_once = 1;
	for (i = 0; i < 5; i++)
		put_read(0, i);
	dddk_block_poll(0);
	for (i = 0; i < 5; i++)
		expect_answer(0, i, K_OK);
	assert_int_equal(dddk_block_in_flight(), 0);
}

static void test_wrong_completions_are_dropped(void **state)
{
	(void)state;
	dddk_block_complete(DDDK_BLOCK_TOKENS, K_OK);
	dddk_block_complete(UINT32_MAX, K_OK);
	dddk_block_complete(3, K_OK);
	put_read(0, 1);
	dddk_block_poll(0);
	end(0, K_OK);
	dddk_block_complete(given[0].token, K_OK);
	expect_answer(0, 1, K_OK);
	assert_false(got_answer(0));
	assert_non_null(strstr(fake.console, "not in flight"));
	assert_non_null(strstr(fake.console, "blk7/test_driver: "));
}

/* --- FUA ------------------------------------------------------------------ */

static void test_fua_is_write_then_flush(void **state)
{
	struct glue_block_sqe sqe = { .op = GLUE_BLOCK_WRITE,
				      .tag = 4,
				      .count = 1,
				      .flags = GLUE_BLOCK_FUA };

	(void)state;
	put(0, &sqe);
	dddk_block_poll(0);
	assert_int_equal(given[0].flags, 0);
	end(0, K_OK);
	assert_false(got_answer(0));
	assert_int_equal(dddk_service_sleep_prepare(), 0);
	room = 0;
	dddk_block_poll(0);
	assert_int_equal(n_given, 1);
	room = 1;
	dddk_block_poll(0);
	assert_int_equal(n_given, 2);
	assert_int_equal(n_commits, 2);
	assert_int_equal(given[1].op, GLUE_BLOCK_FLUSH);
	assert_int_equal(given[1].token, given[0].token);
	assert_false(got_answer(0));
	end(1, K_ERR_IO);
	expect_answer(0, 4, K_ERR_IO);
}

static void test_failed_fua_write_is_not_flushed(void **state)
{
	struct glue_block_sqe sqe = { .op = GLUE_BLOCK_WRITE,
				      .tag = 4,
				      .count = 1,
				      .flags = GLUE_BLOCK_FUA };

	(void)state;
	put(0, &sqe);
	dddk_block_poll(0);
	end(0, K_ERR_IO);
	expect_answer(0, 4, K_ERR_IO);
	dddk_block_poll(0);
	assert_int_equal(n_given, 1);
}

static void test_no_cache_no_flush(void **state)
{
	struct glue_block_info info = disk;
	struct glue_block_sqe fua = { .op = GLUE_BLOCK_WRITE,
				      .tag = 4,
				      .count = 1,
				      .flags = GLUE_BLOCK_FUA };
	struct glue_block_sqe flush = { .op = GLUE_BLOCK_FLUSH, .tag = 5 };

	(void)state;
	info.features = 0;
	assert_int_equal(dddk_block_set_info(&info), K_OK);
	put(0, &fua);
	put(0, &flush);
	dddk_block_poll(0);
	expect_answer(0, 5, K_OK);
	assert_int_equal(n_given, 1);
	end(0, K_OK);
	expect_answer(0, 4, K_OK);
}

/* --- signals and sleep ---------------------------------------------------- */

static void test_one_signal_per_batch(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 8; i++)
		put_read(0, i);
	put_read(1, 0);
	dddk_block_poll(0);
	glue_ring_sleep_begin(&client[0].sleep);
	for (i = 0; i < 9; i++)
		end(i, K_OK);
	assert_int_equal(fake.signals[GLUE_CAP_PEER0], 0);
	dddk_service_flush();
	dddk_service_flush();
	assert_int_equal(fake.signals[GLUE_CAP_PEER0], 1);
	assert_int_equal(fake.signals[GLUE_CAP_PEER0 + 1], 0);
}

static glue_cptr first_woken;

static void note_first(glue_cptr cap)
{
	if (!first_woken)
		first_woken = cap;
}

/* Of clients that are woken together each is the first now and then. */
static void test_first_in_turn(void **state)
{
	unsigned int turn, i;

	(void)state;
	fake.on_signal = note_first;
	for (turn = 0; turn < 4; turn++) {
		first_woken = 0;
		for (i = 0; i < 2; i++) {
			put_read(i, turn);
			dddk_block_poll(GLUE_EVENT_CHAN(i));
			glue_ring_sleep_begin(&client[i].sleep);
		}
		end(2 * turn, K_OK);
		end(2 * turn + 1, K_OK);
		dddk_service_flush();
		assert_int_equal(first_woken, GLUE_CAP_PEER0 + turn % 2);
		expect_answer(0, turn, K_OK);
		expect_answer(1, turn, K_OK);
	}
}

static void submit_while_driver_sleeps(void)
{
	put_read(0, 33);
	if (glue_ring_peer_sleeps(&client[0].sleep))
		fake.events |= GLUE_EVENT_CHAN(0);
}

static void test_wait_and_wake(void **state)
{
	(void)state;
	fake.on_block = submit_while_driver_sleeps;
	assert_int_equal(dddk_service_wait(GLUE_FOREVER), GLUE_EVENT_CHAN(0));
	dddk_block_poll(GLUE_EVENT_CHAN(0));
	assert_int_equal(n_given, 1);
	/* Awake: what comes now needs no signal, and is found before sleep. */
	put_read(0, 34);
	assert_false(glue_ring_peer_sleeps(&client[0].sleep));
	assert_int_equal(dddk_service_sleep_prepare(), 0);
}

/* Requests in the ring keep it awake, but interrupts are seen all the same. */
static void test_no_sleep_while_there_is_work(void **state)
{
	(void)state;
	put_read(1, 1);
	fake.events = GLUE_EVENT_IRQ(0);
	assert_int_equal(dddk_service_wait(GLUE_FOREVER), GLUE_EVENT_IRQ(0));
	assert_int_equal(fake.waits, 0);
	assert_int_equal(dddk_service_wait(GLUE_FOREVER), 0);
}

/* A turn for an interrupt alone leaves the armed client's ring untouched. */
static void test_idle_client_stays_armed(void **state)
{
	struct glue_ring_side *side = fake_ring(0);
	uint32_t word;

	(void)state;
	assert_int_equal(dddk_service_sleep_prepare(), 1);
	word = side[1].sleeping;
	dddk_block_poll(GLUE_EVENT_IRQ(0));
	assert_int_equal(dddk_service_sleep_prepare(), 1);
	assert_int_equal(side[1].sleeping, word);
	put_read(0, 1);
	assert_true(glue_ring_peer_sleeps(&client[0].sleep));
	assert_int_equal(dddk_block_poll(GLUE_EVENT_CHAN(0)), 1);
}

static void test_wait_has_a_deadline(void **state)
{
	(void)state;
	assert_int_equal(dddk_service_wait(fake.ticks + 10), 0);
}

static void test_bad_info_is_refused(void **state)
{
	struct glue_block_info info = disk;

	(void)state;
	info.logical_bytes = 0;
	assert_int_equal(dddk_block_set_info(&info), K_ERR_INVALID);
	info.logical_bytes = 1000;
	assert_int_equal(dddk_block_start(&ops, given, &info), K_ERR_INVALID);
	info.logical_bytes = 4096;
	info.max_sectors = 7;
	assert_int_equal(dddk_block_set_info(&info), K_ERR_INVALID);
	info.max_sectors = 255;
	assert_int_equal(dddk_block_set_info(&info), K_OK);
	assert_int_equal(dddk_block.info.max_sectors, 248);
}

static void test_before_start(void **state)
{
	(void)state;
	memset(&dddk_block, 0, sizeof(dddk_block));
	memset(&dddk_channels, 0, sizeof(dddk_channels));
	assert_int_equal(dddk_block_poll(GLUE_EVENT_CONTROL), 0);
	assert_int_equal(dddk_service_sleep_prepare(), 1);
	dddk_service_flush();
}

#define TEST(f) cmocka_unit_test_setup(f, clients_start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_read_goes_through),
		TEST(test_bad_requests_never_reach_the_driver),
		TEST(test_info_is_answered_here),
		TEST(test_batch_is_one_commit),
		TEST(test_busy_is_offered_again),
		TEST(test_busy_driver_is_shared_fairly),
		TEST(test_refusal_answers_the_client),
		TEST(test_completion_inside_submit),
		TEST(test_wrong_completions_are_dropped),
		TEST(test_fua_is_write_then_flush),
		TEST(test_failed_fua_write_is_not_flushed),
		TEST(test_no_cache_no_flush),
		TEST(test_one_signal_per_batch),
		TEST(test_first_in_turn),
		TEST(test_wait_and_wake),
		TEST(test_no_sleep_while_there_is_work),
		TEST(test_idle_client_stays_armed),
		TEST(test_wait_has_a_deadline),
		TEST(test_bad_info_is_refused),
		TEST(test_before_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
