/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dddk_net_clients.c - the net service with several clients: addresses, groups,
 * frames among neighbours, clients that leave, and clients that write garbage.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/service.h>
#include <glue/rt.h>
#include "dddk/net/internal.h"
#include "fake/nic.h"
#include "fake/process.h"

static const uint8_t peer[6] = { 0x52, 0x55, 0x0a, 0x00, 0x02, 0x02 };
static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb };

static void join(unsigned int i, enum glue_net_op op, const uint8_t mac[6],
		 enum k_err err)
{
	struct glue_net_sqe sqe = { .op = (uint8_t)op, .bytes = 6 };

	memcpy(nic_region(i), mac, 6);
	nic_put(i, &sqe);
	dddk_net_poll(0);
	nic_expect(i, 0, err);
}

static void test_groups(void **state)
{
	uint8_t other[6] = { 0x33, 0x33, 0, 0, 0, 0 };
	uint8_t frame[60] = { 0 };
	unsigned int i;

	(void)state;
	memcpy(frame, group, 6);
	for (i = 0; i < 4; i++)
		nic_put_fill(0, i, 4096 + i * 2048, 2048);
	nic_receive(frame, 60, 1);
	join(0, GLUE_NET_JOIN, group, K_OK);
	join(0, GLUE_NET_JOIN, group, K_OK);
	join(1, GLUE_NET_JOIN, group, K_OK);
	assert_int_equal(nic_filter.n_multicast, 1);
	assert_memory_equal(nic_multicast[0], group, 6);
	assert_false(nic_got_answer(0));
	nic_receive(frame, 60, 1);
	nic_expect(0, 0, K_OK);
	join(0, GLUE_NET_JOIN, nic_mac, K_ERR_INVALID);
	join(0, GLUE_NET_JOIN, all, K_ERR_INVALID);
	for (i = 1; i < GLUE_NET_MULTICASTS; i++) {
		other[5] = (uint8_t)i;
		join(0, GLUE_NET_JOIN, other, K_OK);
	}
	assert_int_equal(nic_filter.n_multicast, GLUE_NET_MULTICASTS);
	other[5]++;
	join(0, GLUE_NET_JOIN, other, K_ERR_FULL);
	join(0, GLUE_NET_LEAVE, other, K_ERR_NOTFOUND);
	join(0, GLUE_NET_LEAVE, group, K_OK);
	nic_receive(frame, 60, 1);
	assert_false(nic_got_answer(0));
}

/* --- several clients ------------------------------------------------------- */

static void test_addresses_differ(void **state)
{
	struct glue_net_info first = nic_ask_info(0);
	struct glue_net_info second = nic_ask_info(1);

	(void)state;
	assert_memory_equal(first.mac, nic_mac, 6);
	assert_memory_not_equal(second.mac, nic_mac, 6);
	assert_int_equal(second.mac[0] & 3, 2);
	assert_int_equal(second.shared, 1);
	assert_int_equal(nic_filter.n_unicast, 1);
	assert_memory_equal(nic_unicast[0], second.mac, 6);
	assert_string_equal(second.driver, "fake");
	/* The first leaves; the next to come has the NIC's own address. */
	fake_chan(0)->state = GLUE_CHAN_CLOSED;
	dddk_net_poll(GLUE_EVENT_CONTROL);
	assert_int_equal(nic_ask_info(1).shared, 0);
	nic_open_channel(0);
	dddk_net_poll(GLUE_EVENT_CONTROL);
	assert_memory_equal(nic_ask_info(0).mac, nic_mac, 6);
}

static void test_each_gets_its_own_frames(void **state)
{
	struct glue_net_info second = nic_ask_info(1);
	uint8_t frame[60] = { 0 };

	(void)state;
	nic_put_fill(0, 1, 4096, 2048);
	nic_put_fill(0, 2, 8192, 2048);
	nic_put_fill(1, 11, 4096, 2048);
	nic_put_fill(1, 12, 8192, 2048);
	dddk_net_poll(0);
	memcpy(frame, second.mac, 6);
	nic_receive(frame, 60, 1);
	assert_false(nic_got_answer(0));
	nic_expect(1, 11, K_OK);
	memcpy(frame, all, 6);
	nic_receive(frame, 60, 2);
	nic_expect(0, 1, K_OK);
	nic_expect(1, 12, K_OK);
	memcpy(frame, peer, 6);
	nic_receive(frame, 60, 1);
	assert_false(nic_got_answer(0));
	assert_false(nic_got_answer(1));
	assert_int_equal(*net_counts[NET_NOBODYS], 1);
}

