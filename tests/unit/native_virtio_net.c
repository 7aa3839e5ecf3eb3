/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_virtio_net.c - the native network driver between our client and a card
 * that works or lies.
 *
 * Client, driver and device share one host process (fake/native.h); what plays
 * the card: native_card.c. Every frame says its number and is made from it, so
 * that a single old byte in one would be seen.
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

#define RECOVERY 2u  /* resets: to quiesce, and to probe */
#define LENT	 64u /* buffers for received frames */
#define SENDERS	 32u
#define ROOM	 2048u
#define NUMBERED 18u /* bytes of the shortest frame that has a number */

static struct glue_net net;
static struct glue_net_frame rx[LENT], tx[SENDERS];
static unsigned int received, sent;
static uint32_t last_bytes; /* of what was received */
static int own_address;	    /* frames carry the client's, as source */
static int garbled;	    /* the card mixes frames up as it likes */

/* --- frames --------------------------------------------------------------- */

static uint8_t byte_of(uint32_t number, uint32_t at)
{
	return (uint8_t)(number * 31 + at * 7 + (at >> 8) + 1);
}

static void make(uint8_t *frame, uint32_t number, uint32_t bytes)
{
	uint32_t i;

	memcpy(frame,
	       own_address ? (const uint8_t *)"\x02\0\0\0\0\1" : net.info.mac,
	       6);
	memcpy(frame + 6,
	       own_address ? net.info.mac : (const uint8_t *)"\x02\0\0\0\0\1",
	       6);
	memcpy(frame + 12, "\x88\xb5", 2);
	if (bytes >= NUMBERED)
		memcpy(frame + 14, &number, 4);
	for (i = NUMBERED; i < bytes; i++)
		frame[i] = byte_of(number, i);
}

static void expect_made(const uint8_t *frame, uint32_t bytes)
{
	uint32_t number, i;

	assert_memory_equal(frame + 12, "\x88\xb5", 2);
	if (bytes < NUMBERED)
		return;
	memcpy(&number, frame + 14, 4);
	for (i = NUMBERED; i < bytes; i++)
		assert_int_equal(frame[i], byte_of(number, i));
}

/* --- the client ----------------------------------------------------------- */

static uint64_t soon(void)
{
	return glue_deadline_ns(1000000000ul);
}

static void on_received(struct glue_net_frame *frame)
{
	if (frame->status)
		return;
	received++;
	last_bytes = frame->bytes;
	if (!garbled)
		expect_made(frame->data, frame->bytes);
	assert_memory_equal(frame->data, net.info.mac, 6);
	memset(frame->data, 0xee, frame->room);
	assert_int_equal(glue_net_fill(&net, frame), K_OK);
}

static void on_sent(struct glue_net_frame *frame)
{
	sent += frame->status == K_OK;
}

static void lend(unsigned int n, uint32_t room)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		rx[i] = (struct glue_net_frame){
			.data = glue_net_alloc(&net, room),
			.room = room,
			.done = on_received,
		};
		assert_non_null(rx[i].data);
		assert_int_equal(glue_net_fill(&net, &rx[i]), K_OK);
	}
	glue_net_kick(&net);
}

static int open_card(uint64_t features)
{
	unsigned int i;

	received = sent = 0;
	own_address = garbled = 0;
	if (card_start(features))
		return 1;
	if (glue_net_open(&net, "net0", REGION, GLUE_FOREVER))
		return 1;
	for (i = 0; i < SENDERS; i++)
		tx[i] = (struct glue_net_frame){
			.data = glue_net_alloc(&net, ROOM), .done = on_sent
		};
	return 0;
}

static int set_up(void **state)
{
	(void)state;
	return open_card(ALL);
}

static int tear_down(void **state)
{
	(void)state;
	card.lies = 0;
	native_end();
	glue_net_close(&net);
	return 0;
}

static void reopen(uint64_t features)
{
	tear_down(NULL);
	assert_int_equal(open_card(features), 0);
}

/* What the card has done outside of anybody's wait reaches the driver. */
static void interrupt(void)
{
	uint64_t events = fake.events & GLUE_EVENT_IRQ(0);

	fake.events &= ~events;
	native_run(events);
}

/* The client takes what there is. */
static void settle(void)
{
	do {
		interrupt();
	} while (glue_net_wait(&net, soon()) == K_OK);
}

static uint64_t bad_frames(void)
{
	return *glue_counter_add(GLUE_COUNTER_EVENT,
				 "net card rx_frame_errors");
}

/* A frame from the card, and whether it came. */
static int arrives(uint32_t number, uint32_t bytes)
{
	static const struct card_header plain;
	static uint8_t frame[FRAME_MAX];
	unsigned int before = received;

	own_address = 0;
	make(frame, number, bytes);
	assert_true(card_send(frame, bytes, &plain));
	settle();
	return received == before + 1 && last_bytes == bytes;
}

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

