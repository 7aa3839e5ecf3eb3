/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dddk_net_service.c - the net service with one client: frames to the driver
 * and back, refusals, buffers, the link, sleep. Several: dddk_net_clients.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/service.h>
#include <glue/net_check.h>
#include <glue/rt.h>
#include "dddk/net/internal.h"
#include "fake/nic.h"
#include "fake/process.h"

static const uint8_t peer[6] = { 0x52, 0x55, 0x0a, 0x00, 0x02, 0x02 };

/* Channel 1 leaves, so that channel 0 has the card for itself. */
static int start_alone(void **state)
{
	int err = nic_start(state);

	fake_chan(1)->state = GLUE_CHAN_CLOSED;
	dddk_net_poll(GLUE_EVENT_CONTROL);
	nic_disconnects = nic_closed = 0;
	return err;
}

static void test_short_frame_is_copied_and_done(void **state)
{
	(void)state;
	nic_build(0, 4096, 60, peer, 1);
	nic_put_send(0, 7, 4096, 60);
	assert_int_equal(dddk_net_poll(0), 1);
	assert_int_equal(nic_n_sent, 1);
	assert_int_equal(nic_commits, 1);
	assert_int_equal(nic_sent[0].frame.bytes, 60);
	assert_null(nic_sent[0].frame.rest);
	assert_memory_equal(nic_sent[0].data, nic_region(0) + 4096, 60);
	nic_expect(0, 7, K_OK);
	assert_int_equal(dddk_net_in_flight(), 0);
}

static void test_long_frame_stays_where_it_is(void **state)
{
	const struct dddk_net_frame *frame = &nic_sent[0].frame;

	(void)state;
	nic_build(0, 4096, 1514, peer, 2);
	nic_put_send(0, 8, 4096, 1514);
	dddk_net_poll(0);
	assert_int_equal(frame->head_bytes, DDDK_NET_HEAD);
	assert_ptr_equal(frame->rest, nic_region(0) + 4096 + DDDK_NET_HEAD);
	assert_int_equal(frame->rest_bus, NIC_BUS(0) + 4096 + DDDK_NET_HEAD);
	assert_memory_equal(nic_sent[0].data, nic_region(0) + 4096, 1514);
	assert_false(nic_got_answer(0));
	assert_int_equal(dddk_net_in_flight(), 1);
	dddk_net_complete(frame->token, K_OK);
	nic_expect(0, 8, K_OK);
	/* A second time it is nobody's. */
	dddk_net_complete(frame->token, K_OK);
	dddk_net_complete(DDDK_NET_NO_TOKEN, K_OK);
	assert_false(nic_got_answer(0));
	assert_non_null(strstr(fake.console, "not in flight"));
}

static void test_bad_requests_never_reach_the_driver(void **state)
{
	static const struct {
		struct glue_net_sqe sqe;
		enum k_err err;
	} bad[] = {
		{ { .op = GLUE_NET_SEND, .bytes = 0 }, K_ERR_INVALID },
		{ { .op = GLUE_NET_SEND, .bytes = 13 }, K_ERR_INVALID },
		{ { .op = GLUE_NET_SEND, .bytes = 1515 }, K_ERR_RANGE },
		{ { .op = GLUE_NET_SEND, .bytes = 65535 }, K_ERR_RANGE },
		{ { .op = GLUE_NET_SEND, .bytes = 60, .offset = NIC_REGION },
		  K_ERR_RANGE },
		{ { .op = GLUE_NET_SEND, .bytes = 60, .rsvd2 = 1 },
		  K_ERR_INVALID },
		{ { .op = GLUE_NET_FILL, .bytes = 1513 }, K_ERR_INVALID },
		{ { .op = GLUE_NET_FILL, .bytes = 1514, .offset = ~0u },
		  K_ERR_RANGE },
		{ { .op = GLUE_NET_FILL, .bytes = 1514, .flags = 1 },
		  K_ERR_INVALID },
		{ { .op = 99, .bytes = 60 }, K_ERR_UNSUPPORTED },
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		nic_put(0, &bad[i].sqe);
		dddk_net_poll(0);
		nic_expect(0, 0, bad[i].err);
	}
	assert_int_equal(nic_n_sent, 0);
	assert_int_equal(nic_commits, 0);
}

static void test_foreign_source_is_refused(void **state)
{
	(void)state;
	nic_build(0, 4096, 60, peer, 1);
	nic_region(0)[4096 + 11] ^= 1;
	nic_put_send(0, 1, 4096, 60);
	dddk_net_poll(0);
	nic_expect(0, 1, K_ERR_DENIED);
	assert_int_equal(nic_n_sent, 0);
	assert_int_equal(dddk_net.client[0].stats.refused, 1);
}