static void test_neighbours_talk_without_the_wire(void **state)
{
	struct glue_net_info second = nic_ask_info(1);
	struct glue_net_sqe csum = { .op = GLUE_NET_SEND,
				     .flags = GLUE_NET_CSUM,
				     .tag = 2,
				     .offset = 8192,
				     .bytes = 1000,
				     .csum_start = 34,
				     .csum_offset = 16 };

	(void)state;
	nic_put_fill(1, 11, 65536, 2048);
	nic_put_fill(1, 12, 131072, 2048);
	nic_build(0, 8192, 1000, second.mac, 3);
	nic_put_send(0, 1, 8192, 1000);
	nic_put(0, &csum);
	dddk_net_poll(0);
	assert_int_equal(nic_n_sent, 0);
	nic_expect(0, 1, K_OK);
	nic_expect(0, 2, K_OK);
	nic_expect(1, 11, K_OK);
	assert_int_equal(nic_answer.flags, 0);
	assert_memory_equal(nic_region(1) + 65536, nic_region(0) + 8192, 1000);
	nic_expect(1, 12, K_OK);
	assert_int_equal(nic_answer.flags, GLUE_NET_PARTIAL);
}

/* As on any wire: who sends to itself hears nothing, the wire has the frame. */
static void test_frame_to_oneself_goes_out(void **state)
{
	(void)state;
	nic_put_fill(0, 11, 65536, 2048);
	nic_build(0, 8192, 60, nic_mac, 3);
	nic_put_send(0, 1, 8192, 60);
	dddk_net_poll(0);
	assert_int_equal(nic_n_sent, 1);
	nic_expect(0, 1, K_OK);
	assert_false(nic_got_answer(0));
}

static void test_broadcast_goes_both_ways(void **state)
{
	static const uint32_t length[] = { 60, 900 };
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		nic_put_fill(0, 1, 65536, 2048);
		nic_put_fill(1, 2, 65536, 2048);
		nic_build(0, 8192, length[i], all, 3);
		nic_put_send(0, 3, 8192, length[i]);
		dddk_net_poll(0);
		assert_int_equal(nic_n_sent, i + 1);
		nic_expect(1, 2, K_OK);
		assert_memory_equal(nic_region(1) + 65536, nic_region(0) + 8192,
				    length[i]);
		dddk_net_complete(nic_sent[i].frame.token, K_OK);
		nic_expect(0, 3, K_OK);
		assert_false(nic_got_answer(0));
	}
	/* No room in the driver: nobody gets it yet, and later just once. */
	nic_put_fill(1, 5, 65536, 2048);
	dddk_net_poll(0);
	nic_room = 0;
	nic_put_send(0, 4, 8192, 900);
	dddk_net_poll(0);
	nic_room = 1;
	nic_refuse = K_ERR_BUSY;
	dddk_net_poll(0);
	assert_false(nic_got_answer(1));
	nic_refuse = K_OK;
	dddk_net_poll(0);
	nic_expect(1, 5, K_OK);
	assert_false(nic_got_answer(1));
}

static void test_ninth_client_is_told_so(void **state)
{
	struct glue_net_sqe sqe = { .op = GLUE_NET_INFO,
				    .bytes = sizeof(struct glue_net_info) };
	unsigned int i;

	(void)state;
	for (i = 2; i <= DDDK_NET_CLIENTS; i++)
		nic_open_channel(i);
	dddk_net_poll(GLUE_EVENT_CONTROL);
	nic_put(DDDK_NET_CLIENTS, &sqe);
	dddk_net_poll(0);
	nic_expect(DDDK_NET_CLIENTS, 0, K_ERR_FULL);
	assert_int_equal(nic_filter.n_unicast, DDDK_NET_CLIENTS - 1);
	assert_non_null(strstr(fake.console, "refused"));
	/* It leaves as quietly as it came. */
	fake_chan(DDDK_NET_CLIENTS)->state = GLUE_CHAN_CLOSED;
	dddk_net_poll(GLUE_EVENT_CONTROL);
	assert_int_equal(nic_disconnects, 1);
	assert_int_equal(dddk_net.used, (1u << DDDK_NET_CLIENTS) - 1);
}

/* --- leaving, and worse ---------------------------------------------------- */

