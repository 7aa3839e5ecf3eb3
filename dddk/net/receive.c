/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * receive.c - net service: a received frame into the buffers of its clients.
 *
 * The one copy on the way from the wire: out of the driver's memory, which
 * several clients must not share, into memory of the client's own. Frames that
 * one client sends to another of the same NIC take the same way and never
 * reach the wire; broadcasts and groups do both. Read next: segment.c
 */
#include "fills.h"

static inline unsigned int bit_first(uint32_t bits)
{
	return (unsigned int)__builtin_ctz(bits);
}

static int joined(const struct net_client *client, uint64_t group)
{
	unsigned int i;

	for (i = 0; i < client->n_groups; i++)
		if (client->group[i] == group)
			return 1;
	return 0;
}

static int wants(const struct net_client *client, uint64_t destination)
{
	if (!net_mac_is_group(destination))
		return client->mac == destination;
	return destination == NET_BROADCAST || joined(client, destination);
}

static inline void copy_pieces(uint8_t *dst,
			       const struct dddk_net_received *frame)
{
	const struct dddk_net_piece *piece = frame->piece;
	uint32_t left = frame->n_pieces;

	for (;; piece++) {
		__builtin_memcpy(dst, piece->data, piece->bytes);
		if (--left == 0)
			return;
		dst += piece->bytes;
	}
}

/* Buffers that lie in the ring, up to the first entry of another kind: frames
 * that the client wants sent keep their place and their turn. */
static __attribute__((noinline)) void take_fills(struct net_client *client)
{
	struct dddk_channel *channel = client->channel;
	struct glue_net_sqe sqe;
	uint32_t ready = 0;

	if (channel->state == DDDK_CHANNEL_SERVING)
		ready = dddk_channel_ready(channel);
	for (; ready; ready--) {
		glue_ring_peek(&channel->rx, &sqe, sizeof(sqe));
		if (net_has_offloads(&sqe) || !net_is_fill(channel, &sqe))
			break;
		net_keep_fill(client, &sqe);
		glue_ring_pop(&channel->rx);
	}
	glue_ring_release(&channel->rx);
}

void net_drop_no_buffer(struct net_client *client)
{
	client->stats.dropped_no_buffer++;
	net_count_dropped(NET_NO_BUFFER);
}

void net_drop_too_long(struct net_client *client)
{
	client->stats.dropped_too_long++;
	net_count_dropped(NET_TOO_LONG);
}

/* While frames are delivered clients do not run: their rings are looked at when
 * buffers become short, and when none is left, not at each frame. */
DDDK_INLINE const struct net_fill *fill_oldest(struct net_client *client)
{
	if (net_fills(client) == DDDK_NET_PLENTY || net_fills(client) == 0)
		take_fills(client);
	if (net_fills(client) == 0)
		return NULL;
	return &client->fill[client->fill_first % GLUE_NET_DEPTH];
}

const struct net_fill *net_fill_oldest(struct net_client *client)
{
	return fill_oldest(client);
}

/* Into the client's oldest buffer, or drop and count. Return: 1 it has plenty of
 * others, 0 it has not, -1 it had none. */
DDDK_INLINE int deliver(struct net_client *client,
			const struct dddk_net_received *frame)
{
	const struct net_fill *fill = fill_oldest(client);

	if (!fill) {
		net_drop_no_buffer(client);
		return -1;
	}
	if (frame->bytes <= fill->room) {
		copy_pieces(client->channel->data + fill->offset, frame);
		net_fill_end(client, frame->bytes, frame);
	} else if (frame->gso_type) {
		net_deliver_cut(client, frame);
	} else {
		net_drop_too_long(client);
	}
	return net_fills(client) >= DDDK_NET_PLENTY;
}

/* Each client's turn. Return: as deliver, of the one that has most. */
static __attribute__((noinline)) int deliver_all(
	const struct net_client *sender, uint64_t destination,
	const struct dddk_net_received *frame)
{
	uint32_t left;
	int wanted = 0;
	int most = -1;

	for (left = dddk_net.used; left; left &= left - 1) {
		struct net_client *client = &dddk_net.client[bit_first(left)];
		int room;

		if (client == sender || !wants(client, destination))
			continue;
		wanted = 1;
		room = deliver(client, frame);
		most = room > most ? room : most;
	}
	if (!wanted && !sender)
		net_count_dropped(NET_NOBODYS);
	/* One client alone may hold its card back; it must not hold others. */
	return !wanted || net_is_shared() ? 1 : most;
}

void dddk_net_bad_frame(void)
{
	net_count_dropped(NET_BAD);
}

/* Can a client make anything of how it was merged? */
static int gso_is_good(const struct dddk_net_received *frame)
{
	return (frame->gso_type == GLUE_NET_GSO_TCP4 ||
		frame->gso_type == GLUE_NET_GSO_TCP6) &&
	       frame->gso_size > 0 && frame->gso_size < GLUE_NET_GSO_MAX;
}

/* A frame with addresses, to whom it may concern. */
DDDK_INLINE int give(const struct dddk_net_received *frame)
{
	uint64_t destination = net_mac_read(frame->piece[0].data);

	dddk_net.received_frames++;
	dddk_net.received_bytes += frame->bytes;
	if (dddk_net.only && dddk_net.only->mac == destination)
		return deliver(dddk_net.only, frame);
	return deliver_all(NULL, destination, frame);
}

int dddk_net_receive_plain(const void *data, uint32_t bytes)
{
	const struct dddk_net_piece piece = { data, bytes };
	const struct dddk_net_received frame = { .piece = &piece,
						 .n_pieces = 1,
						 .bytes = bytes };

	return give(&frame);
}

int dddk_net_receive(const struct dddk_net_received *frame)
{
	if (frame->gso_type && !gso_is_good(frame)) {
		dddk_net_bad_frame();
		return 1;
	}
	if (frame->n_pieces == 0 || frame->n_pieces > DDDK_NET_PIECES ||
	    frame->piece[0].bytes < GLUE_NET_MIN_BYTES) {
		dddk_net.received_frames++;
		dddk_net.received_bytes += frame->bytes;
		net_count_dropped(NET_NOBODYS);
		return 1;
	}
	return give(frame);
}

int net_is_local(const struct net_client *sender, uint64_t destination)
{
	uint32_t left;

	if (net_mac_is_group(destination))
		return 0;
	for (left = dddk_net.used; left; left &= left - 1) {
		const struct net_client *client =
			&dddk_net.client[bit_first(left)];

		if (client != sender && client->mac == destination)
			return 1;
	}
	return 0;
}

/* @head: frame->head_bytes of it, where the sender cannot write. */
void net_forward(const struct net_client *sender,
		 const struct dddk_net_frame *frame, const uint8_t *head)
{
	struct dddk_net_piece piece[2] = {
		{ head, frame->head_bytes },
		{ frame->rest, frame->bytes - frame->head_bytes },
	};
	struct dddk_net_received received = {
		.piece = piece,
		.n_pieces = frame->bytes > frame->head_bytes ? 2 : 1,
		.bytes = frame->bytes,
		.flags = frame->offload.flags & GLUE_NET_CSUM ?
				 GLUE_NET_PARTIAL :
				 0,
		.gso_type = frame->offload.gso_type,
		.gso_size = frame->offload.gso_size,
	};

	deliver_all(sender, net_mac_read(head), &received);
}