static void test_gso_passes_with_its_fields(void **state)
{
	struct glue_net_sqe sqe = { .op = GLUE_NET_SEND,
				    .flags = GLUE_NET_CSUM,
				    .gso_type = GLUE_NET_GSO_TCP4,
				    .tag = 3,
				    .offset = 4096,
				    .bytes = 65535,
				    .csum_start = 34,
				    .csum_offset = 16,
				    .gso_size = 1460,
				    .header_bytes = 54 };
	const struct dddk_net_frame *frame = &nic_sent[0].frame;

	(void)state;
	nic_build(0, 4096, 65535, peer, 9);
	nic_put(0, &sqe);
	dddk_net_poll(0);
	assert_int_equal(frame->bytes, 65535);
	assert_int_equal(frame->offload.flags, GLUE_NET_CSUM);
	assert_int_equal(frame->offload.gso_type, GLUE_NET_GSO_TCP4);
	assert_int_equal(frame->offload.gso_size, 1460);
	assert_int_equal(frame->offload.csum_start, 34);
	assert_int_equal(frame->offload.csum_offset, 16);
	assert_int_equal(frame->offload.header_bytes, 54);
	assert_memory_equal(nic_sent[0].data, nic_region(0) + 4096, 65535);
}

static void test_busy_is_offered_again(void **state)
{
	unsigned int i;

	(void)state;
	nic_room = 3;
	nic_build(0, 4096, 60, peer, 1);
	for (i = 0; i < 8; i++)
		nic_put_send(0, i, 4096, 60);
	dddk_net_poll(0);
	assert_int_equal(nic_n_sent, 3);
	/* The driver sleeps: something of its own will wake it. */
	assert_int_equal(dddk_service_sleep_prepare(), 1);
	nic_room = 100;
	dddk_net_poll(GLUE_EVENT_IRQ(0));
	assert_int_equal(nic_n_sent, 8);
	for (i = 0; i < 8; i++)
		nic_expect(0, i, K_OK);
	nic_refuse = K_ERR_BUSY;
	nic_build(0, 4096, 1000, peer, 1);
	nic_put_send(0, 9, 4096, 1000);
	nic_put_send(0, 10, 4096, 60);
	dddk_net_poll(0);
	assert_false(nic_got_answer(0));
	assert_int_equal(dddk_net_in_flight(), 0);
	nic_refuse = K_ERR_IO;
	dddk_net_poll(0);
	nic_expect(0, 9, K_ERR_IO);
	nic_expect(0, 10, K_ERR_IO);
}

static void test_receive_into_the_oldest_buffer(void **state)
{
	uint8_t frame[1514];
	unsigned int i;

	(void)state;
	memset(frame, 0x11, sizeof(frame));
	memcpy(frame, nic_mac, 6);
	for (i = 0; i < 3; i++)
		nic_put_fill(0, 100 + i, 4096 + i * 2048, 2048);
	dddk_net_poll(0);
	assert_false(nic_got_answer(0));
	for (i = 0; i < 3; i++) {
		frame[20] = (uint8_t)i;
		nic_receive(frame, 60 + i * 700, i + 1);
	}
	for (i = 0; i < 3; i++) {
		uint8_t *got = nic_region(0) + 4096 + i * 2048;

		frame[20] = (uint8_t)i;
		nic_expect(0, 100 + i, K_OK);
		assert_int_equal(nic_answer.bytes, 60 + i * 700);
		assert_memory_equal(got, frame, 60 + i * 700);
		assert_int_equal(got[60 + i * 700], 0);
	}
}

/* The host is faster than the client: frames are lost, and nothing else. */
static void test_flood_without_buffers(void **state)
{
	uint8_t frame[60] = { 0 };
	struct glue_net_sqe sqe = { .op = GLUE_NET_STATS,
				    .bytes = sizeof(struct glue_net_stats) };
	struct glue_net_stats *stats = (void *)nic_region(0);
	unsigned int i;

	(void)state;
	memcpy(frame, nic_mac, 6);
	nic_put_fill(0, 1, 4096, 1514);
	dddk_net_poll(0);
	for (i = 0; i < 10000; i++)
		nic_receive(frame, 60, 1);
	nic_expect(0, 1, K_OK);
	assert_false(nic_got_answer(0));
	assert_int_equal(nic_counted, 0); /* only for who asks */
	nic_put(0, &sqe);
	dddk_net_poll(0);
	nic_expect(0, 0, K_OK);
	assert_int_equal(nic_counted, 1);
	assert_int_equal(stats->received_frames, 1);
	assert_int_equal(stats->dropped_no_buffer, 9999);
	assert_int_equal(dddk_channels.channel[0].in_flight, 0);
}

