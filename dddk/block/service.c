/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service.c - block service: requests from the rings to the driver and back.
 *
 * A request is copied, checked, given a token and handed on; its answer goes
 * into the completion ring when the driver says so. Room for that answer is
 * made sure of before the request is taken: a client that does not collect its
 * answers is simply not served. What the driver cannot take stays in the
 * client's ring and is offered again at the next poll.
 * Channels, turns and sleep: dddk/channels. Start: start.c.
 */
#include <glue/block_check.h>
#include <glue/trace.h>

#include "internal.h"

struct service dddk_block;

DDDK_INLINE void answer(struct dddk_channel *client, uint32_t tag,
			enum k_err status)
{
	struct glue_block_cqe *cqe = dddk_channel_slot(client, sizeof(*cqe));

	*cqe = (struct glue_block_cqe){ .tag = tag, .status = status };
	dddk_channel_push(client);
	glue_trace_keep(GLUE_TRACE_SERVICE_COMPLETE, tag);
}

/* The token's request is over, as far as the client is concerned. */
DDDK_INLINE void finish_fast(struct dddk_token *token, enum k_err status)
{
	struct dddk_channel *client = dddk_token_end(token);

	if (client)
		answer(client, token->tag, status);
}

static __attribute__((noinline, cold)) void finish(struct dddk_token *token,
						   enum k_err status)
{
	finish_fast(token, status);
}

/* Give a checked request to the driver. Returns 0 if there is no room now.
 * Said to be inline, as with a cold caller beside the hot one gcc makes it a
 * call: 30 instructions a request. */
DDDK_INLINE int hand_on(struct dddk_channel *client,
			const struct glue_block_sqe *sqe, int has_data,
			uint32_t state)
{
	struct dddk_token *token = dddk_token_take();
	struct dddk_block_req req = { .op = sqe->op,
				      .sector = sqe->sector,
				      .count = sqe->count };
	enum k_err err;

	if (!token)
		return 0;
	req.token = dddk_token_number(token);
	if (has_data) {
		req.bytes = sqe->count * GLUE_BLOCK_SECTOR_BYTES;
		req.data = client->data + sqe->offset;
		req.bus = client->data_bus + sqe->offset;
	} else {
		req.flags = sqe->flags;
	}
	dddk_token_bind(token, client, sqe->tag, state);
	err = dddk_block.ops->submit(dddk_block.drv, &req);
	if (__builtin_expect(err == K_OK, 1)) {
		dddk_block.uncommitted = 1;
		return 1;
	}
	if (err != K_ERR_BUSY) {
		finish(token, err);
		return 1;
	}
	dddk_token_undo(token);
	return 0;
}

/* A write that must be on the medium, on a disk that has a cache? */
static uint32_t state_of_write(const struct glue_block_sqe *sqe)
{
	return (sqe->flags & GLUE_BLOCK_FUA) &&
			       (dddk_block.info.features & GLUE_BLOCK_F_FLUSH) ?
		       DDDK_BLOCK_FUA :
		       DDDK_TOKEN_BUSY;
}

/* Can the service answer it by itself? A disk without a cache has nothing to
 * flush: what has been answered is on the medium. */
static int needs_no_driver(struct dddk_channel *client,
			   const struct glue_block_sqe *sqe)
{
	if (sqe->op == GLUE_BLOCK_FLUSH)
		return !(dddk_block.info.features & GLUE_BLOCK_F_FLUSH);
	if (sqe->op != GLUE_BLOCK_INFO)
		return 0;
	__builtin_memcpy(client->data + sqe->offset, &dddk_block.info,
			 sizeof(dddk_block.info));
	return 1;
}
_Static_assert(sizeof(struct glue_block_info) <= GLUE_BLOCK_SECTOR_BYTES,
	       "one sector of data holds the answer to INFO");

/* Whatever is not a good READ or plain WRITE, bad requests above all. */
static __attribute__((noinline, cold)) int handle_other(
	struct dddk_channel *client, const struct glue_block_sqe *sqe)
{
	enum k_err err = glue_block_check(&dddk_block.info, client->data_bytes,
					  sqe);
	int is_write = sqe->op == GLUE_BLOCK_WRITE;

