/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * segment.c - net service: a merged TCP frame cut to the size of buffers.
 *
 * A device may merge what came for one connection into a frame of up to 64 KiB,
 * and a neighbour on the same NIC may send one. A client that lends a buffer
 * for all of it gets it whole; another one gets the segments that were merged,
 * or would have been sent: the headers again before each gso_size bytes, with
 * lengths, sequence number, flags and checksums made right. TCP's checksum is
 * left partial (GLUE_NET_PARTIAL), since the device has judged the payload.
 *
 * Headers come from a device or a client: they are copied once, then judged.
 * Source: RFC 791, RFC 8200, RFC 9293 (headers); RFC 3168, 6.1.2 (CWR).
 */
#include <glue/net_check.h>

#include "fills.h"

#define ETHER_TYPE   12u
#define TYPE_IPV4    0x0800u
#define TYPE_IPV6    0x86ddu
#define IP	     GLUE_NET_MIN_BYTES /* where IP's header begins */
#define IPV4_BYTES   20u		/* without options */
#define IPV6_BYTES   40u
#define TCP_BYTES    20u
#define PROTOCOL_TCP 6u
#define TCP_FIN_PSH  0x09u
#define TCP_CWR	     0x80u

/* One frame being cut. Numbers in headers are big-endian. */
struct cut {
	uint8_t head[GLUE_NET_HEADER_MAX];
	uint32_t tcp;	     /* where TCP's header begins */
	uint32_t head_bytes; /* all headers */
	uint32_t piece;	     /* from here on is payload not yet copied */
	uint32_t piece_at;
};

