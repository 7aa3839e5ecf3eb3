/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tokens.c - tokens at the start, and drivers that name a wrong one.
 */
#include <dddk/log.h>

#include "tokens.h"

struct dddk_tokens dddk_tokens DDDK_TABLE(1);

void dddk_tokens_start(uint32_t count)
{
	dddk_tokens.free = DDDK_NO_TOKEN;
	dddk_tokens.count = (uint16_t)count;
	dddk_tokens.used = 0;
	dddk_tokens.in_flight = 0;
}

void dddk_token_stray(uint32_t number)
{
	dddk_log("completion of token %u, which is not in flight; dropped",
		 number);
}
