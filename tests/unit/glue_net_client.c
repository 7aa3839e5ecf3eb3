/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_net_client.c - our net client against our service: open, frames there
 * and back, limits, the link, calls that block. Lies: glue_net_client_bad.c
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
#include "glue/client/net_internal.h"
#include "fake/nic.h"
#include "fake/nic_pair.h"
#include "fake/process.h"

#define SENDERS 32u

static struct glue_net_frame tx[SENDERS];
static unsigned int n_sent;
static int link_changes;

static void send_next(struct glue_net_frame *frame)
{
	if (n_sent == 20000)
		return;
	pair_make(frame, 14 + (uint32_t)random() % 1501);
	pair_expected[n_sent++] = frame->bytes;
	assert_int_equal(glue_net_send(&pair_net, frame), K_OK);
}

static void test_open_reads_the_card(void **state)
{
	const struct glue_net_info *info = glue_net_info(&pair_net);

	(void)state;
	assert_memory_equal(info->mac, nic_mac, 6);
	assert_int_equal(info->mtu, 1500);
	assert_int_equal(info->fill_bytes, 1514);
	assert_int_equal(info->link, 1);
	assert_string_equal(info->driver, "fake");
	assert_int_equal(glue_net_in_flight(&pair_net), 0);
	glue_net_close(&pair_net);
	assert_int_equal(nic_disconnects, 1);
	glue_net_close(&pair_net);
	assert_int_equal(nic_disconnects, 1);
}

static void test_open_fails_cleanly(void **state)
{
	(void)state;
	pair_connect_err = K_ERR_NOTFOUND;
	assert_int_equal(glue_net_open(&pair_net, "net0", PAIR_REGION,
				       pair_soon()),
			 K_ERR_NOTFOUND);
	assert_int_equal(glue_net_open(&pair_net, "net0", 4096, pair_soon()),
			 K_ERR_INVALID);
	pair_connect_err = K_OK;
	pair_class = GLUE_CLASS_BLOCK;
	assert_int_equal(glue_net_open(&pair_net, "net0", PAIR_REGION,
				       pair_soon()),
			 K_ERR_PROTOCOL);
	assert_int_equal(nic_disconnects, 1);
	assert_int_equal(glue_net_send(&pair_net, &tx[0]), K_ERR_GONE);
}

/* Every frame comes back, in order, whole. */
static void test_20000_frames(void **state)
{
	unsigned int i;

	(void)state;
	pair_lend(PAIR_BUFFERS);
	memset(tx, 0, sizeof(tx));
	n_sent = 0;
	for (i = 0; i < SENDERS; i++) {
		tx[i].done = send_next;
		send_next(&tx[i]);
	}
	while (pair_received < 20000)
		assert_int_equal(glue_net_wait(&pair_net, pair_soon()), K_OK);
	assert_int_equal(glue_net_in_flight(&pair_net), PAIR_BUFFERS);
	assert_true(fake.signals[GLUE_CAP_PEER0] < 20000 / 8);
}

/* Its rings are cleared: no measure of what was put into them. */
static void test_sends_to_a_dead_driver(void **state)
{
	test_20000_frames(state);
	fake_chan(0)->state = GLUE_CHAN_LOST;
	glue_net_poll(&pair_net);
	tx[0].done = NULL;
	assert_int_equal(glue_net_send(&pair_net, &tx[0]), K_OK);
	assert_true(tx[0].in_flight);
	assert_true(glue_net_is_open(&pair_net));
}

static void test_limits(void **state)
{
	struct glue_net_frame frame = { .room = 2048 };
	static struct glue_net_frame many[GLUE_NET_DEPTH];
	unsigned int i;

	(void)state;
	frame.data = glue_net_alloc(&pair_net, 2048);
	assert_int_equal((uintptr_t)frame.data % GLUE_NET_ALLOC_ALIGN, 0);
	frame.room = 1513;
	assert_int_equal(glue_net_fill(&pair_net, &frame), K_ERR_INVALID);
	frame.room = PAIR_REGION;
	assert_int_equal(glue_net_fill(&pair_net, &frame), K_ERR_RANGE);
	frame.bytes = 13;
	assert_int_equal(glue_net_send(&pair_net, &frame), K_ERR_INVALID);
	frame.bytes = 1515;
	assert_int_equal(glue_net_send(&pair_net, &frame), K_ERR_RANGE);
	frame.bytes = 60;
	frame.flags = 64;
	assert_int_equal(glue_net_send(&pair_net, &frame), K_ERR_INVALID);
	frame.flags = 0;
	frame.data = pair_net.port.data - 1;
	assert_int_equal(glue_net_send(&pair_net, &frame), K_ERR_RANGE);
	frame.data = &frame;
	assert_int_equal(glue_net_send(&pair_net, &frame), K_ERR_RANGE);
	/* An offset of which the entry would hold the lower half. */
	frame.data = pair_net.port.data + (1ul << 32);
	frame.room = 2048;
	assert_int_equal(glue_net_send(&pair_net, &frame), K_ERR_RANGE);
	assert_int_equal(glue_net_fill(&pair_net, &frame), K_ERR_RANGE);
	for (i = 0; i < GLUE_NET_FRAMES_MAX; i++) {
		many[i].data = pair_net.port.data + 4096;
		many[i].room = 2048;
		assert_int_equal(glue_net_fill(&pair_net, &many[i]), K_OK);
	}
	many[i] = many[0];
	assert_int_equal(glue_net_fill(&pair_net, &many[i]), K_ERR_BUSY);
	/* The library's own requests still have their places. */
	assert_int_equal(glue_net_refresh(&pair_net, pair_soon()), K_OK);
	assert_int_equal(glue_net_recall(&pair_net, pair_soon()), K_OK);
	assert_int_equal(glue_net_in_flight(&pair_net), 0);
	assert_int_equal(many[5].status, K_ERR_GONE);
	assert_null(glue_net_alloc(&pair_net, PAIR_REGION));
	assert_null(glue_net_alloc(&pair_net, 0));
}

