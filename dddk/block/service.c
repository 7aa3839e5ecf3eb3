/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service.c - block service: requests from the rings to the driver and back.
 *
 * A request is copied, checked, given a token and handed on; its answer goes
 * into the completion ring when the driver says so. Room for that answer is
 * made sure of before the request is taken: a client that does not collect its
 * answers is simply not served. What the driver cannot take stays in the
 * client's ring and is offered again at the next poll.
 * Clients that come and go: clients.c. Sleeping: wait.c. Start: start.c.
 */
#include <dddk/log.h>
#include <glue/block_check.h>
#include <glue/ring_ops.h>
#include <glue/rt.h>
#include <glue/sys.h>
#include <glue/trace.h>

#include "internal.h"

struct service dddk_block;

static uint32_t token_number(const struct token *token)
{
	return (uint32_t)(token - dddk_block.token);
}

/* NULL when as many requests are in the driver as there are tokens. */
static struct token *take_token(void)
{
	struct token *token;

	if (dddk_block.free_token == NO_TOKEN)
		return NULL;
	token = &dddk_block.token[dddk_block.free_token];
	dddk_block.free_token = token->next_free;
	dddk_block.in_flight++;
	return token;
}

static void free_token(struct token *token)
{
	token->state = TOKEN_FREE;
	token->next_free = dddk_block.free_token;
	dddk_block.free_token = (uint16_t)token_number(token);
	dddk_block.in_flight--;
}

/* There is room: client_ready() saw to it before the request was taken. */
static void answer(struct client *client, uint32_t tag, enum k_err status)
{
	struct glue_block_cqe *cqe = glue_ring_slot(&client->tx, sizeof(*cqe));

	*cqe = (struct glue_block_cqe){ .tag = tag, .status = status };
	glue_ring_push(&client->tx);
	dddk_block.unseen |= 1u << client->index;
	glue_trace(GLUE_TRACE_SERVICE_COMPLETE, tag);
}

/* The token's request is over, as far as the client is concerned. */
static void finish(struct token *token, enum k_err status)
{
	struct client *client = &dddk_block.client[token->chan];

	free_token(token);
	client->in_flight--;
	if (client->state == CLIENT_SERVING)
		answer(client, token->tag, status);
}

/* Give a checked request to the driver. Returns 0 if there is no room now. */
static inline int hand_on(struct client *client,
			  const struct glue_block_sqe *sqe, int has_data,
			  enum token_state state)
{
	struct token *token = take_token();
	struct dddk_block_req req = { .op = sqe->op,
				      .sector = sqe->sector,
				      .count = sqe->count };
	enum k_err err;

	dddk_block.busy = !token;
	if (!token)
		return 0;
	req.token = token_number(token);
	if (has_data) {
		req.bytes = sqe->count * GLUE_BLOCK_SECTOR_BYTES;
		req.data = client->data + sqe->offset;
		req.bus = client->data_bus + sqe->offset;
	} else {
		req.flags = sqe->flags;
	}
	token->tag = sqe->tag;
	token->chan = (uint8_t)client->index;
	token->state = (uint8_t)state;
	client->in_flight++;
	err = dddk_block.ops->submit(dddk_block.drv, &req);
	if (__builtin_expect(err == K_OK, 1)) {
		dddk_block.uncommitted = 1;
		return 1;
	}
	if (err != K_ERR_BUSY) {
		finish(token, err);
		return 1;
	}
	client->in_flight--;
	free_token(token);
	dddk_block.busy = 1;
	return 0;
}

/* A write that must be on the medium, on a disk that has a cache? */
static enum token_state state_of_write(const struct glue_block_sqe *sqe)
{
	return (sqe->flags & GLUE_BLOCK_FUA) &&
			       (dddk_block.info.features & GLUE_BLOCK_F_FLUSH) ?
		       TOKEN_BUSY_FUA :
		       TOKEN_BUSY;
}

