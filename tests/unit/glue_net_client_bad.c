/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_net_client_bad.c - our net client and a driver that lies or goes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/service.h>
#include <glue/broker.h>
#include <glue/net_client.h>
#include <glue/ring_ops.h>
#include <glue/rt.h>
#include "dddk/net/internal.h"
#include "fake/nic.h"
#include "fake/nic_pair.h"
#include "fake/process.h"

/* --- a driver that lies ----------------------------------------------------- */

/* Put anything into the completion ring, as the driver's process can. */
static void lie(uint32_t tag, uint32_t bytes, uint16_t status)
{
	struct dddk_channel *channel = &dddk_channels.channel[1];
	struct glue_net_cqe cqe = { .tag = tag,
				    .bytes = bytes,
				    .status = status };

	net_answer(channel, &cqe);
	dddk_service_flush();
}

static void expect_lost(void)
{
	glue_net_poll(&pair_net);
	assert_int_equal(pair_net.port.state, GLUE_PORT_GONE);
	assert_int_equal(glue_net_in_flight(&pair_net), 0);
	assert_int_equal(pair_rx[0].status, K_ERR_PROTOCOL);
}

static void test_more_bytes_than_room(void **state)
{
	(void)state;
	pair_lend(2);
	lie(pair_rx[1].tag, 2049, K_OK);
	expect_lost();
}

static void test_answer_to_nothing(void **state)
{
	(void)state;
	pair_lend(2);
	lie(pair_rx[1].tag + 256, 60, K_OK);
	expect_lost();
}

static void test_answer_twice(void **state)
{
	(void)state;
	pair_lend(2);
	pair_rx[1].done = NULL;
	lie(pair_rx[1].tag, 60, K_OK);
	glue_net_poll(&pair_net);
	assert_int_equal(pair_rx[1].bytes, 60);
	lie(pair_rx[1].tag, 60, K_OK);
	expect_lost();
}

static void test_slot_out_of_range(void **state)
{
	(void)state;
	pair_depth = 128;
	assert_int_equal(glue_net_open(&pair_net, "net0", PAIR_REGION,
				       pair_soon()),
			 K_OK);
	pair_lend(2);
	lie(200, 60, K_OK);
	expect_lost();
}

static void test_index_jump(void **state)
{
	struct glue_ring_side *side = fake_ring(0);

	(void)state;
	pair_lend(2);
	side[1].produced = 5000;
	expect_lost();
}

static void test_unknown_status(void **state)
{
	(void)state;
	pair_lend(2);
	pair_rx[1].done = NULL;
	lie(pair_rx[1].tag, 60, 999);
	glue_net_poll(&pair_net);
	assert_int_equal(pair_rx[1].status, K_ERR_PROTOCOL);
	assert_int_equal(pair_net.port.state, GLUE_PORT_OPEN);
}

static void test_bad_info(void **state)
{
	(void)state;
	dddk_net.info.mtu = 3;
	assert_int_equal(glue_net_open(&pair_net, "net0", PAIR_REGION,
				       pair_soon()),
			 K_ERR_PROTOCOL);
	assert_int_equal(nic_disconnects, 1);
}

static int link_changes;

static void on_link(struct glue_net *which)
{
	assert_ptr_equal(which, &pair_net);
	link_changes++;
}

static void test_driver_goes(void **state)
{
	(void)state;
	pair_lend(3);
	fake_chan(0)->state = GLUE_CHAN_CLOSED;
	pair_net.link_changed = on_link;
	assert_int_equal(glue_net_wait(&pair_net, pair_soon()), K_ERR_GONE);
	assert_int_equal(glue_net_in_flight(&pair_net), 0);
	assert_int_equal(pair_rx[2].status, K_ERR_GONE);
	assert_int_equal(link_changes, 1);
	assert_int_equal(glue_net_info(&pair_net)->link, 0);
	assert_int_equal(glue_net_fill(&pair_net, &pair_rx[0]), K_ERR_GONE);
	assert_int_equal(glue_net_wait(&pair_net, pair_soon()), K_ERR_GONE);
	assert_int_equal(glue_port_sleep_prepare(&pair_net.port), 0);
	glue_port_sleep_end(&pair_net.port);
	assert_int_equal(glue_net_recall(&pair_net, pair_soon()), K_ERR_GONE);
}

#define TEST(f)	     cmocka_unit_test_setup(f, pair_start)
#define TEST_OPEN(f) cmocka_unit_test_setup(f, pair_start_open)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_OPEN(test_driver_goes),
		TEST_OPEN(test_more_bytes_than_room),
		TEST_OPEN(test_answer_to_nothing),
		TEST_OPEN(test_answer_twice),
		TEST(test_slot_out_of_range),
		TEST_OPEN(test_index_jump),
		TEST_OPEN(test_unknown_status),
		TEST(test_bad_info),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
