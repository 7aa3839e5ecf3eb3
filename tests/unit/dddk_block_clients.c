/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dddk_block_clients.c - the block service: clients that come, go, misbehave.
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

static void test_open_and_close(void **state)
{
	(void)state;
	assert_int_equal(opened, 2);
	open_channel(5);
	dddk_block_poll(GLUE_EVENT_CONTROL);
	assert_int_equal(opened, 3);
	fake_chan(5)->state = GLUE_CHAN_CLOSED;
	dddk_block_poll(GLUE_EVENT_CONTROL);
	assert_int_equal(closed, 1);
	assert_int_equal(disconnects, 1);
	assert_int_equal(last_disconnect, 5);
}

/* The lent pages are the device's until the last request has ended. */
static void test_close_waits_for_the_device(void **state)
{
	(void)state;
	put_read(0, 1);
	put_read(0, 2);
	dddk_block_poll(0);
	fake_chan(0)->state = GLUE_CHAN_CLOSED;
	dddk_block_poll(GLUE_EVENT_CONTROL);
	end(1, K_OK);
	dddk_block_poll(0);
	assert_int_equal(disconnects, 0);
	assert_int_equal(closed, 0);
	end(0, K_OK);
	dddk_block_poll(0);
	assert_int_equal(disconnects, 1);
	assert_int_equal(closed, 1);
	assert_false(got_answer(0));
	assert_int_equal(dddk_block_in_flight(), 0);
}

static void test_late_answer_for_a_reused_slot(void **state)
{
	(void)state;
	put_read(0, 1);
	dddk_block_poll(0);
	open_channel(0);
	dddk_block_poll(GLUE_EVENT_CONTROL);
	put_read(0, 2);
	dddk_block_poll(0);
	end(0, K_OK);
	assert_false(got_answer(0));
	end(1, K_OK);
	expect_answer(0, 2, K_OK);
	assert_int_equal(dddk_block_in_flight(), 0);
}

/* The flush that a FUA write still lacks is forgotten with its client. */
static void test_reused_slot_drops_a_due_flush(void **state)
{
	struct glue_block_sqe fua = { .op = GLUE_BLOCK_WRITE,
				      .count = 1,
				      .flags = GLUE_BLOCK_FUA };

	(void)state;
	put(0, &fua);
	dddk_block_poll(0);
	end(0, K_OK);
	assert_int_equal(dddk_channels.due, 1);
	open_channel(0);
	dddk_block_poll(GLUE_EVENT_CONTROL);
	assert_int_equal(dddk_channels.due, 0);
	assert_int_equal(dddk_block_in_flight(), 0);
	assert_int_equal(n_given, 1);
}

static void test_index_jump_ends_only_that_client(void **state)
{
	struct glue_ring_side *side = fake_ring(0);

	(void)state;
	put_read(1, 1);
	side[0].produced = 12345;
	dddk_block_poll(0);
	assert_int_equal(n_given, 1);
	assert_int_equal(disconnects, 1);
	assert_int_equal(last_disconnect, 0);
	assert_non_null(strstr(fake.console, "broke the ring protocol"));
	fake.console_bytes = 0;
	memset(fake.console, 0, sizeof(fake.console));
	dddk_block_poll(GLUE_EVENT_CONTROL);
	assert_int_equal(fake.console_bytes, 0);
	end(0, K_OK);
	expect_answer(1, 1, K_OK);
}

static void test_index_jump_wakes_the_driver(void **state)
{
	struct glue_ring_side *side = fake_ring(0);

	(void)state;
	side[0].produced = 12345;
	assert_int_equal(dddk_service_sleep_prepare(), 0);
}

/* Who does not collect answers is not served; nothing overflows. */
static void test_uncollected_answers_stop_service(void **state)
{
	unsigned int i;

	(void)state;
	at_once = 1;
	for (i = 0; i < 5 * DEPTH; i++) {
		put_read(0, i);
		dddk_block_poll(0);
		dddk_service_flush();
		if (client[0].tx.next -
			    ((struct glue_ring_side *)fake_ring(0))[1]
				    .consumed >
		    DEPTH - 1)
			break;
	}
	assert_int_equal(n_given, DEPTH);
	assert_int_equal(dddk_service_sleep_prepare(), 1);
	put_read(1, 7);
	dddk_block_poll(GLUE_EVENT_CHAN(1));
	expect_answer(1, 7, K_OK);
	expect_answer(0, 0, K_OK);
	dddk_block_poll(GLUE_EVENT_CHAN(0));
	assert_int_equal(n_given, DEPTH + 2);
}

