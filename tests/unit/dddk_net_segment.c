/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dddk_net_segment.c - merged TCP frames: whole into a large buffer, cut into
 * small ones, and never into anything if their headers make no sense.
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

#define V4_HEAD	   (14 + 20 + 32)
#define V6_HEAD	   (14 + 40 + 20)
#define FRAME_MAX  65535u
#define FIRST_SEQ  0xfffffc00u /* wraps within the frame */
#define FIRST_NAME 0xfffeu
#define FLAGS	   0x99u /* CWR, ACK, PSH, FIN */

static uint8_t frame[FRAME_MAX + 1];

static unsigned int be16(const uint8_t *p)
{
	return p[0] * 256u + p[1];
}

static unsigned int sum(const uint8_t *p, unsigned int bytes, unsigned int more)
{
	for (; bytes; bytes -= 2, p += 2)
		more += be16(p);
	while (more > 0xffff)
		more = (more & 0xffff) + (more >> 16);
	return more;
}

/* A frame to the first client, with TCP's header at @tcp, @head bytes of
 * headers in all, and a payload that says where it was. */
static void build(unsigned int tcp, unsigned int head, unsigned int bytes)
{
	unsigned int i;

	memset(frame, 0, head);
	memcpy(frame, nic_mac, 6);
	for (i = head; i < bytes; i++)
		frame[i] = (uint8_t)((i - head) % 251);
	frame[tcp + 4] = FIRST_SEQ >> 24;
	frame[tcp + 5] = (uint8_t)(FIRST_SEQ >> 16);
	frame[tcp + 6] = (uint8_t)(FIRST_SEQ >> 8);
	frame[tcp + 12] = (uint8_t)((head - tcp) / 4 << 4);
	frame[tcp + 13] = FLAGS;
}

static void build_v4(unsigned int bytes)
{
	static const uint8_t ip[20] = { 0x45, 0,  0,  0, 0xff, 0xfe, 0x40,
					0,    64, 6,  0, 0,    10,   0,
					2,    2,  10, 0, 2,    15 };

	build(34, V4_HEAD, bytes);
	frame[12] = 0x08;
	memcpy(frame + 14, ip, sizeof(ip));
}

static void build_v6(unsigned int bytes)
{
	build(54, V6_HEAD, bytes);
	frame[12] = 0x86;
	frame[13] = 0xdd;
	frame[14] = 0x60;
	frame[20] = 6;
	frame[22] = 0xfe;
	frame[38] = 0xfd;
}

/* It comes from the device, in @n pieces. */
static void receive(unsigned int bytes, unsigned int gso_type,
		    unsigned int gso_size, unsigned int n)
{
	struct dddk_net_piece piece[DDDK_NET_PIECES];
	struct dddk_net_received received = { .piece = piece,
					      .n_pieces = n,
					      .bytes = bytes,
					      .flags = GLUE_NET_PARTIAL,
					      .gso_type = (uint8_t)gso_type,
					      .gso_size = (uint16_t)gso_size };
	unsigned int i;

	for (i = 0; i < n; i++) {
		piece[i].data = frame + bytes / n * i;
		piece[i].bytes = bytes / n + (i == n - 1 ? bytes % n : 0);
	}
	dddk_net_receive(&received);
}

static void lend(unsigned int count, unsigned int room)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		nic_put_fill(0, i, 4096 + i * room, room);
	dddk_net_poll(0);
}

