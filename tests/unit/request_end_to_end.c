/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request_end_to_end.c - the request client against the request service.
 *
 * Client and driver share one host process: channel 0 is the client's end,
 * channel 1 the driver's, and both ring windows show the same memory. The
 * driver runs when it is signalled or when the client sleeps. It keeps what it
 * is given until an event of the test; a stubborn one ignores cancels.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/request_service.h>
#include <dddk/service.h>
#include <glue/broker.h>
#include <glue/request_client.h>
#include <glue/ring_ops.h>
#include <glue/rng.h>
#include <glue/rt.h>
#include "dddk/channels/channels.h"
#include "fake/loopback.h"
#include "fake/process.h"

#define REGION 65536u

/* --- the driver's side ---------------------------------------------------- */

static struct dddk_req held[DDDK_REQ_TOKENS];
static unsigned int n_held;
static int hold, stubborn;
static unsigned int disconnects;

static void fill(const struct dddk_req *req)
{
	memset(req->data, (int)(req->bytes & 0xff), req->bytes);
	dddk_req_complete(req->token, K_OK, req->bytes);
}

static enum k_err submit(void *drv, const struct dddk_req *req)
{
	(void)drv;
	if (hold)
		held[n_held++] = *req;
	else
		fill(req);
	return K_OK;
}

static void cancel(void *drv, uint32_t token)
{
	(void)drv;
	if (!stubborn)
		dddk_req_complete(token, K_ERR_GONE, 0);
}

static const struct dddk_req_ops ops = { submit, cancel, NULL };

static void driver_turn(uint64_t events)
{
	do {
		dddk_req_poll(events);
		events = 0;
		dddk_service_flush();
	} while (!dddk_service_sleep_prepare());
}

static void on_signal(glue_cptr cap)
{
	if (cap == GLUE_CAP_PEER0 + 1)
		fake.events |= GLUE_EVENT_CHAN(0);
	else
		driver_turn(GLUE_EVENT_CHAN(1));
}

/* --- the broker ----------------------------------------------------------- */

static void connect(void)
{
	loopback_connect(GLUE_CLASS_RNG, GLUE_REQ_DEPTH, REGION);
	driver_turn(GLUE_EVENT_CONTROL);
}

static void broker(struct glue_msg *msg)
{
	if (abi_info_label(msg->info) == GLUE_BROKER_CONNECT)
		connect();
	else
		disconnects++;
	msg->mr[0] = 0;
	msg->info = abi_info(K_OK, 0, 1);
}

static struct glue_req_port port;
static uint8_t *data;

static int set_up(void **state)
{
	static const struct glue_rng_info info = { .quality = 1000,
						   .driver = "fake" };

	(void)state;
	fake_process_start();
	fake.on_call = broker;
	fake.on_signal = on_signal;
	n_held = disconnects = 0;
	hold = stubborn = 0;
	memset(&dddk_channels, 0, sizeof(dddk_channels));
	dddk_req_start(&dddk_class_rng, &ops, NULL, &info);
	if (glue_req_open(&port, "rng0", GLUE_CLASS_RNG, REGION))
		return 1;
	data = glue_req_data(&port);
	return 0;
}

static uint64_t soon(void)
{
	return fake.ticks + 1000;
}

/* --- the tests ------------------------------------------------------------ */

static void test_call(void **state)
{
	struct glue_rng_info info;
	uint64_t value = 0;

	(void)state;
	assert_int_equal(glue_req_info(&port, &info, sizeof(info), soon()),
			 K_OK);
	assert_int_equal(info.quality, 1000);
	assert_int_equal(glue_req_call(&port, GLUE_RNG_READ, 0, 0, data + 10,
				       200, &value, soon()),
			 K_OK);
	assert_int_equal(value, 200);
	assert_int_equal(data[10], 200);
	assert_int_equal(data[209], 200);
	assert_int_equal(data[210], 0);
	assert_int_equal(glue_req_call(&port, GLUE_RNG_READ, 0, 0, data, 5000,
				       NULL, soon()),
			 K_ERR_INVALID);
	glue_req_close(&port);
	assert_int_equal(disconnects, 1);
	assert_int_equal(glue_req_call(&port, GLUE_RNG_READ, 0, 0, data, 5,
				       NULL, soon()),
			 K_ERR_GONE);
}

static void test_wrong_class(void **state)
{
	struct glue_req_port other;

	(void)state;
	assert_int_equal(glue_req_open(&other, "rng0", GLUE_CLASS_RTC, REGION),
			 K_ERR_PROTOCOL);
	assert_int_equal(disconnects, 1);
	assert_int_equal(glue_req_open(&other, "rng0", GLUE_CLASS_RNG, 100),
			 K_ERR_INVALID);
}

