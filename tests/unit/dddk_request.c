/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dddk_request.c - the request service: what it takes, answers and cancels.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/service.h>
#include "dddk/channels/tokens.h"
#include "fake/process.h"
#include "fake/requests.h"

/* Client 0 asks; the service answers by itself. */
static void expect_refusal(struct glue_req_sqe sqe, enum k_err status)
{
	sqe.tag = 77;
	put(0, sqe);
	dddk_req_poll(0);
	assert_int_equal(n_given, 0);
	expect_answer(0, 77, status);
}

/* --- requests ------------------------------------------------------------- */

static void test_info(void **state)
{
	struct glue_req_sqe sqe = { .tag = 5, .offset = 16, .bytes = 24 };

	(void)state;
	put(0, sqe);
	assert_int_equal(dddk_req_poll(0), 1);
	expect_answer(0, 5, K_OK);
	assert_string_equal((char *)DATA(0) + 16, "the info of this class.");
	dddk_req_set_info("another text of 24 byte");
	put(1, sqe);
	dddk_req_poll(0);
	assert_string_equal((char *)DATA(1) + 16, "another text of 24 byte");
}

static void test_what_the_table_does_not_list(void **state)
{
	struct glue_req_sqe good = { .op = OP_WRITE, .flags = 1, .bytes = 8 };
	struct glue_req_sqe sqe;

	(void)state;
	expect_refusal((struct glue_req_sqe){ .op = 2 }, K_ERR_UNSUPPORTED);
	expect_refusal((struct glue_req_sqe){ .op = 18 }, K_ERR_UNSUPPORTED);
	expect_refusal((struct glue_req_sqe){ .op = 0xffff },
		       K_ERR_UNSUPPORTED);
	sqe = good, sqe.flags = 4;
	expect_refusal(sqe, K_ERR_INVALID);
	sqe = good, sqe.arg = 1;
	expect_refusal(sqe, K_ERR_INVALID);
	sqe = good, sqe.bytes = 3;
	expect_refusal(sqe, K_ERR_INVALID);
	sqe = good, sqe.bytes = 65;
	expect_refusal(sqe, K_ERR_INVALID);
	sqe = good, sqe.rsvd = 1;
	expect_refusal(sqe, K_ERR_INVALID);
	sqe = (struct glue_req_sqe){ .op = OP_WAIT, .arg = 101 };
	expect_refusal(sqe, K_ERR_INVALID);
	sqe = (struct glue_req_sqe){ .bytes = 23 };
	expect_refusal(sqe, K_ERR_INVALID);
	sqe = (struct glue_req_sqe){ .op = GLUE_REQ_CANCEL, .arg = 1ul << 32 };
	expect_refusal(sqe, K_ERR_INVALID);
}

static void test_data_outside_of_the_region(void **state)
{
	struct glue_req_sqe sqe = { .op = OP_WRITE, .bytes = 8 };

	(void)state;
	sqe.offset = REGION - 7;
	expect_refusal(sqe, K_ERR_RANGE);
	sqe.offset = UINT64_MAX - 3;
	expect_refusal(sqe, K_ERR_RANGE);
	sqe.op = GLUE_REQ_INFO;
	sqe.bytes = 24;
	sqe.offset = REGION - 23;
	expect_refusal(sqe, K_ERR_RANGE);
}

static void test_the_driver_sees_it_all(void **state)
{
	struct glue_req_sqe sqe = { .op = OP_WRITE,
				    .flags = 3,
				    .tag = 9,
				    .offset = 4001,
				    .bytes = 64 };

	(void)state;
	put(1, sqe);
	dddk_req_poll(0);
	assert_int_equal(n_given, 1);
	assert_int_equal(given[0].op, OP_WRITE);
	assert_int_equal(given[0].flags, 3);
	assert_int_equal(given[0].client, 1);
	assert_int_equal(given[0].bytes, 64);
	assert_int_equal((uintptr_t)given[0].data, DATA(1) + 4001);
	assert_false(got_answer(1));
	dddk_req_complete(given[0].token, K_OK, 1ul << 40);
	expect_answer(1, 9, K_OK);
	assert_int_equal(last.value, 1ul << 40);
	assert_int_equal(dddk_req_in_flight(), 0);
}

