/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offload.c - nettest: TCP frames that the card is to cut, or has merged.
 *
 * There is no connection: the test's station takes any segment. Sent payload
 * is the pattern of glue/pattern.h; both ends sum it, and what is received.
 * Source: RFC 791, RFC 8200, RFC 9293 (headers).
 */
#include <glue/net_check.h>
#include <glue/pattern.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/sha256.h>
#include <glue/string.h>

#include "nettest.h"

#define TCP_BYTES    20u
#define TCP_CHECKSUM 16u /* where it lies in TCP's header */
#define PROTOCOL_TCP 6u

/* The two kinds of IP: headers as they are on the wire, lengths left out. */
struct ip_kind {
	uint32_t ip_bytes;
	uint32_t length_at; /* in IP's header */
	uint32_t addresses_at;
	uint32_t gso_type;
	uint8_t ether[2];
	uint8_t ip[40];
};

static const struct ip_kind ip4 = {
	.ip_bytes = 20,
	.length_at = 2,
	.addresses_at = 12,
	.gso_type = GLUE_NET_GSO_TCP4,
	.ether = { 0x08, 0x00 },
	.ip = { 0x45, [8] = 64, PROTOCOL_TCP, [12] = 10, 9, 0, 2, 10, 9, 0, 1 },
};

static const struct ip_kind ip6 = {
	.ip_bytes = 40,
	.length_at = 4,
	.addresses_at = 8,
	.gso_type = GLUE_NET_GSO_TCP6,
	.ether = { 0x86, 0xdd },
	.ip = { 0x60, [6] = PROTOCOL_TCP, 64, 0xfe, 0x80, [23] = 2, 0xfe,
		0x80, [39] = 1 },
};

static struct glue_sha256 sum;
static const struct ip_kind *kind;
static uint64_t sent_bytes;
static uint64_t n_whole, n_partial, n_good; /* of received frames */