static void test_lengths_from_the_wire(void **state)
{
	static uint8_t frame[65535];
	static const uint32_t length[] = { 0, 13, 14, 1514, 1515, 65535 };
	unsigned int i;

	(void)state;
	memcpy(frame, nic_mac, 6);
	nic_put_fill(0, 1, 4096, 1514);
	nic_put_fill(0, 2, 8192, 1514);
	nic_put_fill(0, 3, 16384, 65536);
	dddk_net_poll(0);
	for (i = 0; i < 6; i++)
		nic_receive(frame, length[i], 1);
	nic_receive(frame, 14, 0);
	nic_expect(0, 1, K_OK);
	assert_int_equal(nic_answer.bytes, 14);
	nic_expect(0, 2, K_OK);
	assert_int_equal(nic_answer.bytes, 1514);
	/* The oldest buffer was then the large one. */
	nic_expect(0, 3, K_OK);
	assert_int_equal(nic_answer.bytes, 1515);
	assert_false(nic_got_answer(0));
	assert_int_equal(*net_counts[NET_NOBODYS], 3);
	nic_put_fill(0, 4, 4096, 1514);
	dddk_net_poll(0);
	nic_receive(frame, 1515, 1);
	assert_false(nic_got_answer(0));
	assert_int_equal(dddk_net.client[0].stats.dropped_too_long, 1);
	nic_receive(frame, 1514, 1);
	nic_expect(0, 4, K_OK);
}

static void test_recall_gives_all_buffers_back(void **state)
{
	struct glue_net_sqe sqe = { .op = GLUE_NET_RECALL, .tag = 9 };
	unsigned int i;

	(void)state;
	for (i = 0; i < 5; i++)
		nic_put_fill(0, i, 4096, 2048);
	nic_put(0, &sqe);
	dddk_net_poll(0);
	for (i = 0; i < 5; i++)
		nic_expect(0, i, K_ERR_GONE);
	nic_expect(0, 9, K_OK);
	assert_int_equal(dddk_channels.channel[0].in_flight, 0);
}

static void test_link_requests_wait_for_a_change(void **state)
{
	struct glue_net_sqe sqe = { .op = GLUE_NET_LINK,
				    .tag = 5,
				    .gso_type = 1 };

	(void)state;
	nic_put(0, &sqe);
	dddk_net_poll(0);
	assert_false(nic_got_answer(0));
	nic_put(0, &sqe);
	dddk_net_poll(0);
	nic_expect(0, 5, K_ERR_BUSY);
	dddk_net_set_link(1, 1000);
	assert_false(nic_got_answer(0));
	dddk_net_set_link(0, 0);
	nic_expect(0, 5, K_OK);
	assert_int_equal(nic_answer.flags, 0);
	nic_build(0, 4096, 60, peer, 1);
	nic_put_send(0, 6, 4096, 60);
	/* Knows "up", asks at a time when it is down: told at once. */
	nic_put(0, &sqe);
	dddk_net_poll(0);
	nic_expect(0, 6, K_ERR_GONE);
	nic_expect(0, 5, K_OK);
	assert_int_equal(nic_n_sent, 0);
	sqe.gso_type = 0;
	nic_put(0, &sqe);
	dddk_net_poll(0);
	assert_false(nic_got_answer(0));
	dddk_net_set_link(1, 1000);
	nic_expect(0, 5, K_OK);
	assert_int_equal(nic_answer.flags, GLUE_NET_LINK_UP);
}

#define TEST(f)	      cmocka_unit_test_setup(f, nic_start)
#define TEST_ALONE(f) cmocka_unit_test_setup(f, start_alone)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ALONE(test_short_frame_is_copied_and_done),
		TEST_ALONE(test_long_frame_stays_where_it_is),
		TEST_ALONE(test_bad_requests_never_reach_the_driver),
		TEST_ALONE(test_foreign_source_is_refused),
		TEST_ALONE(test_gso_passes_with_its_fields),
		TEST_ALONE(test_busy_is_offered_again),
		TEST(test_busy_is_offered_again),
		TEST_ALONE(test_receive_into_the_oldest_buffer),
		TEST_ALONE(test_flood_without_buffers),
		TEST_ALONE(test_lengths_from_the_wire),
		TEST_ALONE(test_recall_gives_all_buffers_back),
		TEST_ALONE(test_link_requests_wait_for_a_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