static void test_data_that_is_not_lent(void **state)
{
	struct glue_req req = { .op = GLUE_RNG_READ, .bytes = 8 };

	(void)state;
	req.data = data - 1;
	assert_int_equal(glue_req_submit(&port, &req), K_ERR_RANGE);
	req.data = data + REGION - 7;
	assert_int_equal(glue_req_submit(&port, &req), K_ERR_RANGE);
	req.data = data + REGION - 8;
	assert_int_equal(glue_req_submit(&port, &req), K_OK);
}

/* The answer does not come in time: the call takes its request back. */
static void test_deadline(void **state)
{
	(void)state;
	hold = 1;
	assert_int_equal(glue_req_call(&port, GLUE_RNG_READ, 0, 0, data, 8,
				       NULL, soon()),
			 K_ERR_TIMEOUT);
	assert_int_equal(dddk_req_in_flight(), 0);
	assert_true(glue_req_is_open(&port));
	hold = 0;
	assert_int_equal(glue_req_call(&port, GLUE_RNG_READ, 0, 0, data, 8,
				       NULL, soon()),
			 K_OK);
}

/* A server that keeps even a cancelled request is given up. */
static void test_deadline_ignored(void **state)
{
	(void)state;
	hold = stubborn = 1;
	assert_int_equal(glue_req_call(&port, GLUE_RNG_READ, 0, 0, data, 8,
				       NULL, soon()),
			 K_ERR_TIMEOUT);
	assert_false(glue_req_is_open(&port));
	assert_true(fake.ticks > GLUE_REQ_GRACE_NS / 16);
}

static struct glue_req req[GLUE_REQ_OPEN_MAX + 1];
static unsigned int order[GLUE_REQ_OPEN_MAX + 1], n_done;

static void done(struct glue_req *r)
{
	order[n_done++] = (unsigned int)(r - req);
}

static void submit_all(void)
{
	unsigned int i;

	n_done = 0;
	for (i = 0; i <= GLUE_REQ_OPEN_MAX; i++) {
		req[i] = (struct glue_req){ .op = GLUE_RNG_READ,
					    .data = data + i * 64,
					    .bytes = i + 1,
					    .done = done };
		assert_int_equal(glue_req_submit(&port, &req[i]),
				 i < GLUE_REQ_OPEN_MAX ? K_OK : K_ERR_BUSY);
	}
	glue_req_kick(&port);
}

static void test_cancel_all_in_any_order(void **state)
{
	unsigned int i;

	(void)state;
	hold = 1;
	submit_all();
	for (i = GLUE_REQ_OPEN_MAX; i > 0; i--)
		assert_int_equal(glue_req_cancel(&port, &req[i - 1]), K_OK);
	for (i = 0; i < GLUE_REQ_OPEN_MAX; i++)
		assert_int_equal(glue_req_wait(&port, &req[i], soon()), K_OK);
	assert_int_equal(n_done, GLUE_REQ_OPEN_MAX);
	for (i = 0; i < GLUE_REQ_OPEN_MAX; i++)
		assert_int_equal(req[i].status, K_ERR_GONE);
	assert_int_equal(glue_req_cancel(&port, &req[0]), K_ERR_INVALID);
	assert_int_equal(dddk_req_in_flight(), 0);
}

/* The server ends: what is open ends too, oldest first. */
static void test_server_goes(void **state)
{
	unsigned int i;

	(void)state;
	hold = 1;
	submit_all();
	fake_chan(0)->state = GLUE_CHAN_CLOSED;
	assert_int_equal(glue_req_wait(&port, &req[3], soon()), K_OK);
	assert_int_equal(n_done, GLUE_REQ_OPEN_MAX);
	for (i = 0; i < GLUE_REQ_OPEN_MAX; i++) {
		assert_int_equal(order[i], i);
		assert_int_equal(req[i].status, K_ERR_GONE);
	}
	assert_int_equal(glue_req_submit(&port, &req[0]), K_ERR_GONE);
}

/* A server that answers what was never asked, or with nonsense. */
static void test_bad_answers(void **state)
{
	struct dddk_channel *end = &dddk_channels.channel[1];
	struct glue_req_cqe *cqe;

	(void)state;
	hold = 1;
	submit_all();
	dddk_req_complete(held[0].token, (enum k_err)12345, 7);
	dddk_service_flush();
	assert_int_equal(glue_req_poll(&port), 1);
	assert_int_equal(req[0].status, K_ERR_PROTOCOL);
	assert_true(glue_req_is_open(&port));
	cqe = glue_ring_slot(&end->tx, sizeof(*cqe));
	*cqe = (struct glue_req_cqe){ .tag = req[0].tag };
	glue_ring_push(&end->tx);
	glue_ring_publish(&end->tx);
	glue_req_poll(&port);
	assert_false(glue_req_is_open(&port));
	assert_int_equal(req[1].status, K_ERR_PROTOCOL);
}

