/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crowd.h - what the load programs share: the work, and who counts it.
 */
#ifndef CROWD_H
#define CROWD_H

#include <stdint.h>
#include <glue/err.h>

#define CROWD_COUNTER	  "crowd.done"
#define CROWD_PATIENCE_NS 20000000000ul /* only a fault takes that long */

/* What one client does over and over, with @depth in flight. */
struct crowd_work {
	const char *service;
	const char *what; /* read, write; send, receive */
	uint32_t bytes;	  /* of a request or frame */
	uint32_t depth;
	uint64_t seed;	/* another one in each client: places on a disk */
	uint64_t *done; /* the counter that the crowd's leader looks at */
};

/* A client's whole life, until it is killed. Return: what ended it early. */
enum k_err crowd_block(const struct crowd_work *work);
enum k_err crowd_net(const struct crowd_work *work);

/* After a wait: may it go on? Deadlines are renewed only when one has passed,
 * as making one costs as much as a tenth of a request. */
enum k_err crowd_go_on(const struct crowd_work *work, enum k_err err,
		       uint64_t *deadline);

#endif
