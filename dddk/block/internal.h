/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * internal.h - what the files of the block service share: clients and tokens.
 */
#ifndef DDDK_BLOCK_INTERNAL_H
#define DDDK_BLOCK_INTERNAL_H

#include <stdint.h>
#include <dddk/block_service.h>
#include <glue/env.h>
#include <glue/ring_ops.h>

enum client_state {
	CLIENT_NONE = 0,
	CLIENT_SERVING = 1,
	CLIENT_LEAVING = 2,    /* no more answers; its last requests end   */
};

/* One channel. Everything here is private to the driver's process. */
struct client {
	struct glue_ring_consumer rx;
	struct glue_ring_producer tx;
	uint8_t *data;         /* lent region; NULL while NONE             */
	uint64_t data_bus;
	uint64_t data_bytes;
	struct glue_ring_sleep sleep;
	uint32_t in_flight;    /* taken from the ring, not answered        */
	uint32_t generation;
	uint32_t state;
};

/* A request inside the driver. */
struct token {
	uint32_t tag;          /* the client's                             */
	uint32_t generation;   /* of the channel it came from              */
	uint16_t next_free;
	uint8_t chan;
	uint8_t state;         /* enum token_state                         */
};

enum token_state {
	TOKEN_FREE = 0,
	TOKEN_BUSY = 1,
	TOKEN_BUSY_FUA = 2,    /* a write that a flush must follow         */
	TOKEN_FLUSH_NEXT = 3,  /* that write has ended; flush not yet sent */
};

struct service {
	const struct dddk_block_ops *ops;
	void *drv;
	struct glue_block_info info;
	void (*on_region)(const struct dddk_block_region *region, int opened);

	uint32_t serving;      /* bit i: client i is CLIENT_SERVING        */
	uint32_t leaving;      /* bit i: client i is CLIENT_LEAVING        */
	uint32_t unseen;       /* bit i: answers not yet published         */
	uint32_t turn;         /* client that is served first              */
	uint32_t busy;         /* the driver or the tokens have no room    */
	uint32_t uncommitted;  /* submits since the last commit            */
	uint32_t in_flight;    /* tokens not free                          */
	uint32_t flushes_due;  /* tokens in TOKEN_FLUSH_NEXT               */
	uint16_t free_token;   /* head of the list of free tokens          */

	struct client client[GLUE_CHANS_MAX];
	struct token token[DDDK_BLOCK_TOKENS];
};

extern struct service dddk_block;

/* End of the list of free tokens. */
#define NO_TOKEN	0xffffu
_Static_assert(DDDK_BLOCK_TOKENS < NO_TOKEN, "list end is no token");

/* Room in the completion ring for one more than is in flight already? */
static inline int client_can_answer(struct client *client)
{
	struct glue_ring_producer *tx = &client->tx;

	if (tx->depth - (tx->next - tx->seen) > client->in_flight)
		return 1;
	return glue_ring_refresh_space(tx) > client->in_flight;
}

/* Compare the channel table with what is served: open, close. */
void dddk_block_update_clients(void);

/* Stop serving client @index; its requests inside the driver run on. */
void dddk_block_stop_client(unsigned int index);

/* Give back channels whose last request has ended. */
void dddk_block_release_clients(void);

/* The client's ring holds nonsense: say so once, and stop serving it. */
void dddk_block_break_client(unsigned int index);

#endif
