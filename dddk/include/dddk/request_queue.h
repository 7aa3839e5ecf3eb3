/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request_queue.h - requests that wait for their turn, oldest first.
 *
 * For drivers whose device does one thing after the other, or whose clients
 * wait for input in a row: a request that cannot be answered at once is put
 * into one of the driver's lines, and the driver works on the first of a line
 * until it ends it. There is room for all that clients may have open. Where
 * one place is enough: dddk_req_hold (dddk/request_service.h).
 *
 * Cancelling needs nothing of a driver that names dddk_req_queue_cancel in its
 * dddk_req_ops. A request that is cancelled leaves its line at once, the first too:
 * so a driver asks for the first anew whenever its device has done something, and
 * lets the device write into memory of its own (dddk/dma.h), never into a request's
 * data.
 */
#ifndef DDDK_REQUEST_QUEUE_H
#define DDDK_REQUEST_QUEUE_H

#include <dddk/request_service.h>

/* Let a request wait at the end of a line. @line: any number below 256 */
void dddk_req_queue(unsigned int line, const struct dddk_req *req);

/**
 * dddk_req_first - the oldest request of a line, NULL if nobody waits there.
 *
 * It is a copy: the driver may keep in it how far it has come (move data on,
 * count bytes down). Its place is good until the request ends.
 */
struct dddk_req *dddk_req_first(unsigned int line);

/* Complete the oldest request of a line, if anybody waits there. */
void dddk_req_first_end(unsigned int line, enum k_err status, uint64_t value);

/* For dddk_req_ops.cancel: whoever waits, in a line or a hold, is gone. */
void dddk_req_queue_cancel(void *drv, uint32_t token);

#endif