static void test_any_order_and_at_once(void **state)
{
	(void)state;
	put_wait(0, 1);
	put_wait(0, 2);
	dddk_req_poll(0);
	at_once = 1;
	put_wait(0, 3);
	dddk_req_poll(0);
	dddk_req_complete(given[1].token, K_ERR_IO, 0);
	dddk_req_complete(given[0].token, K_OK, 0);
	expect_answer(0, 3, K_OK);
	expect_answer(0, 2, K_ERR_IO);
	expect_answer(0, 1, K_OK);
}

static void test_refused_and_busy(void **state)
{
	(void)state;
	refuse = K_ERR_DENIED;
	put_wait(0, 1);
	dddk_req_poll(0);
	expect_answer(0, 1, K_ERR_DENIED);
	refuse = K_ERR_BUSY;
	put_wait(0, 2);
	dddk_req_poll(0);
	assert_false(got_answer(0));
	assert_int_equal(dddk_service_sleep_prepare(), 1);
	refuse = K_OK;
	dddk_req_poll(0);
	assert_int_equal(n_given, 1);
	assert_int_equal(dddk_req_in_flight(), 1);
}

static void test_completion_of_nothing(void **state)
{
	(void)state;
	put_wait(0, 1);
	dddk_req_poll(0);
	dddk_req_complete(given[0].token, K_OK, 0);
	dddk_req_complete(given[0].token, K_OK, 0);
	assert_non_null(strstr(fake.console, "which is not in flight"));
	dddk_req_complete(DDDK_REQ_TOKENS, K_OK, 0);
	dddk_req_complete(UINT32_MAX, K_OK, 0);
	expect_answer(0, 1, K_OK);
	assert_false(got_answer(0));
}

/* --- cancel --------------------------------------------------------------- */

static void test_cancel(void **state)
{
	(void)state;
	put_wait(0, 1);
	put_wait(0, 2);
	put_cancel(0, 3, 2);
	dddk_req_poll(0);
	assert_int_equal(n_cancelled, 1);
	assert_int_equal(cancelled[0], given[1].token);
	expect_answer(0, 3, K_OK);
	put_cancel(0, 4, 2);
	dddk_req_poll(0);
	expect_answer(0, 4, K_ERR_NOTFOUND);
	assert_int_equal(n_cancelled, 1);
	dddk_req_complete(given[1].token, K_ERR_GONE, 0);
	expect_answer(0, 2, K_ERR_GONE);
	assert_int_equal(dddk_req_in_flight(), 1);
}

static void test_cancel_of_what_is_not_mine(void **state)
{
	(void)state;
	cancel_at_once = 1;
	put_wait(1, 1);
	put_cancel(0, 2, 1);
	put_cancel(1, 3, 1);
	dddk_req_poll(0);
	expect_answer(0, 2, K_ERR_NOTFOUND);
	expect_answer(1, 1, K_ERR_GONE);
	expect_answer(1, 3, K_OK);
}

/* As many as one may have open; a CANCEL still gets through. */
static void test_too_many_open(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i <= GLUE_REQ_OPEN_MAX; i++)
		put_wait(0, i);
	put_cancel(0, 100, 0);
	dddk_req_poll(0);
	assert_int_equal(n_given, GLUE_REQ_OPEN_MAX);
	expect_answer(0, GLUE_REQ_OPEN_MAX, K_ERR_BUSY);
	expect_answer(0, 100, K_OK);
	assert_int_equal(n_cancelled, 1);
}

