/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_block_client_bad.c - the block client when the driver ends or lies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <glue/ring.h>
#include <glue/rt.h>
#include "fake/disk.h"
#include "fake/process.h"

/* --- the other side ends, or lies ----------------------------------------- */

static void close_channel(void)
{
	fake_chan(0)->state = GLUE_CHAN_CLOSED;
	fake.events |= GLUE_EVENT_CONTROL;
}

static void test_channel_closes_while_waiting(void **state)
{
	unsigned int i;

	(void)state;
	disk_prepare(3);
	disk_hold = 1;
	for (i = 0; i < 3; i++)
		glue_block_submit(&blk, &req[i]);
	fake.on_block = close_channel;
	assert_int_equal(glue_block_wait(&blk, soon()), K_ERR_GONE);
	assert_int_equal(n_done, 3);
	for (i = 0; i < 3; i++) {
		assert_int_equal(req[i].status, K_ERR_GONE);
		assert_int_equal(done_order[i], i);
	}
	assert_int_equal(glue_block_submit(&blk, &req[0]), K_ERR_GONE);
	assert_int_equal(glue_block_read(&blk, 0, 1, req[0].data, soon()),
			 K_ERR_GONE);
	assert_int_equal(glue_block_wait(&blk, soon()), K_ERR_GONE);
	glue_block_close(&blk);
	assert_int_equal(disk_disconnects, 1);
}

static void test_slot_reused_by_the_broker(void **state)
{
	(void)state;
	disk_prepare(1);
	disk_hold = 1;
	glue_block_submit(&blk, &req[0]);
	fake_chan(0)->generation++;
	assert_int_equal(glue_block_wait(&blk, soon()), K_ERR_GONE);
}

/* The broker does not believe us, or has believed us a moment ago. */
static int open_unbelieved(void **state)
{
	int err = disk_start_open(state);

	disk_complaint_err = K_ERR_BUSY;
	return err;
}

static void expect_protocol_error(void)
{
	glue_block_poll(&blk);
	assert_int_equal(blk.port.state, GLUE_PORT_GONE);
	assert_int_equal(req[0].in_flight, 0);
	assert_int_equal(req[0].status, K_ERR_PROTOCOL);
	assert_int_equal(glue_block_submit(&blk, &req[0]), K_ERR_GONE);
}

static void submit_one_held(void)
{
	disk_prepare(1);
	disk_hold = 1;
	glue_block_submit(&blk, &req[0]);
	glue_block_kick(&blk);
}

static void test_answer_to_nothing(void **state)
{
	(void)state;
	submit_one_held();
	disk_answer(req[0].tag ^ 0x100, K_OK);
	expect_protocol_error();
}

static void test_answer_with_wild_slot(void **state)
{
	(void)state;
	submit_one_held();
	disk_answer(0xffffffff, K_OK);
	expect_protocol_error();
}

static void test_answer_twice(void **state)
{
	(void)state;
	submit_one_held();
	disk_answer(req[0].tag, K_OK);
	disk_answer(req[0].tag, K_OK);
	assert_int_equal(glue_block_poll(&blk), 1);
	assert_int_equal(req[0].status, K_OK);
	assert_int_equal(blk.port.state, GLUE_PORT_GONE);
}

static void test_completion_index_jumps(void **state)
{
	struct glue_ring_side *side = fake_ring(0);

	(void)state;
	submit_one_held();
	side[1].produced += DISK_DEPTH + 1;
	expect_protocol_error();
}

static void test_submission_index_jumps(void **state)
{
	struct glue_ring_side *side = fake_ring(0);
	unsigned int i;

	(void)state;
	disk_prepare(1);
	/* Fill what the client knows to be free, so that it looks again. */
	for (i = 0; i < DISK_DEPTH - 1; i++)
		assert_int_equal(glue_block_flush(&blk, soon()), K_OK);
	side[1].consumed += 1000;
	assert_int_equal(glue_block_submit(&blk, &req[0]), K_ERR_GONE);
	assert_int_equal(blk.port.state, GLUE_PORT_GONE);
}

static void test_close_with_requests_in_flight(void **state)
{
	(void)state;
	submit_one_held();
	glue_block_close(&blk);
	assert_int_equal(req[0].status, K_ERR_GONE);
	assert_int_equal(n_done, 1);
}

#define OPEN(f) cmocka_unit_test_setup(f, open_unbelieved)

int main(void)
{
	const struct CMUnitTest tests[] = {
		OPEN(test_channel_closes_while_waiting),
		OPEN(test_slot_reused_by_the_broker),
		OPEN(test_answer_to_nothing),
		OPEN(test_answer_with_wild_slot),
		OPEN(test_answer_twice),
		OPEN(test_completion_index_jumps),
		OPEN(test_submission_index_jumps),
		OPEN(test_close_with_requests_in_flight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
