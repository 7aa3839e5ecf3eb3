/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hold.h - what the service asks of the list of waiting requests.
 */
#ifndef DDDK_HOLD_H
#define DDDK_HOLD_H

#include <dddk/request_service.h>

/* Nobody waits for this request any more. */
void dddk_req_hold_cancel(uint32_t token);

#endif
