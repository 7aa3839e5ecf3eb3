/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dddk_waiting.c - requests that wait inside a driver: lines and holds.
 *
 * The driver of this test puts OP_WAIT into the line that the argument names
 * and OP_TAKE into its one hold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/request_queue.h>
#include <dddk/service.h>
#include "fake/process.h"
#include "fake/requests.h"

#define LINES 3u

static struct dddk_req_hold hold;

static enum k_err submit(void *drv, const struct dddk_req *req)
{
	(void)drv;
	if (req->op == OP_TAKE)
		dddk_req_hold(&hold, req);
	else
		dddk_req_queue((unsigned int)req->arg, req);
	return K_OK;
}

static int set_up(void **state)
{
	static const struct dddk_req_ops ops = { submit, dddk_req_queue_cancel,
						 NULL };

	requests_start(state);
	dddk_req_start(requests_class, &ops, NULL, "the info of this class.");
	return 0;
}

/* Client @i waits in a line. */
static void wait_in(unsigned int i, unsigned int line, uint32_t tag)
{
	put(i, (struct glue_req_sqe){ .op = OP_WAIT, .tag = tag, .arg = line });
	dddk_req_poll(0);
}

static void expect_end(unsigned int line, unsigned int i, uint32_t tag)
{
	assert_non_null(dddk_req_first(line));
	assert_int_equal(dddk_req_first(line)->client, i);
	dddk_req_first_end(line, K_OK, tag);
	expect_answer(i, tag, K_OK);
	assert_int_equal(last.value, tag);
}

static void test_oldest_first(void **state)
{
	(void)state;
	assert_null(dddk_req_first(0));
	dddk_req_first_end(0, K_OK, 0);
	wait_in(0, 0, 1);
	wait_in(1, 2, 2);
	wait_in(1, 0, 3);
	wait_in(0, 0, 4);
	dddk_req_first(0)->bytes = 7; /* how far it is, kept */
	assert_int_equal(dddk_req_first(0)->bytes, 7);
	assert_null(dddk_req_first(1));
	expect_end(0, 0, 1);
	assert_int_equal(dddk_req_first(0)->bytes, 0);
	expect_end(0, 1, 3);
	expect_end(0, 0, 4);
	assert_null(dddk_req_first(0));
	expect_end(2, 1, 2);
	assert_int_equal(dddk_req_in_flight(), 0);
}

static void cancel(unsigned int i, uint32_t victim, enum k_err status)
{
	put_cancel(i, 99, victim);
	dddk_req_poll(0);
	if (!status)
		expect_answer(i, victim, K_ERR_GONE);
	expect_answer(i, 99, status);
}

static void test_cancel_anywhere(void **state)
{
	(void)state;
	wait_in(0, 0, 1);
	wait_in(0, 0, 2);
	wait_in(0, 0, 3);
	wait_in(0, 0, 4);
	cancel(0, 3, K_OK);
	cancel(0, 1, K_OK);
	cancel(0, 1, K_ERR_NOTFOUND);
	expect_end(0, 0, 2);
	cancel(0, 4, K_OK);
	assert_null(dddk_req_first(0));
	wait_in(0, 0, 5);
	expect_end(0, 0, 5);
}

static void test_client_leaves(void **state)
{
	(void)state;
	wait_in(0, 1, 1);
	wait_in(1, 1, 2);
	wait_in(0, 1, 3);
	fake_chan(0)->state = GLUE_CHAN_CLOSED;
	dddk_req_poll(GLUE_EVENT_CONTROL);
	assert_int_equal(disconnects, 1);
	expect_end(1, 1, 2);
	assert_null(dddk_req_first(1));
}

static void test_hold(void **state)
{
	(void)state;
	put(0, (struct glue_req_sqe){ .op = OP_TAKE, .tag = 1 });
	put(0, (struct glue_req_sqe){ .op = OP_TAKE, .tag = 2 });
	dddk_req_poll(0);
	expect_answer(0, 2, K_ERR_BUSY);
	cancel(0, 1, K_OK);
	dddk_req_release(&hold, K_OK, 0); /* nobody waits */
	assert_false(got_answer(0));
	put(0, (struct glue_req_sqe){ .op = OP_TAKE, .tag = 3 });
	dddk_req_poll(0);
	dddk_req_release(&hold, K_OK, 0);
	expect_answer(0, 3, K_OK);
	assert_int_equal(dddk_req_in_flight(), 0);
}

/* Every request that clients can have open waits, and each has its turn. */
static void test_all_wait(void **state)
{
	unsigned int i, tag;

	(void)state;
	for (i = 2; i < GLUE_CHANS_MAX; i++)
		open_channel(i);
	dddk_req_poll(GLUE_EVENT_CONTROL);
	for (tag = 0; tag < GLUE_REQ_OPEN_MAX; tag++)
		for (i = 0; i < GLUE_CHANS_MAX; i++)
			wait_in(i, tag % LINES, tag);
	assert_int_equal(dddk_req_in_flight(), DDDK_REQ_TOKENS);
	for (tag = GLUE_REQ_OPEN_MAX; tag-- > 0;) {
		for (i = 0; i < GLUE_CHANS_MAX; i++) {
			dddk_req_first_end(tag % LINES, K_OK, 0);
			assert_true(got_answer(i));
		}
	}
	assert_int_equal(dddk_req_in_flight(), 0);
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_oldest_first),  TEST(test_cancel_anywhere),
		TEST(test_client_leaves), TEST(test_hold),
		TEST(test_all_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
