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

static uint32_t take_token(void)
{
	uint32_t token = dddk_block.free_token;

	if (token != NO_TOKEN) {
		dddk_block.free_token = dddk_block.token[token].next_free;
		dddk_block.in_flight++;
	}
	return token;
}

static void free_token(uint32_t token)
{
	dddk_block.token[token].state = TOKEN_FREE;
	dddk_block.token[token].next_free = dddk_block.free_token;
	dddk_block.free_token = (uint16_t)token;
	dddk_block.in_flight--;
}

static void answer(struct client *client, unsigned int index, uint32_t tag,
		   enum k_err status)
{
	struct glue_block_cqe *cqe =
		glue_ring_slot(&client->tx, sizeof(*cqe));

	cqe->tag = tag;
	cqe->status = status;
	cqe->rsvd = 0;
	glue_ring_push(&client->tx);
	dddk_block.unseen |= 1u << index;
	glue_trace(GLUE_TRACE_SERVICE_COMPLETE, tag);
}

/* The token's request is over, as far as the client is concerned. */
static void finish(uint32_t token, enum k_err status)
{
	struct token *t = &dddk_block.token[token];
	struct client *client = &dddk_block.client[t->chan];

	free_token(token);
	if (client->state == CLIENT_NONE ||
	    client->generation != t->generation)
		return;
	client->in_flight--;
	if (client->state == CLIENT_SERVING)
		answer(client, t->chan, t->tag, status);
}

/* Offer a request to the driver. Returns 0 if it has no room now. */
static int offer(struct client *client, unsigned int index, uint32_t token,
		 const struct dddk_block_req *req)
{
	uint32_t tag = dddk_block.token[token].tag;
	enum k_err err;

	client->in_flight++;
	err = dddk_block.ops->submit(dddk_block.drv, req);
	if (__builtin_expect(err == K_OK, 1)) {
		dddk_block.uncommitted = 1;
		return 1;
	}
	client->in_flight--;
	free_token(token);
	if (err == K_ERR_BUSY) {
		dddk_block.busy = 1;
		return 0;
	}
	answer(client, index, tag, err);
	return 1;
}

/* A write that must be on the medium, on a disk that has a cache? */
static int needs_flush(const struct glue_block_sqe *sqe)
{
	return sqe->op == GLUE_BLOCK_WRITE && (sqe->flags & GLUE_BLOCK_FUA) &&
	       (dddk_block.info.features & GLUE_BLOCK_F_FLUSH);
}

static int has_data(const struct glue_block_sqe *sqe)
{
	return sqe->op == GLUE_BLOCK_READ || sqe->op == GLUE_BLOCK_WRITE;
}

/* Give a checked request to the driver. Returns 0 if there is no room now. */
static int hand_on(struct client *client, unsigned int index,
		   const struct glue_block_sqe *sqe)
{
	uint32_t token = take_token();
	struct dddk_block_req req = {
		.op = sqe->op,
		.flags = sqe->flags & GLUE_BLOCK_NO_UNMAP,
		.token = token,
		.sector = sqe->sector,
		.count = sqe->count,
	};

	if (token == NO_TOKEN) {
		dddk_block.busy = 1;
		return 0;
	}
	if (has_data(sqe)) {
		req.flags = 0;
		req.bytes = sqe->count * GLUE_BLOCK_SECTOR_BYTES;
		req.data = client->data + sqe->offset;
		req.bus = client->data_bus + sqe->offset;
	}
	dddk_block.token[token].tag = sqe->tag;
	dddk_block.token[token].generation = client->generation;
	dddk_block.token[token].chan = (uint8_t)index;
	dddk_block.token[token].state =
		needs_flush(sqe) ? TOKEN_BUSY_FUA : TOKEN_BUSY;
	return offer(client, index, token, &req);
}

static void answer_info(struct client *client, unsigned int index,
			const struct glue_block_sqe *sqe)
{
	__builtin_memcpy(client->data + sqe->offset, &dddk_block.info,
			 sizeof(dddk_block.info));
	answer(client, index, sqe->tag, K_OK);
}
_Static_assert(sizeof(struct glue_block_info) <= GLUE_BLOCK_SECTOR_BYTES,
	       "one sector of data holds the answer to INFO");

