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
	CLIENT_LEAVING = 2, /* no more answers; its last requests end */
};

/* One channel. Everything here is private to the driver's process. */
struct client {
	struct glue_ring_consumer rx;
	struct glue_ring_producer tx;
	uint8_t *data; /* lent region; NULL while NONE */
	uint64_t data_bus;
	uint64_t data_bytes;
	struct glue_ring_sleep sleep;
	uint32_t in_flight; /* taken from the ring, not answered */
	uint32_t generation;
	uint32_t state;
	uint32_t index; /* of the channel */
};

/* A request inside the driver. Its client's channel is still the same one, or
 * its state is TOKEN_ORPHAN. */
struct token {
	uint32_t tag; /* the client's */
	uint16_t next_free;
	uint8_t chan;
	uint8_t state; /* enum token_state */
};

enum token_state {
	TOKEN_FREE = 0,
	TOKEN_BUSY = 1,
	TOKEN_BUSY_FUA = 2,   /* a write that a flush must follow */
	TOKEN_FLUSH_NEXT = 3, /* that write has ended; flush not yet sent */
	TOKEN_ORPHAN = 4,     /* in the driver, but nobody waits for it */
};

struct service {
	const struct dddk_block_ops *ops;
	void *drv;
	struct glue_block_info info;
	void (*on_region)(const struct dddk_block_region *region, int opened);

	uint32_t serving;     /* bit i: client i is CLIENT_SERVING */
	uint32_t awake;	      /* bit i: its ring is to be looked at */
	uint32_t leaving;     /* bit i: client i is CLIENT_LEAVING */
	uint32_t unseen;      /* bit i: answers not yet published */
	uint32_t turn;	      /* client that is served first */
	uint32_t busy;	      /* the driver or the tokens have no room */
	uint32_t more;	      /* a batch was cut short: one more round */
	uint32_t uncommitted; /* submits since the last commit */
	uint32_t in_flight;   /* tokens not free */
	uint32_t flushes_due; /* tokens in TOKEN_FLUSH_NEXT */
	uint16_t free_token;  /* head of the list of free tokens */

	struct client client[GLUE_CHANS_MAX];
	struct token token[DDDK_BLOCK_TOKENS];
};

extern struct service dddk_block;

/* End of the list of free tokens. */
#define NO_TOKEN 0xffffu
_Static_assert(DDDK_BLOCK_TOKENS < NO_TOKEN, "list end is no token");

/*
 * How many requests of a client can be taken now: they are in the ring, and
 * the completion ring has room for their answers beside those of what is in
 * flight already. Both are looked up in shared memory only if need be.
 */
static inline uint32_t client_ready(struct client *client)
{
	struct glue_ring_producer *tx = &client->tx;
	uint32_t ready = glue_ring_ready(&client->rx);
	uint32_t room = tx->depth - (tx->next - tx->seen);

	if (ready == 0)
		return 0;
	if (room < client->in_flight + ready)
		room = glue_ring_refresh_space(tx);
	if (room <= client->in_flight)
		return 0;
	room -= client->in_flight;
	return ready < room ? ready : room;
}

/* Compare the channel table with what is served: open, close. */
void dddk_block_update_clients(void);

/* Nobody waits any more for what client @index has in the driver. */
void dddk_block_orphan_requests(unsigned int index);

/* Stop serving client @index; its requests inside the driver run on. */
void dddk_block_stop_client(unsigned int index);

/* Give back channels whose last request has ended. */
void dddk_block_release_clients(void);

/* The client's ring holds nonsense: say so once, and stop serving it. */
void dddk_block_break_client(unsigned int index);

#endif