	if (!err && !needs_no_driver(client, sqe))
		return hand_on(client, sqe, is_write,
			       is_write ? state_of_write(sqe) :
					  DDDK_TOKEN_BUSY);
	answer(client, sqe->tag, err);
	return 1;
}

/* One request, already private. Returns 0 if it must stay in the ring. */
static inline int handle(struct dddk_channel *client, const void *entry)
{
	const struct glue_block_sqe *sqe = entry;

	glue_trace_keep(GLUE_TRACE_SERVICE_TAKE, sqe->tag);
	if (!(sqe->flags | sqe->rsvd | sqe->rsvd2) &&
	    glue_block_fits(&dddk_block.info, client->data_bytes, sqe->op,
			    sqe->sector, sqe->count, sqe->offset))
		return hand_on(client, sqe, 1, DDDK_TOKEN_BUSY);
	return handle_other(client, sqe);
}

static __attribute__((noinline)) unsigned int serve_client(
	struct dddk_channel *client)
{
	struct glue_block_sqe sqe;

	return dddk_channel_take(client, &sqe, sizeof(sqe), handle);
}

/* The write of a FUA request has ended: its flush goes out now. */
static void send_due_flush(struct dddk_token *token)
{
	struct dddk_block_req req = { .op = GLUE_BLOCK_FLUSH,
				      .token = dddk_token_number(token) };
	enum k_err err;

	/* Busy again before submit, which may complete it at once. */
	token->state = DDDK_TOKEN_BUSY;
	dddk_channels.due--;
	err = dddk_block.ops->submit(dddk_block.drv, &req);
	if (err == K_ERR_BUSY) {
		token->state = DDDK_BLOCK_FLUSH_NEXT;
		dddk_channels.due++;
		dddk_channels.busy = 1;
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

	for (i = 0; i < dddk_tokens.used; i++) {
		if (dddk_channels.due == 0 || dddk_channels.busy)
			break;
		if (dddk_tokens.token[i].state == DDDK_BLOCK_FLUSH_NEXT)
			send_due_flush(&dddk_tokens.token[i]);
	}
}

void dddk_block_orphan_requests(struct dddk_channel *client)
{
	uint32_t i;

	for (i = 0; i < dddk_tokens.used; i++) {
		struct dddk_token *token = &dddk_tokens.token[i];

		if (token->state == DDDK_TOKEN_FREE ||
		    token->chan != client->index)
			continue;
		if (token->state == DDDK_BLOCK_FLUSH_NEXT) {
			dddk_channels.due--;
			dddk_token_free(token);
		} else {
			token->state = DDDK_TOKEN_ORPHAN;
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
	unsigned int total;

	if (!dddk_channels_begin(events))
		return 0;
	if (dddk_channels.due)
		send_due_flushes();
	total = dddk_channels_serve(serve_client);
	commit();
	dddk_channels_end();
	return total;
}

/* Ends that are not the plain one. */
static void complete_other(uint32_t number, uint32_t state, enum k_err status)
{
	if (state == DDDK_BLOCK_FUA && status) {
		finish(&dddk_tokens.token[number], status);
	} else if (state == DDDK_BLOCK_FUA) {
		dddk_tokens.token[number].state = DDDK_BLOCK_FLUSH_NEXT;
		dddk_channels.due++;
	} else if (state == DDDK_TOKEN_ORPHAN) {
		dddk_token_free(&dddk_tokens.token[number]);
	} else {
		dddk_token_stray(number);
	}
}

void dddk_block_complete(uint32_t number, enum k_err status)
{
	uint32_t state = dddk_token_state(number);

	if (__builtin_expect(state == DDDK_TOKEN_BUSY, 1))
		finish_fast(&dddk_tokens.token[number], status);
	else
		complete_other(number, state, status);
}

unsigned int dddk_block_in_flight(void)
{
	return dddk_tokens.in_flight;
}