static int answer_info(struct client *client, const struct glue_block_sqe *sqe)
{
	__builtin_memcpy(client->data + sqe->offset, &dddk_block.info,
			 sizeof(dddk_block.info));
	answer(client, sqe->tag, K_OK);
	return 1;
}
_Static_assert(sizeof(struct glue_block_info) <= GLUE_BLOCK_SECTOR_BYTES,
	       "one sector of data holds the answer to INFO");

static int handle_flush(struct client *client, const struct glue_block_sqe *sqe)
{
	if (dddk_block.info.features & GLUE_BLOCK_F_FLUSH)
		return hand_on(client, sqe, 0, TOKEN_BUSY);
	/* No cache: what has been answered is on the medium. */
	answer(client, sqe->tag, K_OK);
	return 1;
}

/* Whatever is not a good READ or plain WRITE, bad requests above all. */
static __attribute__((noinline)) int handle_other(
	struct client *client, const struct glue_block_sqe *sqe)
{
	enum k_err err = glue_block_check(&dddk_block.info, client->data_bytes,
					  sqe);

	if (err) {
		answer(client, sqe->tag, err);
		return 1;
	}
	switch (sqe->op) {
	case GLUE_BLOCK_INFO:
		return answer_info(client, sqe);
	case GLUE_BLOCK_FLUSH:
		return handle_flush(client, sqe);
	case GLUE_BLOCK_WRITE:
		return hand_on(client, sqe, 1, state_of_write(sqe));
	default:
		return hand_on(client, sqe, 0, TOKEN_BUSY);
	}
}

/* One request, already private. Returns 0 if it must stay in the ring. */
static inline int handle(struct client *client,
			 const struct glue_block_sqe *sqe)
{
	glue_trace(GLUE_TRACE_SERVICE_TAKE, sqe->tag);
	if (!(sqe->flags | sqe->rsvd | sqe->rsvd2) &&
	    glue_block_fits(&dddk_block.info, client->data_bytes, sqe->op,
			    sqe->sector, sqe->count, sqe->offset))
		return hand_on(client, sqe, 1, TOKEN_BUSY);
	return handle_other(client, sqe);
}

/* Take a bounded batch from one client. Returns how many it took. */
static __attribute__((noinline)) unsigned int serve_client(
	struct client *client)
{
	uint32_t ready = client_ready(client);
	struct glue_block_sqe sqe;
	unsigned int n;

	if (ready > DDDK_BLOCK_BATCH) {
		ready = DDDK_BLOCK_BATCH;
		dddk_block.more = 1;
	}
	for (n = 0; n < ready; n++) {
		glue_ring_peek(&client->rx, &sqe, sizeof(sqe));
		if (!handle(client, &sqe))
			break;
		glue_ring_pop(&client->rx);
	}
	if (n)
		glue_ring_release(&client->rx);
	if (client->rx.broken || client->tx.broken)
		dddk_block_break_client(client->index);
	return n;
}

/* Serve the clients of @mask in order until the driver has no room. */
static unsigned int serve_mask(uint32_t mask)
{
	unsigned int total = 0;

	for (; mask && !dddk_block.busy; mask &= mask - 1) {
		unsigned int index = (unsigned int)__builtin_ctz(mask);
		unsigned int n = serve_client(&dddk_block.client[index]);

		total += n;
		/* Who got something goes behind the others; who found the
		 * driver full at once comes first next time. */
		if (dddk_block.busy)
			dddk_block.turn = n ? (index + 1) % GLUE_CHANS_MAX :
					      index;
	}
	return total;
}

/* One round over the clients, beginning with the one whose turn it is. */
static unsigned int serve_round(void)
{
	uint32_t ahead = dddk_block.awake & (~0u << dddk_block.turn);
	unsigned int n = serve_mask(ahead);

	return n + serve_mask(dddk_block.awake & ~ahead);
}

