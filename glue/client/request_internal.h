/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request_internal.h - what the files of the request client share.
 */
#ifndef GLUE_REQUEST_INTERNAL_H
#define GLUE_REQUEST_INTERNAL_H

#include <glue/request_client.h>

/* The server has gone or cannot be believed: every request ends, oldest
 * first. */
void glue_req_lose(struct glue_req_port *port, enum k_err status);

#endif
