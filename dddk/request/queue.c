/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * queue.c - lines of requests that wait inside a driver.
 *
 * All lines share one list in the order of arrival: few wait at a time, and
 * a cancelled request is found wherever it stands. A request's place in the
 * tables is its token, so there is always room.
 */
#include <stddef.h>
#include <dddk/request_queue.h>

#include "../channels/channels.h"
#include "hold.h"

/* What a link holds: the next request's token + 1; 0 ends the list. */
static uint16_t first, next[DDDK_REQ_TOKENS];
static uint8_t line_of[DDDK_REQ_TOKENS];
#define NEAR 16u /* so many wait without a page of their own */
static struct dddk_req near[NEAR], far[DDDK_REQ_TOKENS - NEAR] DDDK_TABLE(3);

static struct dddk_req *place_of(uint32_t token)
{
	return token < NEAR ? &near[token] : &far[token - NEAR];
}

static uint16_t *link_of_line(unsigned int line)
{
	uint16_t *link = &first;

	while (*link && line_of[*link - 1] != line)
		link = &next[*link - 1];
	return link;
}

static void end(uint16_t *link, enum k_err status, uint64_t value)
{
	uint32_t token = *link - 1u;

	*link = next[token];
	dddk_req_complete(token, status, value);
}

void dddk_req_queue(unsigned int line, const struct dddk_req *req)
{
	uint16_t *link = &first;

	while (*link)
		link = &next[*link - 1];
	*link = (uint16_t)(req->token + 1);
	next[req->token] = 0;
	line_of[req->token] = (uint8_t)line;
	*place_of(req->token) = *req;
}

struct dddk_req *dddk_req_first(unsigned int line)
{
	uint16_t found = *link_of_line(line);

	return found ? place_of(found - 1u) : NULL;
}

void dddk_req_first_end(unsigned int line, enum k_err status, uint64_t value)
{
	uint16_t *link = link_of_line(line);

	if (*link)
		end(link, status, value);
}

void dddk_req_queue_cancel(void *drv, uint32_t token)
{
	uint16_t *link = &first;

	(void)drv;
	while (*link && *link - 1u != token)
		link = &next[*link - 1];
	if (*link)
		end(link, K_ERR_GONE, 0);
	else
		dddk_req_hold_cancel(token);
}