/* The write of a FUA request has ended: its flush goes out now. */
static void send_due_flush(struct token *token)
{
	struct dddk_block_req req = { .op = GLUE_BLOCK_FLUSH,
				      .token = token_number(token) };
	enum k_err err;

	/* Busy again before submit, which may complete it at once. */
	token->state = TOKEN_BUSY;
	dddk_block.flushes_due--;
	err = dddk_block.ops->submit(dddk_block.drv, &req);
	if (err == K_ERR_BUSY) {
		token->state = TOKEN_FLUSH_NEXT;
		dddk_block.flushes_due++;
		dddk_block.busy = 1;
	} else if (err) {
		finish(token, err);
	} else {
		dddk_block.uncommitted = 1;
	}
}

/* Rare, so the tokens are searched rather than queued. */
static void send_due_flushes(void)
{
	uint32_t i;

	for (i = 0; i < DDDK_BLOCK_TOKENS; i++) {
		if (dddk_block.flushes_due == 0 || dddk_block.busy)
			break;
		if (dddk_block.token[i].state == TOKEN_FLUSH_NEXT)
			send_due_flush(&dddk_block.token[i]);
	}
}

void dddk_block_orphan_requests(unsigned int index)
{
	uint32_t i;

	for (i = 0; i < DDDK_BLOCK_TOKENS; i++) {
		struct token *token = &dddk_block.token[i];

		if (token->state == TOKEN_FREE || token->chan != index)
			continue;
		if (token->state == TOKEN_FLUSH_NEXT) {
			dddk_block.flushes_due--;
			free_token(token);
		} else {
			token->state = TOKEN_ORPHAN;
		}
	}
}

/* One kick for all that this poll has handed to the driver. */
static void commit(void)
{
	if (!dddk_block.uncommitted)
		return;
	dddk_block.uncommitted = 0;
	if (dddk_block.ops->commit)
		dddk_block.ops->commit(dddk_block.drv);
}

unsigned int dddk_block_poll(uint64_t events)
{
	unsigned int total = 0;

	/* Before the start there is nobody to serve, and no driver. */
	if (!dddk_block.ops)
		return 0;
	if (events & GLUE_EVENT_CONTROL)
		dddk_block_update_clients();
	dddk_block.awake |= (uint32_t)events & dddk_block.serving;
	dddk_block.busy = 0;
	if (dddk_block.flushes_due)
		send_due_flushes();
	/* What comes meanwhile is seen before the driver sleeps. */
	while (dddk_block.awake && !dddk_block.busy) {
		dddk_block.more = 0;
		total += serve_round();
		if (!dddk_block.more)
			break;
	}
	commit();
	if (dddk_block.leaving)
		dddk_block_release_clients();
	return total;
}

/* Ends that are not the plain one. */
static void complete_other(uint32_t number, struct token *token,
			   enum k_err status)
{
	if (token && token->state == TOKEN_BUSY_FUA && status) {
		finish(token, status);
	} else if (token && token->state == TOKEN_BUSY_FUA) {
		token->state = TOKEN_FLUSH_NEXT;
		dddk_block.flushes_due++;
	} else if (token && token->state == TOKEN_ORPHAN) {
		free_token(token);
	} else {
		dddk_log("completion of token %u, which is not in flight; "
			 "dropped",
			 number);
	}
}

void dddk_block_complete(uint32_t number, enum k_err status)
{
	struct token *token = number < DDDK_BLOCK_TOKENS ?
				      &dddk_block.token[number] :
				      NULL;

	if (__builtin_expect(token && token->state == TOKEN_BUSY, 1))
		finish(token, status);
	else
		complete_other(number, token, status);
}

void dddk_block_flush(void)
{
	while (dddk_block.unseen) {
		unsigned int index = (unsigned int)__builtin_ctz(
			dddk_block.unseen);
		struct client *client = &dddk_block.client[index];

		dddk_block.unseen &= dddk_block.unseen - 1;
		glue_ring_publish(&client->tx);
		if (glue_ring_peer_sleeps(&client->sleep)) {
			glue_trace(GLUE_TRACE_SERVICE_SIGNAL, index);
			glue_sys_signal(GLUE_CAP_PEER0 + index);
		}
	}
}

unsigned int dddk_block_in_flight(void)
{
	return dddk_block.in_flight;
}
