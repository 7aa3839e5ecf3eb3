/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service.c - net service: frames and buffers from the rings to the driver.
 *
 * A FILL is only remembered. Of a SEND the head is copied into the driver's
 * memory, then its source address is compared, then the driver gets it. Up to
 * whole_bytes that copy is the whole frame, and the client is answered at once;
 * a longer one keeps the client's pages until the device is done with them, and
 * has a token. What the driver cannot take stays in the ring.
 * Received frames: receive.c. Clients that come and go: clients.c.
 */
#include <glue/trace.h>

#include "fills.h"

struct net_service dddk_net DDDK_TABLE(3);

static inline void answer_status(struct dddk_channel *channel, uint32_t tag,
				 enum k_err status)
{
	struct glue_net_cqe answer = { .tag = tag, .status = status };

	net_answer(channel, &answer);
	glue_trace(GLUE_TRACE_SERVICE_COMPLETE, tag);
}

void net_answer_status(struct dddk_channel *channel, uint32_t tag,
		       enum k_err status)
{
	answer_status(channel, tag, status);
}

/* A frame that will not be sent. Always 1: the entry is done with. */
static int refuse(struct net_client *client, uint32_t tag, enum k_err err)
{
	client->stats.refused++;
	net_count(NET_REFUSED, 1);
	net_answer_status(client->channel, tag, err);
	return 1;
}

static inline int busy(void)
{
	dddk_channels.busy = 1;
	return 0;
}

/* The driver has the frame. */
static inline void taken(const struct glue_net_sqe *sqe)
{
	dddk_net.uncommitted = 1;
	net_count(NET_SENT_FRAMES, 1);
	net_count(NET_SENT_BYTES, sqe->bytes);
}

/* It is with the driver, or has been forwarded: count and answer. */
static inline int sent(struct net_client *client,
		       const struct glue_net_sqe *sqe, int has_token)
{
	client->stats.sent_frames++;
	client->stats.sent_bytes += sqe->bytes;
	if (!has_token)
		answer_status(client->channel, sqe->tag, K_OK);
	return 1;
}

/* The rest stays in the client's memory, so a token keeps it there. */
static inline int send_long(struct net_client *client,
			    const struct glue_net_sqe *sqe,
			    struct dddk_net_frame *frame)
{
	struct dddk_token *token = dddk_token_take();
	enum k_err err;

	if (!token)
		return 0;
	dddk_token_bind(token, client->channel, sqe->tag, DDDK_TOKEN_BUSY);
	frame->token = dddk_token_number(token);
	err = dddk_net.ops->send(dddk_net.drv, frame);
	if (__builtin_expect(err == K_OK, 1)) {
		taken(sqe);
		return sent(client, sqe, 1);
	}
	dddk_token_undo(token);
	if (err == K_ERR_BUSY)
		return 0;
	dddk_channels.busy = 0;
	return refuse(client, sqe->tag, err);
}

static inline int send_short(struct net_client *client,
			     const struct glue_net_sqe *sqe,
			     const struct dddk_net_frame *frame)
{
	enum k_err err = dddk_net.ops->send(dddk_net.drv, frame);

	if (err == K_ERR_BUSY)
		return busy();
	if (err)
		return refuse(client, sqe->tag, err);
	taken(sqe);
	return sent(client, sqe, 0);
}

/* With other clients about. As send_long: 0 if it must stay in the ring. */
static __attribute__((noinline)) int send_shared(struct net_client *client,
						 const struct glue_net_sqe *sqe,
						 struct dddk_net_frame *frame,
						 const uint8_t *head)
{
	uint8_t copy[DDDK_NET_WHOLE];
	uint64_t destination = net_mac_read(head);
	uint32_t copied = frame->head_bytes;
	int done;

	if (net_is_local(client, destination)) {
		net_forward(client, frame, head);
		return sent(client, sqe, 0);
	}
	/* The driver may use up its memory: keep what others are to get. What
	 * there is no room for is read again from the sender's memory. */
	if (copied > sizeof(copy))
		copied = sizeof(copy);
	if (net_mac_is_group(destination))
		__builtin_memcpy(copy, head, copied);
	done = frame->rest ? send_long(client, sqe, frame) :
			     send_short(client, sqe, frame);
	if (done && net_mac_is_group(destination)) {
		frame->rest = client->channel->data + sqe->offset + copied;
		frame->head_bytes = copied;
		net_forward(client, frame, copy);
	}
	return done;
}

