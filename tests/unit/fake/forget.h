/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * forget.h - requests that the next life of a small class's driver does not know.
 */
#ifndef FAKE_FORGET_H
#define FAKE_FORGET_H

#include "dddk/channels/tokens.h"
#include "dddk/serial/internal.h"

/* For native.forget: no line and no hold has anybody any more. */
static inline void forget_requests(void)
{
	uint32_t number;

	for (number = 0; number < dddk_tokens.used; number++)
		if (dddk_token_state(number) != DDDK_TOKEN_FREE)
			dddk_req_queue_cancel(0, number);
}

/* A read of nobody's takes what came. Returns 0 if nothing has. */
static inline int forget_input(void)
{
	static uint8_t old[4096];
	struct dddk_token *token = dddk_token_take();
	struct dddk_req read = { .token = dddk_token_number(token),
				 .data = old,
				 .bytes = sizeof(old) };

	token->state = DDDK_TOKEN_ORPHAN;
	dddk_req_queue(DDDK_SERIAL_READS, &read);
	dddk_serial_reads_serve();
	return token->state == DDDK_TOKEN_FREE;
}

/* Of a line also how long the first one has waited, and what nobody has read. */
static inline void forget_serial(void)
{
	forget_requests();
	dddk_serial_more();
	while (forget_input())
		continue;
	forget_requests();
}

#endif