/* Its LINK request goes with it, whether or not the link changes meanwhile. */
static void leave(int link_changes)
{
	struct glue_net_sqe link = { .op = GLUE_NET_LINK, .gso_type = 1 };

	nic_build(0, 4096, 1000, peer, 1);
	nic_put_send(0, 1, 4096, 1000);
	nic_put_fill(0, 2, 8192, 2048);
	nic_put(0, &link);
	dddk_net_poll(0);
	fake_chan(0)->state = GLUE_CHAN_CLOSED;
	dddk_net_poll(GLUE_EVENT_CONTROL);
	assert_int_equal(nic_disconnects, 0);
	if (link_changes)
		dddk_net_set_link(0, 0);
	dddk_net_poll(0);
	assert_int_equal(nic_disconnects, 0);
	dddk_net_complete(nic_sent[0].frame.token, K_OK);
	dddk_net_poll(0);
	assert_int_equal(nic_disconnects, 1);
	assert_int_equal(nic_closed, 1);
	assert_false(nic_got_answer(0));
}

static void test_leaving_waits_for_the_device(void **state)
{
	(void)state;
	leave(0);
}

static void test_link_changes_while_a_client_leaves(void **state)
{
	(void)state;
	leave(1);
}

static void test_slot_taken_back_orphans_its_frames(void **state)
{
	(void)state;
	nic_build(0, 4096, 1000, peer, 1);
	nic_put_send(0, 1, 4096, 1000);
	dddk_net_poll(0);
	nic_open_channel(0);
	dddk_net_poll(GLUE_EVENT_CONTROL);
	dddk_net_complete(nic_sent[0].frame.token, K_OK);
	assert_int_equal(dddk_net_in_flight(), 0);
	assert_false(nic_got_answer(0));
	assert_int_equal(nic_ask_info(0).link, 1);
}

/* Random bytes for entries, indices and sleep words: what reaches the driver
 * is within the region and from the right address, and the polite neighbour is
 * served throughout. */
static void garbage_round(unsigned int round)
{
	uint32_t *words = fake_ring(0);
	unsigned int i;

	for (i = 32; i < 2048; i++)
		words[i] = (uint32_t)random() *
				   (random() % 4 ? 1 : 0x9e3779b9u) >>
			   (i % 8 ? random() % 24 : 0);
	words[0] += (uint32_t)random() % (round % 50 ? 4 : 400);
	words[1] = round % 40 ? words[16] : (uint32_t)random();
	words[2] = (uint32_t)random();
	for (i = 0; i < 64; i++)
		memcpy(nic_region(0) + (random() % NIC_REGION & ~63ul) + 6,
		       nic_mac, 6);
}

static void test_garbage_client(void **state)
{
	uint8_t frame[600] = { 0 };
	unsigned int round;

	(void)state;
	memset(frame, 0xff, 6);
	for (round = 0; round < 3000; round++) {
		if (fake_chan(0)->state != GLUE_CHAN_OPEN) {
			nic_open_channel(0);
			dddk_net_poll(GLUE_EVENT_CONTROL);
		}
		garbage_round(round);
		nic_n_sent = 0;
		nic_room = 100;
		nic_build(1, 4096, 60, peer, 1);
		nic_put_send(1, round, 4096, 60);
		nic_put_fill(1, round, 8192, 2048);
		dddk_net_poll(0);
		nic_expect(1, round, K_OK);
		nic_receive(frame, 600, 3);
		nic_expect(1, round, K_OK);
		assert_int_equal(nic_answer.bytes, 600);
		while (nic_n_sent)
			dddk_net_complete(nic_sent[--nic_n_sent].frame.token,
					  K_OK);
		memset(fake.console, 0, sizeof(fake.console));
		fake.console_bytes = 0;
	}
	assert_true(nic_disconnects > 10);
}

#define TEST(f) cmocka_unit_test_setup(f, nic_start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_groups),
		TEST(test_addresses_differ),
		TEST(test_each_gets_its_own_frames),
		TEST(test_neighbours_talk_without_the_wire),
		TEST(test_frame_to_oneself_goes_out),
		TEST(test_broadcast_goes_both_ways),
		TEST(test_ninth_client_is_told_so),
		TEST(test_leaving_waits_for_the_device),
		TEST(test_link_changes_while_a_client_leaves),
		TEST(test_slot_taken_back_orphans_its_frames),
		TEST(test_garbage_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
