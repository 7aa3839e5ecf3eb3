/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service.c - request service: checked requests to the driver, answers back.
 *
 * As in the block service a request is copied, checked, given a token and
 * handed on, and room for its answer is made sure of before it is taken. New
 * here: a request may stay open for ever, so its client can cancel it, and the
 * service does so for a client that leaves; and a service may have an owner.
 * Channels, turns and sleep: dddk/channels. The classes' rules: classes.c.
 */
#include <dddk/request_service.h>
#include <glue/rt.h>
#include <glue/trace.h>

#include "../channels/serve.h"
#include "../channels/tokens.h"
#include "hold.h"

#define TOKEN_CANCELLED DDDK_TOKEN_OWN /* the driver has been told */

_Static_assert(DDDK_REQ_TOKENS <= DDDK_TOKENS_MAX, "all have a number");
_Static_assert(GLUE_REQ_OPEN_MAX *GLUE_CHANS_MAX <= DDDK_REQ_TOKENS,
	       "open requests of some never keep others out");

static struct {
	const struct dddk_req_class *class;
	const struct dddk_req_ops *ops;
	void *drv;
	uint32_t owner; /* index of a channel, NO_OWNER */
	uint8_t info[DDDK_REQ_INFO_MAX];
} service;

#define NO_OWNER GLUE_CHANS_MAX

static void answer(struct dddk_channel *client, uint32_t tag, enum k_err status,
		   uint64_t value)
{
	struct glue_req_cqe *cqe = dddk_channel_slot(client, sizeof(*cqe));

	*cqe = (struct glue_req_cqe){ .tag = tag,
				      .status = status,
				      .value = value };
	dddk_channel_push(client);
	glue_trace_keep(GLUE_TRACE_SERVICE_COMPLETE, tag);
}

/* The token's request is over, as far as the client is concerned. */
static void finish(struct dddk_token *token, enum k_err status, uint64_t value)
{
	struct dddk_channel *client = dddk_token_end(token);

	if (client)
		answer(client, token->tag, status, value);
}

/* --- cancelling ----------------------------------------------------------- */

/* The driver may complete the request before this returns. */
static void cancel_token(struct dddk_token *token, uint32_t state)
{
	int told = token->state != DDDK_TOKEN_BUSY;

	token->state = (uint8_t)state;
	if (told)
		return;
	if (service.ops->cancel)
		service.ops->cancel(service.drv, dddk_token_number(token));
	else
		dddk_req_hold_cancel(dddk_token_number(token));
}

/* Tell the driver that nobody waits for what this client has open. */
static void cancel_all(const struct dddk_channel *client, uint32_t state)
{
	uint32_t i;

	for (i = 0; i < dddk_tokens.used; i++) {
		struct dddk_token *token = &dddk_tokens.token[i];

		if (token->state != DDDK_TOKEN_FREE &&
		    token->chan == client->index)
			cancel_token(token, state);
	}
}

static enum k_err cancel_tag(const struct dddk_channel *client, uint64_t tag)
{
	uint32_t i;

	for (i = 0; i < dddk_tokens.used; i++) {
		struct dddk_token *token = &dddk_tokens.token[i];

		if (token->state != DDDK_TOKEN_BUSY || token->tag != tag ||
		    token->chan != client->index)
			continue;
		cancel_token(token, TOKEN_CANCELLED);
		return K_OK;
	}
	return K_ERR_NOTFOUND;
}

/* --- what a request may look like ----------------------------------------- */

static enum k_err check_rule(const struct dddk_req_rule *rule,
			     const struct glue_req_sqe *sqe)
{
	if ((sqe->flags & ~rule->flags) || sqe->arg > rule->max_arg ||
	    sqe->bytes < rule->min_bytes || sqe->bytes > rule->max_bytes)
		return K_ERR_INVALID;
	return K_OK;
}

/* Of a class whose rules ask for some: its info begins with them. */
static uint32_t features(void)
{
	uint32_t bits;

	__builtin_memcpy(&bits, service.info, sizeof(bits));
	return bits;
}

/* The operations that every class has. */
static enum k_err check_common(const struct glue_req_sqe *sqe)
{
	const struct dddk_req_rule info = {
		.min_bytes = service.class->info_bytes,
		.max_bytes = DDDK_REQ_INFO_MAX,
	};
	const struct dddk_req_rule cancel = { .max_arg = UINT32_MAX };

	switch (sqe->op) {
	case GLUE_REQ_INFO:
		return check_rule(&info, sqe);
	case GLUE_REQ_CANCEL:
		return check_rule(&cancel, sqe);
	default:
		return K_ERR_UNSUPPORTED;
	}
}

static int owned(void)
{
	return service.owner != NO_OWNER &&
	       dddk_channels.serving >> service.owner & 1;
}

/* The one check that, going well, changes something: so it comes last. */
static enum k_err check_owner(enum dddk_req_owner rule, uint32_t index)
{
	if (rule == DDDK_REQ_FREE || service.owner == index)
		return K_OK;
	if (!owned()) {
		if (rule == DDDK_REQ_TAKES)
			service.owner = index;
		return K_OK;
	}
	if (rule == DDDK_REQ_KEEPS &&
	    glue_chan(service.owner)->peer_pid == glue_chan(index)->peer_pid)
		return K_OK;
	return K_ERR_BUSY;
}

static enum k_err check_op(const struct dddk_channel *client,
			   const struct glue_req_sqe *sqe)
{
	const struct dddk_req_rule *rule;
	enum k_err err;

	for (rule = service.class->rules; rule->op; rule++) {
		if (rule->op != sqe->op)
			continue;
		err = check_rule(rule, sqe);
		if (!err && rule->needs & ~features())
			err = K_ERR_UNSUPPORTED;
		return err ? err : check_owner(rule->owner, client->index);
	}
	return check_common(sqe);
}