static void test_misfit_channel_is_sent_away(void **state)
{
	(void)state;
	open_channel(3);
	fake_chan(3)->depth = 77;
	open_channel(4);
	fake_chan(4)->ring_bytes = 100;
	dddk_block_poll(GLUE_EVENT_CONTROL);
	assert_int_equal(disconnects, 2);
	assert_int_equal(opened, 2);
}

static void test_foreign_channels_are_left_alone(void **state)
{
	(void)state;
	open_channel(3);
	fake_chan(3)->server = 0;
	open_channel(4);
	fake_chan(4)->class_id = 77;
	dddk_block_poll(GLUE_EVENT_CONTROL);
	assert_int_equal(disconnects, 0);
	assert_int_equal(opened, 2);
}

/* Tokens run out before rings do: 32 clients, each with a full ring. */
static void test_32_clients_with_full_rings(void **state)
{
	unsigned int i, tag;

	(void)state;
	for (i = 2; i < GLUE_CHANS_MAX; i++)
		open_channel(i);
	dddk_block_poll(GLUE_EVENT_CONTROL);
	for (i = 0; i < GLUE_CHANS_MAX; i++)
		for (tag = 0; tag < DEPTH; tag++)
			put_read(i, tag);
	dddk_block_poll(0);
	assert_int_equal(n_given, DDDK_BLOCK_TOKENS);
	for (i = 0; i < GLUE_CHANS_MAX * DEPTH; i++) {
		assert_true(i < n_given);
		end(i, K_OK);
		dddk_block_poll(0);
	}
	for (i = 0; i < GLUE_CHANS_MAX; i++)
		for (tag = 0; tag < DEPTH; tag++)
			assert_true(got_answer(i));
	assert_int_equal(dddk_block_in_flight(), 0);
}

/* Random bytes for entries, indices and sleep words, for a long time: what
 * reaches the driver is always within disk and region, and the polite
 * neighbour is served throughout. */
static void test_garbage_client(void **state)
{
	unsigned int round, i, n_before;

	(void)state;
	at_once = 1;
	for (round = 0; round < 3000; round++) {
		uint32_t *words = fake_ring(0);

		if (fake_chan(0)->state != GLUE_CHAN_OPEN) {
			open_channel(0);
			dddk_block_poll(GLUE_EVENT_CONTROL);
		}
		for (i = 32; i < 1024; i++)
			words[i] = (uint32_t)random() *
				   (random() % 4 ? 1 : 0x9e3779b9u);
		words[0] += (uint32_t)random() % (round % 50 ? 4 : 40);
		words[1] = round % 40 ? words[16] : (uint32_t)random();
		words[2] = (uint32_t)random();
		n_given = 0;
		put_read(1, round % 1000);
		dddk_block_poll(0);
		expect_answer(1, round % 1000, K_OK);
		n_before = n_given;
		for (i = 0; i < n_before; i++) {
			assert_true(given[i].sector + given[i].count <= 1000);
			if (!given[i].data)
				continue;
			assert_in_range(given[i].bus, BUS(0),
					BUS(1) + REGION - given[i].bytes);
		}
	}
	assert_true(disconnects > 10);
}

#define TEST(f) cmocka_unit_test_setup(f, clients_start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_open_and_close),
		TEST(test_close_waits_for_the_device),
		TEST(test_late_answer_for_a_reused_slot),
		TEST(test_reused_slot_drops_a_due_flush),
		TEST(test_index_jump_ends_only_that_client),
		TEST(test_index_jump_wakes_the_driver),
		TEST(test_uncollected_answers_stop_service),
		TEST(test_misfit_channel_is_sent_away),
		TEST(test_foreign_channels_are_left_alone),
		TEST(test_32_clients_with_full_rings),
		TEST(test_garbage_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