static void on_link(struct glue_net *which)
{
	assert_ptr_equal(which, &pair_net);
	link_changes++;
}

static void test_link(void **state)
{
	struct glue_net_frame frame = { 0 };

	(void)state;
	link_changes = 0;
	pair_net.link_changed = on_link;
	pair_make(&frame, 60);
	dddk_net_set_link(0, 0);
	dddk_service_flush();
	assert_int_equal(glue_net_wait_link(&pair_net, 0, pair_soon()), K_OK);
	assert_int_equal(link_changes, 1);
	assert_int_equal(glue_net_send(&pair_net, &frame), K_OK);
	assert_int_equal(glue_net_wait(&pair_net, pair_soon()), K_OK);
	assert_int_equal(frame.status, K_ERR_GONE);
	assert_int_equal(glue_net_refresh(&pair_net, pair_soon()), K_OK);
	assert_int_equal(glue_net_wait_link(&pair_net, 1, pair_soon()),
			 K_ERR_TIMEOUT);
	/* Down and up between two looks: no change to be told. */
	dddk_net_set_link(1, 100);
	dddk_service_flush();
	assert_int_equal(glue_net_wait_link(&pair_net, 1, pair_soon()), K_OK);
	assert_int_equal(link_changes, 2);
}

/* The card has been moved: the client hears of it though the link stays up;
 * while it is down not before it comes up, and then once. */
static void test_announce(void **state)
{
	(void)state;
	link_changes = 0;
	pair_net.link_changed = on_link;
	dddk_net_announce();
	dddk_service_flush();
	assert_int_equal(glue_net_wait(&pair_net, pair_soon()), K_OK);
	assert_int_equal(link_changes, 1);
	assert_int_equal(glue_net_wait(&pair_net, pair_soon()), K_ERR_TIMEOUT);
	dddk_net_set_link(0, 0);
	dddk_service_flush();
	assert_int_equal(glue_net_wait_link(&pair_net, 0, pair_soon()), K_OK);
	dddk_net_announce();
	dddk_service_flush();
	assert_int_equal(glue_net_wait(&pair_net, pair_soon()), K_ERR_TIMEOUT);
	dddk_net_set_link(1, 100);
	dddk_service_flush();
	assert_int_equal(glue_net_wait_link(&pair_net, 1, pair_soon()), K_OK);
	assert_int_equal(glue_net_wait(&pair_net, pair_soon()), K_ERR_TIMEOUT);
	assert_int_equal(link_changes, 3);
}

static void test_control_calls(void **state)
{
	static const uint8_t group[6] = { 1, 0, 0x5e, 0, 0, 1 };
	struct glue_net_frame frame = { 0 };
	struct glue_net_stats stats;

	(void)state;
	assert_int_equal(glue_net_join(&pair_net, group, pair_soon()), K_OK);
	assert_int_equal(nic_filter.n_multicast, 1);
	assert_int_equal(glue_net_leave(&pair_net, group, pair_soon()), K_OK);
	assert_int_equal(nic_filter.n_multicast, 0);
	assert_int_equal(glue_net_leave(&pair_net, group, pair_soon()),
			 K_ERR_NOTFOUND);
	pair_make(&frame, 100);
	assert_int_equal(glue_net_send(&pair_net, &frame), K_OK);
	assert_int_equal(glue_net_wait(&pair_net, pair_soon()), K_OK);
	assert_int_equal(glue_net_stats(&pair_net, &stats, pair_soon()), K_OK);
	assert_int_equal(stats.sent_frames, 1);
	assert_int_equal(stats.sent_bytes, 100);
	assert_int_equal(stats.dropped_no_buffer, 1);
	/* As if it were the next life's answer: the last one's are in it. */
	glue_net_stats_keep(&pair_net);
	assert_int_equal(glue_net_stats(&pair_net, &stats, pair_soon()), K_OK);
	assert_int_equal(stats.sent_frames, 2);
	assert_int_equal(stats.sent_bytes, 200);
	assert_int_equal(stats.dropped_no_buffer, 2);
	assert_int_equal(glue_net_stats(&pair_net, &stats, pair_soon()), K_OK);
	assert_int_equal(stats.sent_frames, 2);
}

#define TEST(f)	     cmocka_unit_test_setup(f, pair_start)
#define TEST_OPEN(f) cmocka_unit_test_setup(f, pair_start_open)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_OPEN(test_open_reads_the_card),
		TEST(test_open_fails_cleanly),
		TEST_OPEN(test_20000_frames),
		TEST_OPEN(test_sends_to_a_dead_driver),
		TEST_OPEN(test_limits),
		TEST_OPEN(test_link),
		TEST_OPEN(test_announce),
		TEST_OPEN(test_control_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