static uint32_t read16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static void write16(uint8_t *p, uint32_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static void write32(uint8_t *p, uint32_t value)
{
	write16(p, value >> 16);
	write16(p + 2, value);
}

/* Sum of 16-bit words; @bytes is even and less than a frame. RFC 1071 */
static uint32_t sum16(const uint8_t *p, uint32_t bytes)
{
	uint32_t sum = 0;

	for (; bytes; bytes -= 2, p += 2)
		sum += read16(p);
	return sum;
}

static uint32_t fold(uint32_t sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

/* The next @bytes of the frame's pieces to @dst, or past them without one;
 * fewer if the pieces end before. */
static void take(struct cut *cut, const struct dddk_net_received *frame,
		 uint8_t *dst, uint32_t bytes)
{
	while (bytes && cut->piece < frame->n_pieces) {
		const struct dddk_net_piece *piece = &frame->piece[cut->piece];
		const uint8_t *src = piece->data;
		uint32_t part = piece->bytes - cut->piece_at;

		if (part > bytes)
			part = bytes;
		if (dst) {
			__builtin_memcpy(dst, src + cut->piece_at, part);
			dst += part;
		}
		bytes -= part;
		cut->piece_at += part;
		if (cut->piece_at == piece->bytes) {
			cut->piece++;
			cut->piece_at = 0;
		}
	}
}

/* Where TCP begins, by the IP header; 0 if it is no TCP that we know. */
static uint32_t tcp_find(const uint8_t *head, uint8_t gso_type)
{
	uint32_t type = read16(head + ETHER_TYPE);
	const uint8_t *ip = head + IP;

	if (gso_type == GLUE_NET_GSO_TCP4 && type == TYPE_IPV4 &&
	    (ip[0] & 0xf0) == 0x40 && (ip[0] & 0xf) * 4 >= IPV4_BYTES &&
	    ip[9] == PROTOCOL_TCP)
		return IP + (ip[0] & 0xf) * 4;
	if (gso_type == GLUE_NET_GSO_TCP6 && type == TYPE_IPV6 &&
	    (ip[0] & 0xf0) == 0x60 && ip[6] == PROTOCOL_TCP)
		return IP + IPV6_BYTES;
	return 0;
}

/* Copy and judge the headers. 0: this frame cannot be cut. */
static int cut_begin(struct cut *cut, const struct dddk_net_received *frame)
{
	uint32_t most = frame->bytes < sizeof(cut->head) ? frame->bytes :
							   sizeof(cut->head);

	*cut = (struct cut){ .piece = 0 };
	if (!(frame->flags & (GLUE_NET_CSUM_OK | GLUE_NET_PARTIAL)) ||
	    frame->gso_size < GLUE_NET_SEGMENT_MIN)
		return 0;
	take(cut, frame, cut->head, most);
	cut->tcp = tcp_find(cut->head, frame->gso_type);
	if (!cut->tcp || cut->tcp + TCP_BYTES > most)
		return 0;
	cut->head_bytes = cut->tcp + (cut->head[cut->tcp + 12] >> 4) * 4;
	if (cut->head_bytes < cut->tcp + TCP_BYTES || cut->head_bytes > most ||
	    cut->head_bytes == frame->bytes)
		return 0;
	/* Payload begins behind the headers, not behind what was copied. */
	cut->piece = cut->piece_at = 0;
	take(cut, frame, NULL, cut->head_bytes);
	return 1;
}

/* IPv4's length, number and checksum, or IPv6's length. */
static void ip_write(uint8_t *ip, uint32_t bytes, uint32_t number)
{
	if (ip[0] >> 4 == 6) {
		write16(ip + 4, bytes - IPV6_BYTES);
		return;
	}
	write16(ip + 2, bytes);
	write16(ip + 4, read16(ip + 4) + number);
	write16(ip + 10, 0);
	write16(ip + 10, ~fold(sum16(ip, (ip[0] & 0xf) * 4)));
}

/* Addresses, protocol and length, not inverted: what a partial checksum is. */
static uint32_t pseudo_sum(const uint8_t *ip, uint32_t tcp_bytes)
{
	uint32_t sum = ip[0] >> 4 == 6 ? sum16(ip + 8, 32) : sum16(ip + 12, 8);

	return fold(sum + PROTOCOL_TCP + tcp_bytes);
}

/* The headers of the segment with @bytes of payload from @at on. */
static void head_write(const struct cut *cut, uint8_t *dst, uint32_t at,
		       uint32_t bytes, uint32_t number, int last)
{
	uint8_t *tcp = dst + cut->tcp;
	uint32_t sequence;

	__builtin_memcpy(dst, cut->head, cut->head_bytes);
	ip_write(dst + IP, cut->head_bytes - IP + bytes, number);
	sequence = read16(tcp + 4) << 16 | read16(tcp + 6);
	write32(tcp + 4, sequence + at);
	if (!last)
		tcp[13] &= (uint8_t)~TCP_FIN_PSH;
	if (number)
		tcp[13] &= (uint8_t)~TCP_CWR;
	write16(tcp + 16,
		pseudo_sum(dst + IP, cut->head_bytes - cut->tcp + bytes));
}

/* One segment into the oldest buffer. 0: there is none, or it is too small. */
static int deliver_one(struct net_client *client, struct cut *cut,
		       const struct dddk_net_received *frame, uint32_t at)
{
	uint32_t left = frame->bytes - cut->head_bytes - at;
	uint32_t bytes = left < frame->gso_size ? left : frame->gso_size;
	const struct net_fill *fill = net_fill_oldest(client);
	static const struct dddk_net_received partial = {
		.flags = GLUE_NET_PARTIAL
	};
	uint8_t *dst;

	if (!fill) {
		net_drop_no_buffer(client);
		return 0;
	}
	if (cut->head_bytes + bytes > fill->room) {
		net_drop_too_long(client);
		return 0;
	}
	dst = client->channel->data + fill->offset;
	take(cut, frame, dst + cut->head_bytes, bytes);
	head_write(cut, dst, at, bytes, at / frame->gso_size, left == bytes);
	net_fill_end(client, cut->head_bytes + bytes, &partial);
	return 1;
}

void net_deliver_cut(struct net_client *client,
		     const struct dddk_net_received *frame)
{
	struct cut cut;
	uint32_t at;

	if (!cut_begin(&cut, frame)) {
		net_drop_too_long(client);
		return;
	}
	for (at = 0; at < frame->bytes - cut.head_bytes; at += frame->gso_size)
		if (!deliver_one(client, &cut, frame, at))
			return;
}