static void write16(uint8_t *p, uint32_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

/* TCP's sum of addresses, protocol and length, where its checksum will be. */
static void pseudo_write(uint8_t *ip, uint32_t tcp_bytes)
{
	uint32_t at, total = PROTOCOL_TCP + tcp_bytes;

	for (at = kind->addresses_at; at < kind->ip_bytes; at += 2)
		total += (uint32_t)ip[at] << 8 | ip[at + 1];
	total = (total & 0xffff) + (total >> 16);
	write16(ip + kind->ip_bytes + TCP_CHECKSUM, total + (total >> 16));
}

/* All headers for @payload bytes that begin at @sequence of the stream. */
static void headers_write(uint8_t *frame, uint64_t sequence, uint32_t payload)
{
	uint8_t *ip = frame + GLUE_NET_MIN_BYTES;
	uint8_t *tcp = ip + kind->ip_bytes;
	uint32_t behind = kind->ip_bytes == 20 ? 20 : 0;

	memcpy(frame + 12, kind->ether, sizeof(kind->ether));
	memcpy(ip, kind->ip, kind->ip_bytes);
	write16(ip + kind->length_at, behind + TCP_BYTES + payload);
	memset(tcp, 0, TCP_BYTES);
	write16(tcp, 5000);
	write16(tcp + 2, 9);
	write16(tcp + 4, (uint32_t)(sequence >> 16));
	write16(tcp + 6, (uint32_t)sequence);
	tcp[12] = TCP_BYTES / 4 << 4;
	tcp[13] = 0x18; /* ACK, PSH */
	pseudo_write(ip, TCP_BYTES + payload);
}

/* The next @bytes of the stream, a multiple of 8. */
static void payload_write(uint8_t *dst, uint64_t bytes)
{
	uint64_t at, word;

	for (at = 0; at < bytes; at += sizeof(word)) {
		word = glue_pattern_word(0, (sent_bytes + at) / sizeof(word));
		memcpy(dst + at, &word, sizeof(word));
	}
	glue_sha256_feed(&sum, dst, bytes);
}

static void send_next(struct glue_net_frame *frame)
{
	uint32_t head = GLUE_NET_MIN_BYTES + kind->ip_bytes + TCP_BYTES;
	uint32_t payload = (uint32_t)(uintptr_t)frame->owner;

	if (nettest_run.begun == nettest_run.wanted)
		return;
	nettest_build(frame, head + payload);
	headers_write(frame->data, sent_bytes, payload);
	payload_write((uint8_t *)frame->data + head, payload);
	sent_bytes += payload;
	frame->flags = GLUE_NET_CSUM;
	frame->csum_start = (uint16_t)(head - TCP_BYTES);
	frame->csum_offset = TCP_CHECKSUM;
	frame->gso_type = (uint8_t)kind->gso_type;
	frame->gso_size = (uint16_t)(1514 - head);
	frame->header_bytes = (uint16_t)head;
	nettest_run_send(frame);
}

static void send_done(struct glue_net_frame *frame)
{
	nettest_run_sent(frame);
	send_next(frame);
}

static int result(const char *what, enum k_err err)
{
	char text[GLUE_SHA256_HEX_BYTES];

	glue_sha256_finish(&sum, text);
	glue_printf("nettest: %s: %lu of %lu frames, %lu failed, %s, sha256 "
		    "%s\n",
		    what, nettest_run.ended, nettest_run.wanted,
		    nettest_run.failed, k_err_text(err), text);
	return err || nettest_run.failed ? NETTEST_FAILED : 0;
}

/* @count frames of @payload bytes, a multiple of 8, that the card must cut. */
static int send_all(uint64_t count, uint64_t payload)
{
	unsigned int i;

	if (payload % 8 || payload > NETTEST_BIG_ROOM - GLUE_NET_HEADER_MAX)
		return NETTEST_USAGE;
	nettest_run.wanted = count;
	glue_sha256_start(&sum);
	for (i = 0; i < NETTEST_BIG; i++) {
		nettest_big[i].done = send_done;
		nettest_big[i].owner = (void *)(uintptr_t)payload;
		send_next(&nettest_big[i]);
	}
	return result("tso", nettest_run_wait());
}

int nettest_tso4(uint64_t count, uint64_t payload)
{
	kind = &ip4;
	return send_all(count, payload);
}

int nettest_tso6(uint64_t count, uint64_t payload)
{
	kind = &ip6;
	return send_all(count, payload);
}

static void merged_done(struct glue_net_frame *frame)
{
	const uint8_t *data = frame->data;

	if (frame->status)
		return;
	/* What is for everybody is not for us: others speak here too. */
	if (!(data[0] & 1)) {
		nettest_run.ended++;
		n_whole += frame->gso_type != GLUE_NET_GSO_NONE;
		n_partial += (frame->flags & GLUE_NET_PARTIAL) != 0;
		n_good += (frame->flags & GLUE_NET_CSUM_OK) != 0;
		glue_sha256_feed(&sum, &frame->bytes, sizeof(frame->bytes));
		glue_sha256_feed(&sum, frame->data, frame->bytes);
	}
	nettest_run.failed += glue_net_fill(&nettest_net, frame) != K_OK;
}

/* Buffers with room for the longest frames: merged ones come whole. */
int nettest_merged(uint64_t count, uint64_t second)
{
	enum k_err err = K_OK;
	unsigned int i;

	(void)second;
	nettest_run.wanted = count;
	glue_sha256_start(&sum);
	for (i = 0; i < NETTEST_BIG && !err; i++) {
		nettest_big[i].done = merged_done;
		err = glue_net_fill(&nettest_net, &nettest_big[i]);
	}
	glue_net_kick(&nettest_net);
	glue_printf("nettest: ready\n");
	if (!err)
		err = nettest_run_wait();
	glue_printf("nettest: merged %lu, partial %lu, checked %lu\n", n_whole,
		    n_partial, n_good);
	nettest_stats_print();
	return result("merged", err);
}
