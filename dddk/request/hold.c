/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hold.c - requests that wait inside a driver, kept in the driver's own memory.
 *
 * A list of what waits, as long as the driver has places: what a client
 * cancels, or leaves behind, is found in it and ends without the driver.
 */
#include <stddef.h>

#include "hold.h"

static struct dddk_req_hold *first;

static struct dddk_req_hold **link_of(uint32_t token)
{
	struct dddk_req_hold **link = &first;

	while (*link && (*link)->req.token != token)
		link = &(*link)->next;
	return link;
}

static void end(struct dddk_req_hold **link, enum k_err status, uint64_t value)
{
	struct dddk_req_hold *hold = *link;

	*link = hold->next;
	hold->waits = 0;
	dddk_req_complete(hold->req.token, status, value);
}

int dddk_req_hold(struct dddk_req_hold *hold, const struct dddk_req *req)
{
	if (hold->waits) {
		dddk_req_complete(req->token, K_ERR_BUSY, 0);
		return 0;
	}
	hold->req = *req;
	hold->waits = 1;
	hold->next = first;
	first = hold;
	return 1;
}

void dddk_req_release(struct dddk_req_hold *hold, enum k_err status,
		      uint64_t value)
{
	if (hold->waits)
		end(link_of(hold->req.token), status, value);
}

void dddk_req_hold_cancel(uint32_t token)
{
	struct dddk_req_hold **link = link_of(token);

	if (*link)
		end(link, K_ERR_GONE, 0);
}
