/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_request.h - the request service below the class glue, made for checks.
 *
 * Hands requests in as dddk would and keeps what was answered. A token that is
 * answered twice, or without having been asked, fails the check.
 */
#ifndef FAKE_REQUEST_H
#define FAKE_REQUEST_H

#include <kit_request.h>

#define FAKE_OPEN 99 /* status of a request that has not been answered */

/* Of the class that was started last. */
extern const struct kit_req_ops *fake_req_ops;
extern enum kit_req_class fake_req_class;
extern char fake_req_info[128]; /* struct glue_*_info */

extern int fake_req_status[KIT_REQ_TOKENS];
extern unsigned long fake_req_value[KIT_REQ_TOKENS];
extern unsigned int fake_req_begun[KIT_REQ_TOKENS];

void fake_request(const struct kit_req *req);
void fake_req_cancel(unsigned int token);
/* Sleeps until it is answered, two seconds at most. Return: its status. */
int fake_req_wait(unsigned int token);

#endif