/* Many requests, some cancelled while their answers are on the way. */
static void test_long_run(void **state)
{
	unsigned int round, i;

	(void)state;
	for (round = 0; round < 3000; round++) {
		hold = random() % 2;
		n_held = 0;
		submit_all();
		for (i = 0; i < n_held; i++) {
			if (random() % 2)
				fill(&held[i]);
			else
				glue_req_cancel(&port, &req[held[i].bytes - 1]);
		}
		dddk_service_flush();
		for (i = 0; i < GLUE_REQ_OPEN_MAX; i++) {
			assert_int_equal(glue_req_wait(&port, &req[i], soon()),
					 K_OK);
			assert_true(req[i].status == K_ERR_GONE ||
				    req[i].value == i + 1);
		}
		assert_int_equal(n_done, GLUE_REQ_OPEN_MAX);
		assert_int_equal(dddk_req_in_flight(), 0);
	}
}

/* --- a server that dies --------------------------------------------------- */

#define PIECE 100u

static struct glue_req written[3];

/* Three that the driver holds, beside each other in the region. */
static void submit_three(void)
{
	hold = 1;
	for (unsigned int i = 0; i < 3; i++) {
		written[i] = (struct glue_req){ .op = GLUE_RNG_READ,
						.bytes = PIECE,
						.data = data + i * PIECE };
		assert_int_equal(glue_req_submit(&port, &written[i]), K_OK);
	}
	glue_req_kick(&port);
	assert_int_equal(n_held, 3);
}

static void die(void)
{
	fake_chan(0)->state = GLUE_CHAN_LOST;
	n_held = 0;
	while (glue_req_poll(&port))
		;
}

static void live(void)
{
	fake_chan(1)->generation++;
	driver_turn(GLUE_EVENT_CONTROL);
	fake_chan(0)->generation++;
	fake_chan(0)->state = GLUE_CHAN_OPEN;
	glue_req_poll(&port);
}

/* Of what was begun only the rest is asked for again. */
static void test_begun_is_not_done_again(void **state)
{
	(void)state;
	submit_three();
	dddk_req_begun(held[1].token, 40);
	die();
	assert_false(written[0].in_flight); /* done before the second began */
	assert_int_equal(written[0].status, K_OK);
	assert_int_equal(written[0].value, PIECE);
	live();
	assert_int_equal(n_held, 2);
	assert_int_equal(held[0].bytes, 60);
	assert_int_equal(held[1].bytes, PIECE);
	dddk_req_begun(held[0].token, 10);
	die();
	live();
	assert_int_equal(held[0].bytes, 50);
	fill(&held[0]);
	fill(&held[1]);
	dddk_service_flush();
	glue_req_poll(&port);
	assert_int_equal(written[1].value, PIECE);
	assert_int_equal(data[PIECE + 49], 0);
	assert_int_equal(data[PIECE + 50], 50);
	assert_int_equal(written[2].value, PIECE);
}

/* All of it was begun, or more than there is: that server lies. */
static void test_begun_to_the_end(void **state)
{
	(void)state;
	submit_three();
	dddk_req_begun(held[1].token, PIECE);
	die();
	assert_int_equal(written[1].value, PIECE);
	assert_false(written[1].in_flight);
	live();
	assert_int_equal(n_held, 1);
	dddk_req_begun(held[0].token, PIECE + 1);
	die();
	live();
	assert_int_equal(held[0].bytes, PIECE);
}

/* Answered in its last moment: that counts. */
static void test_last_answer(void **state)
{
	(void)state;
	submit_three();
	fill(&held[0]);
	dddk_service_flush();
	die();
	assert_false(written[0].in_flight);
	live();
	assert_int_equal(n_held, 2);
}

/* Its rings are cleared: no measure of what was put into them. */
static void test_asked_while_it_is_dead(void **state)
{
	test_long_run(state);
	n_held = hold = 0;
	die();
	port.port.sq.seen = port.port.sq.next - port.port.sq.depth;
	written[0] = (struct glue_req){ .op = GLUE_RNG_READ,
					.bytes = PIECE,
					.data = data };
	assert_int_equal(glue_req_submit(&port, &written[0]), K_OK);
	live();
	assert_int_equal(glue_req_wait(&port, &written[0], soon()), K_OK);
	assert_int_equal(written[0].value, PIECE);
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_call),
		TEST(test_wrong_class),
		TEST(test_data_that_is_not_lent),
		TEST(test_deadline),
		TEST(test_deadline_ignored),
		TEST(test_cancel_all_in_any_order),
		TEST(test_server_goes),
		TEST(test_bad_answers),
		TEST(test_long_run),
		TEST(test_begun_is_not_done_again),
		TEST(test_begun_to_the_end),
		TEST(test_last_answer),
		TEST(test_asked_while_it_is_dead),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