/* Nobody's open requests keep others out. */
static void test_32_clients_with_all_they_may(void **state)
{
	unsigned int i, tag;

	(void)state;
	for (i = 2; i < GLUE_CHANS_MAX; i++)
		open_channel(i);
	dddk_req_poll(GLUE_EVENT_CONTROL);
	assert_int_equal(clients_in, GLUE_CHANS_MAX);
	for (i = 0; i < GLUE_CHANS_MAX; i++)
		for (tag = 0; tag < GLUE_REQ_OPEN_MAX; tag++)
			put_wait(i, tag);
	dddk_req_poll(0);
	assert_int_equal(n_given, GLUE_CHANS_MAX * GLUE_REQ_OPEN_MAX);
	for (i = 0; i < n_given; i++)
		dddk_req_complete(given[i].token, K_OK, i);
	for (i = 0; i < GLUE_CHANS_MAX; i++)
		for (tag = 0; tag < GLUE_REQ_OPEN_MAX; tag++)
			expect_answer(i, tag, K_OK);
	assert_int_equal(dddk_req_in_flight(), 0);
}

/* --- leaving -------------------------------------------------------------- */

static void test_leaving_ends_what_is_open(void **state)
{
	(void)state;
	put_wait(0, 1);
	put_wait(0, 2);
	put_wait(1, 3);
	dddk_req_poll(0);
	fake_chan(0)->state = GLUE_CHAN_CLOSED;
	dddk_req_poll(GLUE_EVENT_CONTROL);
	assert_int_equal(n_cancelled, 2);
	assert_int_equal(disconnects + clients_out, 0);
	dddk_req_complete(cancelled[0], K_ERR_GONE, 0);
	dddk_req_poll(0);
	assert_int_equal(disconnects, 0);
	dddk_req_complete(cancelled[1], K_ERR_GONE, 0);
	dddk_req_poll(0);
	assert_int_equal(disconnects, 1);
	assert_int_equal(clients_out, 1);
	assert_int_equal(n_cancelled, 2);
	assert_int_equal(dddk_req_in_flight(), 1);
}

static void test_leaving_at_once(void **state)
{
	(void)state;
	cancel_at_once = 1;
	put_wait(0, 1);
	put_wait(0, 2);
	dddk_req_poll(0);
	fake_chan(0)->state = GLUE_CHAN_CLOSED;
	dddk_req_poll(GLUE_EVENT_CONTROL);
	assert_int_equal(disconnects, 1);
	assert_int_equal(dddk_req_in_flight(), 0);
	assert_int_equal(fake.console_bytes, 0);
}

/* The broker gives the slot to another client without asking. */
static void test_slot_taken_back(void **state)
{
	(void)state;
	put_wait(0, 1);
	put_wait(0, 2);
	put_cancel(0, 3, 2);
	dddk_req_poll(0);
	open_channel(0);
	dddk_req_poll(GLUE_EVENT_CONTROL);
	assert_int_equal(n_cancelled, 2);
	assert_int_equal(clients_out, 1);
	put_wait(0, 9);
	dddk_req_poll(0);
	dddk_req_complete(given[0].token, K_OK, 0);
	dddk_req_complete(given[1].token, K_OK, 0);
	assert_false(got_answer(0));
	dddk_req_complete(given[2].token, K_OK, 0);
	expect_answer(0, 9, K_OK);
	assert_int_equal(dddk_req_in_flight(), 0);
}

/* --- owners --------------------------------------------------------------- */

/* The driver answers at once; the client gets @status. */
static void expect_owned(unsigned int i, uint16_t op, enum k_err status)
{
	put(i, (struct glue_req_sqe){ .op = op, .tag = op });
	dddk_req_poll(0);
	expect_answer(i, op, status);
}