/* Segment @number of @total payload bytes; TCP's header is at @tcp. */
static void expect_segment(unsigned int number, unsigned int room,
			   unsigned int tcp, unsigned int head,
			   unsigned int total, unsigned int size)
{
	const uint8_t *got = nic_region(0) + 4096 + number * room;
	unsigned int at = number * size, i;
	unsigned int bytes = total - at < size ? total - at : size;
	unsigned int pseudo = 6 + head - tcp + bytes;
	unsigned int seq = be16(got + tcp + 4) << 16 | be16(got + tcp + 6);
	unsigned int flags = FLAGS & ~(number ? 0x80u : 0u);

	nic_expect(0, number, K_OK);
	assert_int_equal(nic_answer.bytes, head + bytes);
	assert_int_equal(nic_answer.flags, GLUE_NET_PARTIAL);
	assert_int_equal(nic_answer.gso_type, 0);
	assert_int_equal(seq, FIRST_SEQ + at);
	if (at + bytes < total)
		flags &= ~9u;
	assert_int_equal(got[tcp + 13], flags);
	if (tcp == 34) {
		assert_int_equal(be16(got + 16), head - 14 + bytes);
		assert_int_equal(be16(got + 18), (FIRST_NAME + number) & 65535);
		assert_int_equal(sum(got + 14, 20, 0), 0xffff);
		pseudo = sum(got + 26, 8, pseudo);
	} else {
		assert_int_equal(be16(got + 18), head - 54 + bytes);
		pseudo = sum(got + 22, 32, pseudo);
	}
	assert_int_equal(be16(got + tcp + 16), pseudo);
	for (i = 0; i < bytes; i++)
		assert_int_equal(got[head + i], (at + i) % 251);
}

static void test_a_large_buffer_gets_all(void **state)
{
	(void)state;
	build_v4(FRAME_MAX);
	lend(1, FRAME_MAX);
	receive(FRAME_MAX, GLUE_NET_GSO_TCP4, 1448, 45);
	nic_expect(0, 0, K_OK);
	assert_int_equal(nic_answer.bytes, FRAME_MAX);
	assert_int_equal(nic_answer.gso_type, GLUE_NET_GSO_TCP4);
	assert_int_equal(nic_answer.gso_size, 1448);
	assert_memory_equal(nic_region(0) + 4096, frame, FRAME_MAX);
}

/* In pieces of every kind: headers alone, cut through, all in one. */
static void test_small_buffers_get_segments(void **state)
{
	static const unsigned int pieces[] = { 1, 2, 45, 64 };
	unsigned int i, k;

	for (k = 0; k < 4; k++) {
		nic_start(state);
		build_v4(V4_HEAD + 10000);
		lend(8, 1536);
		receive(V4_HEAD + 10000, GLUE_NET_GSO_TCP4, 1448, pieces[k]);
		for (i = 0; i < 7; i++)
			expect_segment(i, 1536, 34, V4_HEAD, 10000, 1448);
		assert_false(nic_got_answer(0));
		assert_int_equal(dddk_net.client[0].stats.received_frames, 7);
	}
}

static void test_ipv6_segments(void **state)
{
	unsigned int i;

	(void)state;
	build_v6(V6_HEAD + 4001);
	lend(4, 2048);
	receive(V6_HEAD + 4001, GLUE_NET_GSO_TCP6, 1440, 3);
	for (i = 0; i < 3; i++)
		expect_segment(i, 2048, 54, V6_HEAD, 4001, 1440);
	assert_false(nic_got_answer(0));
}

static void test_buffers_run_out(void **state)
{
	const struct glue_net_stats *stats = &dddk_net.client[0].stats;
	unsigned int i;

	(void)state;
	build_v4(V4_HEAD + 10000);
	lend(3, 2048);
	receive(V4_HEAD + 10000, GLUE_NET_GSO_TCP4, 1448, 7);
	for (i = 0; i < 3; i++)
		expect_segment(i, 2048, 34, V4_HEAD, 10000, 1448);
	assert_false(nic_got_answer(0));
	assert_int_equal(stats->dropped_no_buffer, 1);
	assert_int_equal(dddk_channels.channel[0].in_flight, 0);
	/* A segment that is too long for the buffer. */
	lend(1, 2048);
	receive(V4_HEAD + 10000, GLUE_NET_GSO_TCP4, 2000, 7);
	assert_false(nic_got_answer(0));
	assert_int_equal(stats->dropped_too_long, 1);
}

