/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_virtio_net.c - the native network driver between our client and a card
 * that works.
 *
 * The client and its frames: native_net.c; what plays the card: native_card.c.
 * A card that lies: native_virtio_net_lies.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/net_service.h>
#include <glue/counters.h>
#include <glue/net_client.h>
#include <glue/rt.h>
#include "fake/native.h"
#include "fake/process.h"
#include "fake/virtio.h"
#include "native_card.h"
#include "native_net.h"

/* --- a card that works ---------------------------------------------------- */

static void test_info(void **state)
{
	(void)state;
	assert_memory_equal(net.info.mac, CARD_MAC, 6);
	assert_int_equal(net.info.mtu, 1500);
	assert_int_equal(net.info.link, 1);
	assert_int_equal(net.info.features, 0x1f);
	assert_string_equal(net.info.driver, "native virtio_net");
	reopen(F_MAC | F_MTU);
	assert_int_equal(net.info.mtu, 1500); /* one buffer has no room */
	assert_int_equal(net.info.features, 0);
	reopen(F_MAC | F_MTU | F_MERGED);
	assert_int_equal(net.info.mtu, 9000);
}

static void test_send(void **state)
{
	uint32_t bytes;

	(void)state;
	for (bytes = 14; bytes <= 1514; bytes++)
		send_one(bytes, bytes);
	assert_int_equal(card.heard, 1501);
	assert_int_equal(dddk_net_in_flight(), 0);
}

static void test_receive(void **state)
{
	uint32_t bytes;

	(void)state;
	lend(LENT, ROOM);
	for (bytes = 14; bytes <= 2048; bytes++)
		assert_true(arrives(bytes, bytes));
	assert_false(arrives(1, 2049)); /* too long for the client */
	assert_int_equal(bad_frames(), 0);
	reopen(F_MAC);
	lend(LENT, ROOM);
	for (bytes = 14; bytes <= 2036; bytes += 3)
		assert_true(arrives(bytes, bytes));
}

/* Frames over many buffers, in all ways to cut them. */
static void test_merged(void **state)
{
	static const uint32_t sizes[] = { 2035, 2036, 2037,  4083,  4084,
					  4085, 9000, 30000, 65000, 65535 };
	unsigned int i;

	(void)state;
	lend(4, FRAME_MAX);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		assert_true(arrives(i, sizes[i]));
}

static int nothing(void)
{
	return 0;
}

static void send_at_once(unsigned int queue)
{
	while (queue == 1 && card_step())
		;
}

/* A card that has sent all before the driver looks interrupts for nothing. */
static void test_quick_card(void **state)
{
	unsigned int i, sent_all = 0;

	(void)state;
	tear_down(NULL);
	assert_int_equal(card_start(F_MAC | F_EVENT), K_OK);
	device.queue_max = 8;
	assert_int_equal(native_probe(), K_OK);
	assert_int_equal(glue_net_open(&net, "net0", REGION, GLUE_FOREVER),
			 K_OK);
	device.on_notify = send_at_once;
	own_address = 1;
	for (i = 0; i < SENDERS; i++) {
		tx[i] = (struct glue_net_frame){
			.data = glue_net_alloc(&net, ROOM), .bytes = 60
		};
		make(tx[i].data, i, 60);
		assert_int_equal(glue_net_send(&net, &tx[i]), K_OK);
	}
	native.device_step = nothing;
	for (i = 0; i < SENDERS; i++) {
		glue_net_kick(&net);
		glue_net_wait(&net, soon());
	}
	for (i = 0; i < SENDERS; i++)
		sent_all += !tx[i].in_flight;
	assert_int_equal(sent_all, SENDERS);
}

static void test_offloads_out(void **state)
{
	struct glue_net_frame *frame = &tx[0];

	(void)state;
	own_address = 1;
	frame->data = glue_net_alloc(&net, 60000);
	make(frame->data, 1, 60000);
	frame->bytes = 60000;
	frame->flags = GLUE_NET_CSUM;
	frame->csum_start = 34;
	frame->csum_offset = 16;
	frame->gso_type = GLUE_NET_GSO_TCP4;
	frame->gso_size = 1448;
	frame->header_bytes = 66;
	assert_int_equal(glue_net_send(&net, frame), K_OK);
	settle();
	assert_int_equal(sent, 1);
	assert_int_equal(card.bytes, 60000);
	assert_memory_equal(card.frame, frame->data, 60000);
	assert_memory_equal(&card.header, "\1\1\x42\0\xa8\5\x22\0\x10\0\0\0",
			    12);
	*frame = tx[1];
	send_one(2, 60); /* nothing is left of the header before */
}

static void test_offloads_in(void **state)
{
	static const struct {
		struct card_header header;
		uint8_t flags, gso_type;
	} all[] = {
		{ { .flags = 2 }, GLUE_NET_CSUM_OK, 0 },
		{ { .flags = 1, .csum_start = 34, .csum_offset = 16 },
		  GLUE_NET_PARTIAL,
		  0 },
		{ { .flags = 1,
		    .gso_type = 0x81,
		    .gso_size = 1448,
		    .csum_start = 34,
		    .csum_offset = 16 },
		  GLUE_NET_PARTIAL,
		  GLUE_NET_GSO_TCP4 },
	};
	static uint8_t frame[9000];
	unsigned int i;

	(void)state;
	make(frame, 3, sizeof(frame));
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		reopen(ALL);
		lend(1, FRAME_MAX);
		rx[0].done = NULL;
		assert_true(card_send(frame, sizeof(frame), &all[i].header));
		settle();
		assert_int_equal(rx[0].in_flight, 0);
		assert_int_equal(rx[0].bytes, sizeof(frame));
		assert_int_equal(rx[0].flags, all[i].flags);
		assert_int_equal(rx[0].gso_type, all[i].gso_type);
		assert_int_equal(rx[0].gso_size, all[i].header.gso_size);
	}
}