static enum k_err check(const struct dddk_channel *client,
			const struct glue_req_sqe *sqe)
{
	if (sqe->rsvd)
		return K_ERR_INVALID;
	if (sqe->offset > client->data_bytes ||
	    sqe->bytes > client->data_bytes - sqe->offset)
		return K_ERR_RANGE;
	return check_op(client, sqe);
}

/* --- the way in ----------------------------------------------------------- */

static enum k_err answer_info(const struct dddk_channel *client,
			      const struct glue_req_sqe *sqe)
{
	__builtin_memcpy(client->data + sqe->offset, service.info,
			 service.class->info_bytes);
	return K_OK;
}

/* Give a checked request to the driver. Returns 0 if there is no room now. */
static int hand_on(struct dddk_channel *client, const struct glue_req_sqe *sqe)
{
	struct dddk_token *token = dddk_token_take();
	struct dddk_req req = {
		.op = sqe->op,
		.flags = sqe->flags,
		.client = client->index,
		.bytes = sqe->bytes,
		.arg = sqe->arg,
	};
	enum k_err err;

	if (!token)
		return 0;
	req.token = dddk_token_number(token);
	if (sqe->bytes)
		req.data = client->data + sqe->offset;
	dddk_token_bind(token, client, sqe->tag, DDDK_TOKEN_BUSY);
	err = service.ops->submit(service.drv, &req);
	if (err == K_ERR_BUSY) {
		dddk_token_undo(token);
		return 0;
	}
	if (err)
		finish(token, err, 0);
	return 1;
}

/* One request, already private. Returns 0 if it must stay in the ring. */
static int handle(struct dddk_channel *client, const void *entry)
{
	const struct glue_req_sqe *sqe = entry;
	enum k_err err = check(client, sqe);

	glue_trace_keep(GLUE_TRACE_SERVICE_TAKE, sqe->tag);
	if (!err && sqe->op >= GLUE_REQ_CLASS) {
		if (client->in_flight < GLUE_REQ_OPEN_MAX)
			return hand_on(client, sqe);
		err = K_ERR_BUSY;
	} else if (!err && sqe->op == GLUE_REQ_INFO) {
		err = answer_info(client, sqe);
	} else if (!err) {
		err = cancel_tag(client, sqe->arg);
	}
	answer(client, sqe->tag, err, 0);
	return 1;
}

static unsigned int serve_client(struct dddk_channel *client)
{
	struct glue_req_sqe sqe;

	return dddk_channel_take(client, &sqe, sizeof(sqe), handle);
}

unsigned int dddk_req_poll(uint64_t events)
{
	unsigned int total;

	if (!dddk_channels_begin(events))
		return 0;
	total = dddk_channels_serve(serve_client);
	dddk_channels_end();
	return total;
}

/* --- the way out ---------------------------------------------------------- */

void dddk_req_begun(uint32_t number, uint32_t bytes)
{
	const struct dddk_token *token = &dddk_tokens.token[number];
	const struct dddk_channel *client;

	if (dddk_token_state(number) == DDDK_TOKEN_FREE ||
	    token->state == DDDK_TOKEN_ORPHAN)
		return;
	client = &dddk_channels.channel[token->chan];
	dddk_channels.aside++;
	if (client->state == DDDK_CHANNEL_SERVING)
		glue_ring_begin(&client->tx,
				(uint64_t)token->tag << 32 | bytes);
}

void dddk_req_complete(uint32_t number, enum k_err status, uint64_t value)
{
	switch (dddk_token_state(number)) {
	case DDDK_TOKEN_BUSY:
	case TOKEN_CANCELLED:
		finish(&dddk_tokens.token[number], status, value);
		break;
	case DDDK_TOKEN_ORPHAN:
		dddk_token_free(&dddk_tokens.token[number]);
		break;
	default:
		dddk_token_stray(number);
	}
}

unsigned int dddk_req_in_flight(void)
{
	return dddk_tokens.in_flight;
}

/* --- clients that come and go --------------------------------------------- */

static void client_opened(struct dddk_channel *client)
{
	if (service.ops->client)
		service.ops->client(service.drv, client->index, 1);
}

static void client_closed(struct dddk_channel *client)
{
	if (service.owner == client->index)
		service.owner = NO_OWNER;
	if (service.ops->client)
		service.ops->client(service.drv, client->index, 0);
}

static void client_stopped(struct dddk_channel *client)
{
	cancel_all(client, TOKEN_CANCELLED);
}

static void client_orphaned(struct dddk_channel *client)
{
	cancel_all(client, DDDK_TOKEN_ORPHAN);
}

void dddk_req_set_info(const void *info)
{
	__builtin_memcpy(service.info, info, service.class->info_bytes);
}

enum k_err dddk_req_start(const struct dddk_req_class *class,
			  const struct dddk_req_ops *ops, void *drv,
			  const void *info)
{
	static struct dddk_channels_kind kind = {
		.sqe_bytes = sizeof(struct glue_req_sqe),
		.cqe_bytes = sizeof(struct glue_req_cqe),
		.poll = dddk_req_poll,
		.opened = client_opened,
		.closed = client_closed,
		.stopped = client_stopped,
		.orphaned = client_orphaned,
	};

	service.class = class;
	service.ops = ops;
	service.drv = drv;
	service.owner = NO_OWNER;
	dddk_req_set_info(info);
	kind.class_id = class->class_id;
	dddk_tokens_start(DDDK_REQ_TOKENS);
	dddk_channels_start(&kind);
	return K_OK;
}