/* One byte changed each time: the frame is dropped and counted. */
static void test_bad_headers(void **state)
{
	static const struct {
		unsigned int at, value;
	} bad[] = {
		{ 12, 0x81 }, /* not IP */
		{ 14, 0x44 }, /* a header of 16 bytes */
		{ 14, 0x55 }, /* IP version 5 */
		{ 14, 0x4f }, /* TCP beyond 60 bytes of options: zeroes */
		{ 23, 17 },   /* UDP */
		{ 46, 0x40 }, /* TCP's header of 16 bytes */
	};
	unsigned int i;

	(void)state;
	lend(4, 2048);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		build_v4(9000);
		memset(frame + V4_HEAD, 0, 100);
		frame[bad[i].at] = (uint8_t)bad[i].value;
		receive(9000, GLUE_NET_GSO_TCP4, 1448, 6);
	}
	build_v4(9000);
	receive(9000, GLUE_NET_GSO_TCP6, 1448, 6);
	receive(9000, GLUE_NET_GSO_TCP4, 0, 6);
	receive(9000, GLUE_NET_GSO_TCP4, 7, 6);
	receive(9000, 77, 1448, 6);
	assert_false(nic_got_answer(0));
	assert_int_equal(dddk_net.client[0].stats.dropped_too_long, i + 2);
	assert_int_equal(*net_counts[NET_BAD], 2); /* by what the device says */
	assert_int_equal(dddk_net.client[0].stats.received_frames, 0);
	receive(9000, GLUE_NET_GSO_TCP4, 1448, 6);
	expect_segment(0, 2048, 34, V4_HEAD, 9000 - V4_HEAD, 1448);
}

/* A payload that nobody has judged is not given a good checksum. */
static void test_unjudged_payload(void **state)
{
	struct dddk_net_piece piece = { frame, 9000 };
	struct dddk_net_received received = { .piece = &piece,
					      .n_pieces = 1,
					      .bytes = 9000,
					      .gso_type = GLUE_NET_GSO_TCP4,
					      .gso_size = 1448 };

	(void)state;
	build_v4(9000);
	lend(8, 2048);
	dddk_net_receive(&received);
	assert_false(nic_got_answer(0));
	assert_int_equal(dddk_net.client[0].stats.dropped_too_long, 1);
	received.flags = GLUE_NET_CSUM_OK;
	dddk_net_receive(&received);
	expect_segment(0, 2048, 34, V4_HEAD, 9000 - V4_HEAD, 1448);
}

/* Options of IP and of TCP at their longest: 134 bytes, more than is kept. */
static void test_longest_headers(void **state)
{
	(void)state;
	lend(8, 2048);
	build(14 + 60, 14 + 60 + 60, 9000);
	frame[12] = 0x08;
	frame[14] = 0x4f;
	frame[23] = 6;
	receive(9000, GLUE_NET_GSO_TCP4, 1448, 6);
	assert_false(nic_got_answer(0));
	assert_int_equal(dddk_net.client[0].stats.dropped_too_long, 1);
}

/* Between clients of one card: as long as the card offers segmentation. */
static void test_neighbours(void **state)
{
	struct glue_net_sqe sqe = { .op = GLUE_NET_SEND,
				    .flags = GLUE_NET_CSUM,
				    .gso_type = GLUE_NET_GSO_TCP4,
				    .tag = 3,
				    .offset = 4096,
				    .bytes = V4_HEAD + 3000,
				    .csum_start = 34,
				    .csum_offset = 16,
				    .gso_size = 1448,
				    .header_bytes = V4_HEAD };
	struct glue_net_info other = nic_ask_info(1);
	unsigned int i;

	(void)state;
	build_v4(V4_HEAD + 3000);
	memcpy(frame + 6, other.mac, 6);
	memcpy(nic_region(1) + 4096, frame, V4_HEAD + 3000);
	lend(3, 2048);
	nic_put(1, &sqe);
	dddk_net_poll(0);
	nic_expect(1, 3, K_OK);
	for (i = 0; i < 3; i++)
		expect_segment(i, 2048, 34, V4_HEAD, 3000, 1448);
	assert_int_equal(nic_n_sent, 0);
}

#define TEST(f) cmocka_unit_test_setup(f, nic_start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_large_buffer_gets_all),
		TEST(test_small_buffers_get_segments),
		TEST(test_ipv6_segments),
		TEST(test_buffers_run_out),
		TEST(test_bad_headers),
		TEST(test_unjudged_payload),
		TEST(test_longest_headers),
		TEST(test_neighbours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