/* --- commands, the link ---------------------------------------------------- */

static void test_filter(void **state)
{
	static const uint8_t group[6] = { 1, 0, 0x5e, 0, 0, 0x77 };

	(void)state;
	settle();
	assert_int_equal(card.commands[0], 1);
	assert_memory_equal(card.command[0], "\0\0\0", 3); /* promiscuous: no */
	assert_memory_equal(card.command[1], "\1\0\0\0\0\0\0\0\0\0", 10);
	assert_int_equal(card.command_bytes[1], 10);
	assert_int_equal(glue_net_join(&net, group, soon()), K_OK);
	settle();
	assert_int_equal(card.command_bytes[1], 16);
	assert_memory_equal(card.command[1] + 6, "\1\0\0\0\1\0\x5e\0\0\x77",
			    10);
	card.ack = 1; /* refused: said, and no more */
	assert_int_equal(glue_net_leave(&net, group, soon()), K_OK);
	settle();
	assert_int_equal(card.command_bytes[1], 10);
	fake.console[fake.console_bytes] = '\0';
	assert_non_null(strstr(fake.console, "refuses command 1.0"));
	assert_int_equal(device.resets, 1);
}

/* Changes while a command is with the card: the last state is told. */
static void test_filter_busy(void **state)
{
	uint8_t group[6] = { 1, 0, 0x5e, 0, 0, 0 };
	unsigned int i;

	(void)state;
	settle();
	card.commands[1] = 0;
	for (i = 0; i < 16; i++) {
		group[5] = (uint8_t)i;
		assert_int_equal(glue_net_join(&net, group, soon()), K_OK);
	}
	settle();
	assert_in_range(card.commands[1], 1, 16);
	assert_int_equal(card.command_bytes[1], 10 + 16 * 6);
}

static void test_link(void **state)
{
	(void)state;
	settle();
	card_status(0);
	interrupt();
	assert_int_equal(glue_net_wait_link(&net, 0, soon()), K_OK);
	make(tx[0].data, 0, 60);
	tx[0].bytes = 60;
	assert_int_equal(glue_net_send(&net, &tx[0]), K_OK);
	settle();
	assert_int_equal(tx[0].status, K_ERR_GONE);
	card_status(1);
	interrupt();
	assert_int_equal(glue_net_wait_link(&net, 1, soon()), K_OK);
	send_one(1, 60);
}

static unsigned int told;

static void on_link(struct glue_net *n)
{
	told += n->info.link;
}

static void test_announce(void **state)
{
	(void)state;
	told = 0;
	net.link_changed = on_link;
	settle();
	card_status(3);
	settle();
	assert_int_equal(card.commands[3], 1);
	assert_memory_equal(card.command[3], "\3\0", 2);
	assert_int_equal(told, 1);
}

/* --- load ----------------------------------------------------------------- */

static void test_load(void **state)
{
	static const uint64_t features[] = { ALL, F_MAC, F_MAC | F_EVENT,
					     F_MAC | F_MERGED };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
		reopen(features[i]);
		lend(LENT, ROOM);
		load(10000);
		assert_int_equal(sent, 10000);
		assert_int_equal(received + card.lost, 10000);
		assert_true(received > 9000);
		assert_int_equal(device.resets, 1 + !(features[i] & F_MERGED));
	}
}

/* Nobody lends buffers: frames are dropped and counted, the card gets its own
 * buffers back. */
static void test_flood(void **state)
{
	static const struct card_header plain;
	struct glue_net_stats stats;
	uint8_t frame[60];
	unsigned int i;

	(void)state;
	make(frame, 1, sizeof(frame));
	for (i = 0; i < 1000; i++) {
		while (!card_send(frame, sizeof(frame), &plain))
			settle();
	}
	settle();
	assert_int_equal(glue_net_stats(&net, &stats, soon()), K_OK);
	assert_int_equal(stats.dropped_no_buffer, 1000);
	lend(LENT, ROOM);
	assert_true(arrives(2, 100));
}

/* A queue of a few entries only. */
static void test_small_queues(void **state)
{
	unsigned int max;

	(void)state;
	for (max = 8; max <= 64; max *= 2) {
		reopen(ALL);
		device.queue_max = max;
		assert_int_equal(native_probe(), K_OK);
		lend(LENT, ROOM);
		load(1000);
		assert_int_equal(sent, 1000);
		assert_int_equal(received + card.lost, 1000);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_quick_card),	TEST(test_info),
		TEST(test_send),	TEST(test_receive),
		TEST(test_merged),	TEST(test_offloads_out),
		TEST(test_offloads_in), TEST(test_filter),
		TEST(test_filter_busy), TEST(test_link),
		TEST(test_announce),	TEST(test_load),
		TEST(test_flood),	TEST(test_small_queues),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