static void send_one(uint32_t number, uint32_t bytes)
{
	static const struct card_header plain;
	unsigned int before = sent;

	own_address = 1;
	make(tx[0].data, number, bytes);
	tx[0].bytes = bytes;
	assert_int_equal(glue_net_send(&net, &tx[0]), K_OK);
	settle();
	assert_int_equal(sent, before + 1);
	assert_int_equal(card.bytes, bytes);
	assert_memory_equal(card.frame, tx[0].data, bytes);
	assert_memory_equal(&card.header, &plain, sizeof(plain));
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

static unsigned int started, limit;

static void send_next(struct glue_net_frame *frame)
{
	on_sent(frame);
	if (started >= limit)
		return;
	frame->bytes = NUMBERED + (uint32_t)random() % (1514 - NUMBERED);
	own_address = 1;
	make(frame->data, started++, frame->bytes);
	assert_int_equal(glue_net_send(&net, frame), K_OK);
}

/* So many frames out and back, SENDERS at a time. */
static void load(unsigned int count)
{
	unsigned int i;

	card.echo = 1;
	started = sent = 0;
	limit = count;
	for (i = 0; i < SENDERS; i++) {
		tx[i].done = send_next;
		tx[i].status = K_ERR_IO;
		send_next(&tx[i]);
	}
	settle();
	assert_int_equal(started, count);
	for (i = 0; i < SENDERS; i++)
		assert_int_equal(tx[i].in_flight, 0);
	assert_int_equal(dddk_net_in_flight(), 0);
}

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

/* --- a card that lies ------------------------------------------------------ */

static void tell(enum lie lie, unsigned int times)
{
	card.lie = lie;
	card.lies = times;
}

static void test_bad_frames(void **state)
{
	enum lie lie;

	(void)state;
	lend(LENT, ROOM);
	for (lie = SHORT_HEADER; lie <= BAD_SIZE; lie++) {
		uint64_t before = bad_frames();
		uint32_t i;

		for (i = 0; i < 300; i++) {
			tell(lie, 1);
			assert_false(arrives(i, 100));
		}
		assert_int_equal(bad_frames(), before + 300);
		assert_true(arrives(1, 100));
	}
	assert_int_equal(device.resets, 1);
}

/* A card that is reset: whatever was under way ends, and it goes on. */
static void test_resets(void **state)
{
	enum lie lie;

	(void)state;
	for (lie = LONG; lie <= NEEDS_RESET; lie++) {
		reopen(ALL);
		lend(LENT, ROOM);
		settle();
		tell(lie, 1);
		if (lie == COMMAND_FAR)
			card_status(3); /* to be acknowledged */
		load(500);
		assert_int_equal(card.lies, 0);
		assert_int_equal(device.resets, 1 + RECOVERY);
		assert_in_range(sent, 500 - SENDERS, 500);
		card.echo = 0;
		assert_true(arrives(1, 1514));
		settle();
		assert_true(card.commands[1] >= 2); /* its addresses again */
	}
}

/* Lies of all kinds amid frames: no old byte, no frame that never ends. */
static void test_lies_under_load(void **state)
{
	unsigned int round;

	(void)state;
	for (round = 0; round < 200; round++) {
		reopen(random() % 2 ? ALL : ALL & ~F_EVENT);
		lend(LENT, ROOM);
		settle();
		tell(1 + (enum lie)random() % (LIES - 1),
		     (unsigned int)random() % 4);
		garbled = card.lie == MISSING || card.lie >= WRONG_ID;
		load(200);
		card.lies = 0;
	}
}

static void test_interrupts_without_cause(void **state)
{
	unsigned int i;

	(void)state;
	lend(LENT, ROOM);
	for (i = 0; i < 100; i++)
		native_run(GLUE_EVENT_IRQ(0));
	assert_true(arrives(1, 100));
	assert_int_equal(device.resets, 1);
}

/* The address and the size of the card may change, ours not. */
static void test_config_change(void **state)
{
	unsigned int i;

	(void)state;
	lend(LENT, ROOM);
	for (i = 0; i < 1000; i++) {
		device.config[(unsigned int)random() % 12] = (uint8_t)random();
		device.config[6] |= 1;
		fake_virtio_config_changed();
		settle();
	}
	assert_int_equal(glue_net_refresh(&net, soon()), K_OK);
	assert_memory_equal(net.info.mac, CARD_MAC, 6);
	assert_int_equal(net.info.mtu, 1500);
	assert_true(arrives(1, 100));
}

static void test_given_up(void **state)
{
	(void)state;
	lend(LENT, ROOM);
	tell(NEEDS_RESET, ~0u);
	settle();
	assert_int_not_equal(native.driver_end, K_OK);
}

static void test_refused(void **state)
{
	(void)state;
	tear_down(NULL);
	assert_int_equal(card_start(ALL | F_MTU), K_OK);
	device.id = 2;
	native_refused(K_ERR_UNSUPPORTED, "this driver is for virtio device 1");
	device.id = 1;
	device.offered &= ~F_MAC;
	native_refused(K_ERR_UNSUPPORTED, "lacks feature bits 0x20");
	device.offered |= F_MAC;
	device.queue_max = 0;
	native_refused(K_ERR_UNSUPPORTED, "room for 0 descriptors");
	device.queue_max = 1024;
	device.config_restless = 1;
	native_refused(K_ERR_IO, "never stands still");
	device.config_restless = 0;
	fake_env()->dma_bytes = 65536;
	native_refused(K_ERR_NOMEM, "set dma_kib");
	fake_env()->dma_bytes = ARENA;
	assert_int_equal(native_probe(), K_OK);
	assert_int_equal(glue_net_open(&net, "net0", REGION, GLUE_FOREVER),
			 K_OK);
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
		TEST(test_info),
		TEST(test_send),
		TEST(test_receive),
		TEST(test_merged),
		TEST(test_offloads_out),
		TEST(test_offloads_in),
		TEST(test_filter),
		TEST(test_filter_busy),
		TEST(test_link),
		TEST(test_announce),
		TEST(test_load),
		TEST(test_flood),
		TEST(test_bad_frames),
		TEST(test_resets),
		TEST(test_lies_under_load),
		TEST(test_interrupts_without_cause),
		TEST(test_config_change),
		TEST(test_given_up),
		TEST(test_refused),
		TEST(test_small_queues),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