/* Client 2 is another channel of client 0's process. */
static void test_owner(void **state)
{
	(void)state;
	at_once = cancel_at_once = 1;
	open_channel(2);
	fake_chan(0)->peer_pid = fake_chan(2)->peer_pid = 7;
	fake_chan(1)->peer_pid = 8;
	dddk_req_poll(GLUE_EVENT_CONTROL);
	expect_owned(1, OP_KEEP, K_OK);
	put(1, (struct glue_req_sqe){ .op = OP_TAKE, .tag = 9, .arg = 101 });
	dddk_req_poll(0);
	expect_answer(1, 9, K_ERR_INVALID);
	expect_owned(0, OP_TAKE, K_OK);
	expect_owned(0, OP_TAKE, K_OK);
	expect_owned(0, OP_KEEP, K_OK);
	expect_owned(1, OP_TAKE, K_ERR_BUSY);
	expect_owned(1, OP_KEEP, K_ERR_BUSY);
	expect_owned(2, OP_TAKE, K_ERR_BUSY);
	expect_owned(2, OP_KEEP, K_OK);
	expect_owned(1, OP_WAIT, K_OK);
}

/* Whoever comes next may take it at once, also while the last one's requests
 * still end, but not because it has the same slot. */
static void test_owner_leaves(void **state)
{
	(void)state;
	put_wait(0, 1);
	put(0, (struct glue_req_sqe){ .op = OP_TAKE, .tag = 2 });
	dddk_req_poll(0);
	fake_chan(0)->state = GLUE_CHAN_CLOSED;
	dddk_req_poll(GLUE_EVENT_CONTROL);
	at_once = 1;
	expect_owned(1, OP_TAKE, K_OK);
	fake_chan(1)->state = GLUE_CHAN_CLOSED;
	dddk_req_poll(GLUE_EVENT_CONTROL);
	open_channel(1);
	open_channel(2);
	dddk_req_poll(GLUE_EVENT_CONTROL);
	expect_owned(2, OP_TAKE, K_OK);
	expect_owned(1, OP_TAKE, K_ERR_BUSY);
}

/* Random entries, indices and sleep words: what reaches the driver keeps the
 * rules, and the polite neighbour is served throughout. */
static void test_garbage_client(void **state)
{
	unsigned int round, i;

	(void)state;
	cancel_at_once = 1;
	for (round = 0; round < 3000; round++) {
		uint32_t *words = fake_ring(0);

		if (fake_chan(0)->state != GLUE_CHAN_OPEN) {
			open_channel(0);
			dddk_req_poll(GLUE_EVENT_CONTROL);
		}
		for (i = 32; i < 1024; i++)
			words[i] = (uint32_t)random() & (uint32_t)random() &
				   (random() % 3 ? 0x1f : 0xffffffff);
		words[0] += (uint32_t)random() % (round % 50 ? 4 : 40);
		words[1] = round % 40 ? words[16] : (uint32_t)random();
		n_given = n_cancelled = 0;
		put(1, (struct glue_req_sqe){ .tag = round, .bytes = 24 });
		dddk_req_poll(0);
		expect_answer(1, round, K_OK);
		for (i = 0; i < n_given; i++) {
			assert_in_range(given[i].op, OP_WAIT, OP_KEEP);
			assert_true(given[i].arg <= 100);
			assert_true(given[i].bytes <= 64);
			if (random() % 2 && dddk_token_state(given[i].token))
				dddk_req_complete(given[i].token, K_OK, 0);
		}
	}
	assert_true(disconnects > 10);
}

#define TEST(f) cmocka_unit_test_setup(f, requests_start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_info),
		TEST(test_what_the_table_does_not_list),
		TEST(test_data_outside_of_the_region),
		TEST(test_the_driver_sees_it_all),
		TEST(test_any_order_and_at_once),
		TEST(test_refused_and_busy),
		TEST(test_completion_of_nothing),
		TEST(test_cancel),
		TEST(test_cancel_of_what_is_not_mine),
		TEST(test_too_many_open),
		TEST(test_32_clients_with_all_they_may),
		TEST(test_leaving_ends_what_is_open),
		TEST(test_leaving_at_once),
		TEST(test_slot_taken_back),
		TEST(test_owner),
		TEST(test_owner_leaves),
		TEST(test_garbage_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
