/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request.h - the form of requests in classes whose requests are small or rare.
 *
 * Serial lines, random numbers, clocks, GPIO, input and the IP stack share it;
 * each has a header of its own that names operations, info and limits. A
 * channel's rings hold these entries; bytes that belong to a request lie in the
 * lent region at `offset`. Answers may come in any order: a request that waits
 * for something (input, an alarm) stays open while others are answered. Ring
 * rules: glue/ring.h. Server: dddk/request_service.h. Client: request_client.h.
 */
#ifndef GLUE_REQUEST_H
#define GLUE_REQUEST_H

#include <stdint.h>

#define GLUE_REQ_DEPTH	  32u /* entries in each ring */
/* Requests that a client may have open beside INFO and CANCEL; one more is
 * answered with K_ERR_BUSY. The ring always has room for a CANCEL then. */
#define GLUE_REQ_OPEN_MAX 8u

/* Operations of every class; a class's own begin at GLUE_REQ_CLASS. */
#define GLUE_REQ_INFO	0u /* the class's info structure into the data */
/* arg: tag; that request ends soon, with K_ERR_GONE or as it ends anyway.
 * K_ERR_NOTFOUND: it has ended already */
#define GLUE_REQ_CANCEL 1u
#define GLUE_REQ_CLASS	16u

/*
 * What must not be done twice, such as sending bytes over a line: before the
 * server does it, it writes to glue_ring_side.begun which request it is and how
 * many of its bytes will then be done, (uint64_t)tag << 32 | bytes. It does
 * requests of that operation in the order in which they were submitted. When it
 * has died, the client library asks its next life for the rest only.
 */

/* Submission entry, 32 bytes. Written by the client only. */
struct glue_req_sqe {
	uint16_t op;
	uint16_t flags;	 /* the operation's own; else 0 */
	uint32_t tag;	 /* the client's own, returned unchanged */
	uint64_t arg;	 /* the operation's own; else 0 */
	uint64_t offset; /* of the data in the lent region */
	uint32_t bytes;	 /* of the data, there or room for it */
	uint32_t rsvd;	 /* 0 */
};

/* Completion entry, 16 bytes. Written by the server only. */
struct glue_req_cqe {
	uint32_t tag;
	uint32_t status; /* enum k_err */
	uint64_t value;	 /* bytes moved, or what the operation says */
};

_Static_assert(sizeof(struct glue_req_sqe) == 32, "ring entry");
_Static_assert(sizeof(struct glue_req_cqe) == 16, "ring entry");

#endif
