/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ring.h - request and completion rings between two processes that do not
 * trust each other.
 *
 * A channel's ring memory holds, for a depth of D (a power of two):
 *
 *     0    struct glue_ring_side of the client   (only the client writes it)
 *     64   struct glue_ring_side of the server   (only the server writes it)
 *     128  D submission entries                  (only the client writes them)
 *     ...  D completion entries                  (only the server writes them)
 *
 * Indices count entries since the start and wrap at 2^32. Each end keeps its
 * own indices in private memory and only publishes them, so a peer that writes
 * garbage cannot make this end touch memory outside of the ring. A peer index
 * that is more than D away marks this end `broken`: it then finds no entries
 * and no room, for ever, and its owner closes the channel (K_ERR_PROTOCOL).
 * Entries are copied before they are checked, as the peer may still write.
 *
 * Memory order. The pairs, by name:
 *  [A] producer fills entries, then publishes its index with release;
 *      consumer reads that index with acquire, then the entries.
 *  [B] consumer copies entries, then publishes its index with release;
 *      producer reads that index with acquire, then reuses the entries.
 *  [C] a side that wants to sleep writes its sleep word, fence, then looks at
 *      the ring once more; a side that has published an index, fence, then
 *      looks at the peer's sleep word. With both fences full (dmb ish) at
 *      least one of the two sees what the other wrote, so either the sleeper
 *      finds the entry or the publisher sends a signal. Without the fences a
 *      store may pass the later load on both sides, and the wake-up is lost.
 * A signal stays in the notification until waited for, so one sent between
 * the last look and the wait is not lost either. The sleep word is a fresh odd
 * number for each sleep: a publisher signals once per sleep, not per batch.
 * The operations: glue/ring_ops.h.
 */
#ifndef GLUE_RING_H
#define GLUE_RING_H

#include <stddef.h>
#include <stdint.h>
#include <glue/err.h>

struct glue_ring_side {
	uint32_t produced; /* entries this side has put into its ring */
	uint32_t consumed; /* entries it has taken from the other */
	uint32_t sleeping; /* 0 awake, else the number of this sleep */
	uint32_t rsvd;
	uint64_t begun; /* the server's, of small classes: glue/request.h */
	uint32_t rsvd2[10];
};
_Static_assert(sizeof(struct glue_ring_side) == 64, "own cache line");

#define GLUE_RING_HEADER_BYTES (2 * sizeof(struct glue_ring_side))
#define GLUE_RING_DEPTH_MAX    512u

/* Local ends. Shared words are reached only through the pointers. */
struct glue_ring_producer {
	uint8_t *entries;
	uint32_t *mine;		/* our published index */
	const uint32_t *theirs; /* the consumer's */
	uint32_t next;		/* where the next entry goes */
	uint32_t seen;		/* checked copy of *theirs */
	uint32_t published;	/* what *mine says */
	uint32_t depth;
	uint32_t broken;
};

struct glue_ring_consumer {
	const uint8_t *entries;
	uint32_t *mine;
	const uint32_t *theirs;
	uint32_t next; /* the entry taken next */
	uint32_t seen;
	uint32_t depth;
	uint32_t broken;
};

struct glue_ring_sleep {
	uint32_t *mine; /* our sleep word */
	const uint32_t *theirs;
	uint32_t count;	    /* odd; number of our last sleep */
	uint32_t signalled; /* the peer's sleep that we have ended */
};

struct glue_ring_ends {
	struct glue_ring_producer tx;
	struct glue_ring_consumer rx;
	struct glue_ring_sleep sleep;
};

struct glue_ring_shape {
	uint32_t depth;	    /* a power of two, 2..GLUE_RING_DEPTH_MAX */
	uint32_t sqe_bytes; /* multiples of 8 */
	uint32_t cqe_bytes;
};

/* Bytes of ring memory that a shape needs; 0 if the shape makes no sense. */
uint64_t glue_ring_bytes(const struct glue_ring_shape *shape);

/**
 * glue_ring_attach - make this process's end of a channel's rings.
 * @memory: ring memory, zeroed by the broker before either end attaches
 * @bytes:  its size
 * @server: 1: consumes submissions; 0: consumes completions
 *
 * Return: K_ERR_INVALID if the shape does not fit; @ends is then unchanged.
 */
enum k_err glue_ring_attach(struct glue_ring_ends *ends, void *memory,
			    uint64_t bytes, const struct glue_ring_shape *shape,
			    int server);

#endif