/* A frame whose fields are good. 0 if it must stay in the ring. */
static inline int send(struct net_client *client,
		       const struct glue_net_sqe *sqe)
{
	const uint8_t *data = client->channel->data + sqe->offset;
	struct dddk_net_frame frame = {
		.bytes = sqe->bytes,
		.head_bytes = sqe->bytes,
		.token = DDDK_NET_NO_TOKEN,
		.offload = { .flags = sqe->flags,
			     .gso_type = sqe->gso_type,
			     .header_bytes = sqe->header_bytes,
			     .gso_size = sqe->gso_size,
			     .csum_start = sqe->csum_start,
			     .csum_offset = sqe->csum_offset },
	};
	uint8_t *head;

	if (!dddk_net.info.link)
		return refuse(client, sqe->tag, K_ERR_GONE);
	head = dddk_net.ops->head(dddk_net.drv);
	if (!head)
		return busy();
	if (sqe->bytes > dddk_net.whole_bytes) {
		frame.head_bytes = DDDK_NET_HEAD;
		frame.rest = data + DDDK_NET_HEAD;
		frame.rest_bus = client->channel->data_bus + sqe->offset +
				 DDDK_NET_HEAD;
	}
	__builtin_memcpy(head, data, frame.head_bytes);
	if (net_mac_read(head + 6) != client->mac)
		return refuse(client, sqe->tag, K_ERR_DENIED);
	if (net_is_shared())
		return send_shared(client, sqe, &frame, head);
	return frame.rest ? send_long(client, sqe, &frame) :
			    send_short(client, sqe, &frame);
}

/* Whatever is not a plain SEND or FILL, bad requests above all. */
static __attribute__((noinline, cold)) int handle_other(
	struct dddk_channel *channel, const struct glue_net_sqe *sqe)
{
	struct net_client *client = net_client_of(channel);
	enum k_err err = glue_net_check(&dddk_net.info, channel->data_bytes,
					sqe);

	if (!client) {
		net_answer_status(channel, sqe->tag, K_ERR_FULL);
		return 1;
	}
	if (err && sqe->op == GLUE_NET_SEND)
		return refuse(client, sqe->tag, err);
	if (err)
		net_answer_status(channel, sqe->tag, err);
	else if (sqe->op == GLUE_NET_SEND)
		return send(client, sqe);
	else if (sqe->op == GLUE_NET_FILL)
		net_keep_fill(client, sqe);
	else
		net_control(channel, client, sqe);
	return 1;
}

/* One request, already private. Returns 0 if it must stay in the ring. */
static inline int handle(struct dddk_channel *channel, const void *entry)
{
	const struct glue_net_sqe *sqe = entry;
	struct net_client *client = net_client_of(channel);

	glue_trace(GLUE_TRACE_SERVICE_TAKE, sqe->tag);
	if (!client || net_has_offloads(sqe))
		return handle_other(channel, sqe);
	if (sqe->op == GLUE_NET_SEND &&
	    glue_net_send_fits(&dddk_net.info, channel->data_bytes, sqe->offset,
			       sqe->bytes))
		return send(client, sqe);
	if (net_is_fill(channel, sqe)) {
		net_keep_fill(client, sqe);
		return 1;
	}
	return handle_other(channel, sqe);
}

static __attribute__((noinline)) unsigned int serve_client(
	struct dddk_channel *channel)
{
	struct glue_net_sqe sqe;

	return dddk_channel_take(channel, &sqe, sizeof(sqe), handle);
}

/* One kick for all that this poll has handed to the driver. */
static void commit(void)
{
	if (!dddk_net.uncommitted)
		return;
	dddk_net.uncommitted = 0;
	if (dddk_net.ops->commit)
		dddk_net.ops->commit(dddk_net.drv);
}

unsigned int dddk_net_poll(uint64_t events)
{
	unsigned int total;

	if (!dddk_channels_begin(events))
		return 0;
	/* Only an interrupt came: nobody is to be served. */
	if (!(dddk_channels.awake | dddk_channels.leaving |
	      dddk_net.filter_due))
		return 0;
	total = dddk_channels_serve(serve_client);
	commit();
	dddk_channels_end();
	if (dddk_net.filter_due)
		net_filter_update();
	return total;
}

/* The device has read the frame; its client may have gone. */
static void finish(struct dddk_token *token, enum k_err status)
{
	struct dddk_channel *channel = dddk_token_end(token);

	if (channel)
		net_answer_status(channel, token->tag, status);
}

void dddk_net_complete(uint32_t number, enum k_err status)
{
	uint32_t state = dddk_token_state(number);

	if (__builtin_expect(state == DDDK_TOKEN_BUSY, 1))
		finish(&dddk_tokens.token[number], status);
	else if (state == DDDK_TOKEN_ORPHAN)
		dddk_token_free(&dddk_tokens.token[number]);
	else
		dddk_token_stray(number);
}

void dddk_net_lost(void)
{
	uint32_t number;

	for (number = 0; number < dddk_tokens.used; number++)
		if (dddk_token_state(number) != DDDK_TOKEN_FREE)
			dddk_net_complete(number, K_ERR_IO);
}

unsigned int dddk_net_in_flight(void)
{
	return dddk_tokens.in_flight;
}
