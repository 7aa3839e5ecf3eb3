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
	glue_trace_keep(GLUE_TRACE_SERVICE_COMPLETE, tag);
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

/* The driver has not taken a frame. Return: as refuse; 0 if it is to be offered
 * again, after a completion. */
static __attribute__((noinline)) int not_taken(struct net_client *client,
					       uint32_t tag,
					       struct dddk_token *token,
					       enum k_err err)
{
	if (token)
		dddk_token_undo(token);
	dddk_channels.busy = err == K_ERR_BUSY;
	return err == K_ERR_BUSY ? 0 : refuse(client, tag, err);
}

/* With the driver, or forwarded: count it. */
static inline int sent(struct net_client *client,
		       const struct glue_net_sqe *sqe)
{
	client->stats.sent_frames++;
	client->stats.sent_bytes += sqe->bytes;
	return 1;
}

/* What is whole in the driver's memory is answered at once; a rest stays in the
 * client's, so a token keeps it there. 0 if it must stay in the ring. */
DDDK_INLINE int hand_over(struct net_client *client,
			  const struct glue_net_sqe *sqe,
			  struct dddk_net_frame *frame)
{
	struct dddk_token *token = NULL;
	enum k_err err;

	if (frame->rest) {
		token = dddk_token_take();
		if (!token)
			return 0;
		dddk_token_bind(token, client->channel, sqe->tag,
				DDDK_TOKEN_BUSY);
		frame->token = dddk_token_number(token);
	}
	err = dddk_nic_send(frame);
	if (__builtin_expect(err != K_OK, 0))
		return not_taken(client, sqe->tag, token, err);
	dddk_net.uncommitted_frames++;
	dddk_net.uncommitted_bytes += sqe->bytes;
	if (!frame->rest)
		answer_status(client->channel, sqe->tag, K_OK);
	return sent(client, sqe);
}

/* What the driver gets; the head is to be copied to where it wants it.
 * @plain: without offloads, as nearly all; a constant. */
DDDK_INLINE void frame_fill(struct dddk_net_frame *frame,
			    const struct net_client *client,
			    const struct glue_net_sqe *sqe, int plain)
{
	*frame = (struct dddk_net_frame){
		.bytes = sqe->bytes,
		.head_bytes = sqe->bytes,
		.token = DDDK_NET_NO_TOKEN,
	};
	if (!plain)
		frame->offload = (struct dddk_net_offload){
			.flags = sqe->flags,
			.gso_type = sqe->gso_type,
			.header_bytes = sqe->header_bytes,
			.gso_size = sqe->gso_size,
			.csum_start = sqe->csum_start,
			.csum_offset = sqe->csum_offset,
		};
	if (sqe->bytes > dddk_net.whole_bytes) {
		uint64_t rest = sqe->offset + DDDK_NET_HEAD;

		frame->head_bytes = DDDK_NET_HEAD;
		frame->rest = client->channel->data + rest;
		frame->rest_bus = client->channel->data_bus + rest;
	}
}

/* With other clients about. As hand_over. */
static __attribute__((noinline)) int send_shared(struct net_client *client,
						 const struct glue_net_sqe *sqe,
						 const uint8_t *head)
{
	struct dddk_net_frame frame;
	uint8_t copy[DDDK_NET_WHOLE];
	uint64_t destination = net_mac_read(head);
	uint32_t copied;
	int done;

	frame_fill(&frame, client, sqe, 0);
	if (net_is_local(client, destination)) {
		net_forward(client, &frame, head);
		answer_status(client->channel, sqe->tag, K_OK);
		return sent(client, sqe);
	}
	/* The driver may use up its memory: keep what others are to get. What
	 * there is no room for is read again from the sender's memory. */
	copied = frame.head_bytes;
	if (copied > sizeof(copy))
		copied = sizeof(copy);
	if (net_mac_is_group(destination))
		__builtin_memcpy(copy, head, copied);
	done = hand_over(client, sqe, &frame);
	if (done && net_mac_is_group(destination)) {
		frame.rest = client->channel->data + sqe->offset + copied;
		frame.head_bytes = copied;
		net_forward(client, &frame, copy);
	}
	return done;
}

/* A frame whose fields are good. 0 if it must stay in the ring. */
DDDK_INLINE int send(struct net_client *client, const struct glue_net_sqe *sqe,
		     int plain)
{
	struct dddk_net_frame frame;
	uint8_t *head;

	frame_fill(&frame, client, sqe, plain);
	if (!dddk_net.info.link)
		return refuse(client, sqe->tag, K_ERR_GONE);
	head = dddk_nic_head();
	if (!head)
		return not_taken(client, sqe->tag, NULL, K_ERR_BUSY);
	__builtin_memcpy(head, client->channel->data + sqe->offset,
			 frame.head_bytes);
	if (net_mac_read(head + 6) != client->mac)
		return refuse(client, sqe->tag, K_ERR_DENIED);
	if (net_is_shared())
		return send_shared(client, sqe, head);
	return hand_over(client, sqe, &frame);
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
		return send(client, sqe, 0);
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

	glue_trace_keep(GLUE_TRACE_SERVICE_TAKE, sqe->tag);
	if (!client || net_has_offloads(sqe))
		return handle_other(channel, sqe);
	if (sqe->op == GLUE_NET_SEND &&
	    glue_net_send_fits(&dddk_net.info, channel->data_bytes, sqe->offset,
			       sqe->bytes))
		return send(client, sqe, 1);
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
	if (!dddk_net.uncommitted_frames)
		return;
	net_count(NET_SENT_FRAMES, dddk_net.uncommitted_frames);
	net_count(NET_SENT_BYTES, dddk_net.uncommitted_bytes);
	dddk_net.uncommitted_frames = 0;
	dddk_net.uncommitted_bytes = 0;
	dddk_nic_commit();
}

/* What a turn has brought, once for all: clients read it when they run. */
static void count_received(void)
{
	net_count(NET_RECEIVED_FRAMES, dddk_net.received_frames);
	net_count(NET_RECEIVED_BYTES, dddk_net.received_bytes);
	dddk_net.received_frames = 0;
	dddk_net.received_bytes = 0;
}

unsigned int dddk_net_poll(uint64_t events)
{
	unsigned int total;

	if (!dddk_channels_begin(events))
		return 0;
	if (dddk_net.received_frames)
		count_received();
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

unsigned int dddk_net_in_flight(void)
{
	return dddk_tokens.in_flight;
}