/* One request, already private. Returns 0 if it must stay in the ring. */
static int handle(struct client *client, unsigned int index,
		  const struct glue_block_sqe *sqe)
{
	enum k_err err = glue_block_check(&dddk_block.info, client->data_bytes,
					  sqe);

	glue_trace(GLUE_TRACE_SERVICE_TAKE, sqe->tag);
	if (err) {
		answer(client, index, sqe->tag, err);
	} else if (sqe->op == GLUE_BLOCK_INFO) {
		answer_info(client, index, sqe);
	} else if (sqe->op == GLUE_BLOCK_FLUSH &&
		   !(dddk_block.info.features & GLUE_BLOCK_F_FLUSH)) {
		/* No cache: what has been answered is on the medium. */
		answer(client, index, sqe->tag, K_OK);
	} else {
		return hand_on(client, index, sqe);
	}
	return 1;
}

/* Take a bounded batch from one client. Returns how many it took. */
static unsigned int serve_client(unsigned int index)
{
	struct client *client = &dddk_block.client[index];
	struct glue_block_sqe sqe;
	unsigned int n;

	for (n = 0; n < DDDK_BLOCK_BATCH; n++) {
		if (!client_can_answer(client) || !glue_ring_ready(&client->rx))
			break;
		glue_ring_peek(&client->rx, &sqe, sizeof(sqe));
		if (!handle(client, index, &sqe))
			break;
		glue_ring_pop(&client->rx);
	}
	if (n)
		glue_ring_release(&client->rx);
	if (client->rx.broken || client->tx.broken)
		dddk_block_break_client(index);
	return n;
}

/* Serve the clients of @mask in order until the driver has no room. */
static unsigned int serve_mask(uint32_t mask)
{
	unsigned int total = 0;

	for (; mask && !dddk_block.busy; mask &= mask - 1) {
		unsigned int index = (unsigned int)__builtin_ctz(mask);
		unsigned int n = serve_client(index);

		total += n;
		/* Who got something goes behind the others; who found the
		 * driver full at once comes first next time. */
		if (dddk_block.busy)
			dddk_block.turn = n ? (index + 1) % GLUE_CHANS_MAX
					    : index;
	}
	return total;
}

/* One round over all clients, beginning with the one whose turn it is. */
static unsigned int serve_round(void)
{
	uint32_t ahead = dddk_block.serving & (~0u << dddk_block.turn);
	unsigned int n = serve_mask(ahead);

	return n + serve_mask(dddk_block.serving & ~ahead);
}

/* The write of a FUA request has ended: its flush goes out now. */
static void send_due_flush(uint32_t token)
{
	struct token *t = &dddk_block.token[token];
	struct dddk_block_req req = { .op = GLUE_BLOCK_FLUSH, .token = token };
	enum k_err err;

	/* Busy again before submit, which may complete it at once. */
	t->state = TOKEN_BUSY;
	dddk_block.flushes_due--;
	err = dddk_block.ops->submit(dddk_block.drv, &req);
	if (err == K_ERR_BUSY) {
		t->state = TOKEN_FLUSH_NEXT;
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
	uint32_t token;

	for (token = 0; token < DDDK_BLOCK_TOKENS; token++) {
		if (dddk_block.flushes_due == 0 || dddk_block.busy)
			break;
		if (dddk_block.token[token].state == TOKEN_FLUSH_NEXT)
			send_due_flush(token);
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
	unsigned int n;

	/* Before the start there is nobody to serve, and no driver. */
	if (!dddk_block.ops)
		return 0;
	if (events & GLUE_EVENT_CONTROL)
		dddk_block_update_clients();
	dddk_block.busy = 0;
	if (dddk_block.flushes_due)
		send_due_flushes();
	do {
		n = serve_round();
		total += n;
	} while (n && !dddk_block.busy);
	commit();
	if (dddk_block.leaving)
		dddk_block_release_clients();
	return total;
}

void dddk_block_complete(uint32_t token, enum k_err status)
{
	uint8_t state = token < DDDK_BLOCK_TOKENS ?
				dddk_block.token[token].state : TOKEN_FREE;

	switch (state) {
	case TOKEN_BUSY:
		finish(token, status);
		break;
	case TOKEN_BUSY_FUA:
		if (status) {
			finish(token, status);
			break;
		}
		dddk_block.token[token].state = TOKEN_FLUSH_NEXT;
		dddk_block.flushes_due++;
		break;
	default:
		dddk_log("completion of token %u, which is not in flight; "
			 "dropped", token);
	}
}

void dddk_block_flush(void)
{
	while (dddk_block.unseen) {
		unsigned int index = (unsigned int)
			__builtin_ctz(dddk_block.unseen);
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
