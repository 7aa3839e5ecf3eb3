/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tokens.h - numbers for the requests that are inside the driver.
 *
 * A driver names a request by its token's number when it completes it. States
 * from DDDK_TOKEN_OWN on are the class's own. A token whose channel was taken
 * back is an orphan: the driver still holds it, but nobody waits for it.
 * A number is used for the first time only when all lower ones are in flight, so
 * that the table takes no more memory than there are requests at a time.
 */
#ifndef DDDK_TOKENS_H
#define DDDK_TOKENS_H

#include <stddef.h>

#include "channels.h"

#define DDDK_TOKENS_MAX 256u
#define DDDK_NO_TOKEN	0xffffu /* end of the list of free tokens */

enum dddk_token_state {
	DDDK_TOKEN_FREE = 0,
	DDDK_TOKEN_BUSY = 1,
	DDDK_TOKEN_ORPHAN = 2,
	DDDK_TOKEN_OWN = 3,
};

struct dddk_token {
	uint32_t tag; /* the client's */
	uint16_t next_free;
	uint8_t chan;
	uint8_t state;
};

struct dddk_tokens {
	uint32_t in_flight; /* tokens not free */
	uint16_t free;	    /* head of the list of those that were used */
	uint16_t used;	    /* tokens below it have been used */
	uint16_t count;	    /* so many there may be */
	struct dddk_token token[DDDK_TOKENS_MAX];
};
_Static_assert(DDDK_TOKENS_MAX < DDDK_NO_TOKEN, "list end is no token");

extern struct dddk_tokens dddk_tokens;

/* @count: at most DDDK_TOKENS_MAX; none is in flight. */
void dddk_tokens_start(uint32_t count);

/* The driver completes what is not in its hands: say so, and go on. */
void dddk_token_stray(uint32_t number);

/* State of the token of that number, which comes from the driver. */
static inline uint32_t dddk_token_state(uint32_t number)
{
	return number < dddk_tokens.used ? dddk_tokens.token[number].state :
					   DDDK_TOKEN_FREE;
}

static inline uint32_t dddk_token_number(const struct dddk_token *token)
{
	return (uint32_t)(token - dddk_tokens.token);
}

/* NULL when as many requests are in the driver as there are tokens; then, as
 * when the driver is busy, no client is served until something completes. */
static inline struct dddk_token *dddk_token_take(void)
{
	struct dddk_token *token;

	if (dddk_tokens.free != DDDK_NO_TOKEN) {
		token = &dddk_tokens.token[dddk_tokens.free];
		dddk_tokens.free = token->next_free;
	} else if (dddk_tokens.used < dddk_tokens.count) {
		token = &dddk_tokens.token[dddk_tokens.used++];
	} else {
		dddk_channels.busy = 1;
		return NULL;
	}
	dddk_channels.busy = 0;
	dddk_tokens.in_flight++;
	return token;
}

/* The channel has one request more in flight. */
static inline void dddk_token_bind(struct dddk_token *token,
				   struct dddk_channel *channel, uint32_t tag,
				   uint32_t state)
{
	token->tag = tag;
	token->chan = (uint8_t)channel->index;
	token->state = (uint8_t)state;
	channel->in_flight++;
}

static inline void dddk_token_free(struct dddk_token *token)
{
	token->state = DDDK_TOKEN_FREE;
	token->next_free = dddk_tokens.free;
	dddk_tokens.free = (uint16_t)dddk_token_number(token);
	dddk_tokens.in_flight--;
}

/* The token's request is over. Return: who is to get an answer, or NULL. */
static inline struct dddk_channel *dddk_token_end(struct dddk_token *token)
{
	struct dddk_channel *channel = &dddk_channels.channel[token->chan];

	dddk_token_free(token);
	channel->in_flight--;
	return channel->state == DDDK_CHANNEL_SERVING ? channel : NULL;
}

/* The driver had no room after all: the request stays in the ring. */
static inline void dddk_token_undo(struct dddk_token *token)
{
	dddk_channels.channel[token->chan].in_flight--;
	dddk_token_free(token);
	dddk_channels.busy = 1;
}

#endif
