/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ring_ops.h - the fast path of the rings: put, publish, take, release, sleep.
 *
 * Inline, as a block request passes here eight times. Why each access has the
 * order it has is argued at the top of glue/ring.h; [A] [B] [C] name its pairs.
 */
#ifndef GLUE_RING_OPS_H
#define GLUE_RING_OPS_H

#include <stddef.h>
#include <stdint.h>
#include <glue/ring.h>

/* Slow halves: read the peer's index and check it. */
uint32_t glue_ring_refresh_space(struct glue_ring_producer *tx);
uint32_t glue_ring_refresh_ready(struct glue_ring_consumer *rx);

/* Entries that can be put now; looks at the peer only when none is known. */
static inline uint32_t glue_ring_space(struct glue_ring_producer *tx)
{
	uint32_t known = tx->depth - (tx->next - tx->seen);

	return known ? known : glue_ring_refresh_space(tx);
}

/* Where the next entry goes; call only while glue_ring_space() is not 0. The
 * memory is shared: write it, never read it back. Entries are 8-aligned. */
static inline void *glue_ring_slot(const struct glue_ring_producer *tx,
				   uint32_t entry_bytes)
{
	uint32_t index = tx->next & (tx->depth - 1);

	return __builtin_assume_aligned(tx->entries +
						(size_t)index * entry_bytes,
					8);
}

/* A server's word about what it has begun (glue/request.h). It is written at
 * once and before that is done, so that its death cannot part the two. */
static inline void glue_ring_begin(const struct glue_ring_producer *tx,
				   uint64_t what)
{
	struct glue_ring_side *mine = (struct glue_ring_side *)tx->mine;

	__atomic_store_n(&mine->begun, what, __ATOMIC_RELAXED);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* That word, as the client sees it; 0: none yet. */
static inline uint64_t glue_ring_begun(const struct glue_ring_consumer *rx)
{
	const struct glue_ring_side *theirs =
		(const struct glue_ring_side *)rx->theirs;

	return __atomic_load_n(&theirs->begun, __ATOMIC_RELAXED);
}

/* The slot has been filled. Nobody sees it before glue_ring_publish. */
static inline void glue_ring_push(struct glue_ring_producer *tx)
{
	tx->next++;
}

/* What has been pushed becomes visible; once per batch. */
static inline void glue_ring_publish(struct glue_ring_producer *tx)
{
	tx->published = tx->next;
	__atomic_store_n(tx->mine, tx->next, __ATOMIC_RELEASE); /* [A] */
}

/* Entries that can be taken now; looks at the peer only when none is known. */
static inline uint32_t glue_ring_ready(struct glue_ring_consumer *rx)
{
	uint32_t known = rx->seen - rx->next;

	return known ? known : glue_ring_refresh_ready(rx);
}

/* Copy the next entry to private, 8-aligned memory without taking it; call
 * only while glue_ring_ready() is not 0. */
static inline void glue_ring_peek(const struct glue_ring_consumer *rx,
				  void *dst, uint32_t entry_bytes)
{
	uint32_t index = rx->next & (rx->depth - 1);
	const void *entry = rx->entries + (size_t)index * entry_bytes;

	/* Alignment is told, or the copy would be a call of memcpy. */
	__builtin_memcpy(__builtin_assume_aligned(dst, 8),
			 __builtin_assume_aligned(entry, 8), entry_bytes);
	/* The copy is made here and once: no check may read shared memory. */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* The peeked entry is taken. Its place is the producer's after a release. */
static inline void glue_ring_pop(struct glue_ring_consumer *rx)
{
	rx->next++;
}

/* Give the popped entries back to the producer; once per batch. */
static inline void glue_ring_release(struct glue_ring_consumer *rx)
{
	__atomic_store_n(rx->mine, rx->next, __ATOMIC_RELEASE); /* [B] */
}

/* Say that this side will sleep. Look at the ring once more before waiting. */
static inline void glue_ring_sleep_begin(struct glue_ring_sleep *sleep)
{
	sleep->count += 2;
	__atomic_store_n(sleep->mine, sleep->count, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST); /* [C] with peer_sleeps */
}

/* This side is awake: it need not be signalled. */
static inline void glue_ring_sleep_end(struct glue_ring_sleep *sleep)
{
	__atomic_store_n(sleep->mine, 0, __ATOMIC_RELAXED);
}

/* After publishing: 1 if the peer sleeps and must be signalled now. */
static inline int glue_ring_peer_sleeps(struct glue_ring_sleep *sleep)
{
	uint32_t word;

	__atomic_thread_fence(__ATOMIC_SEQ_CST); /* [C] with sleep_begin */
	word = __atomic_load_n(sleep->theirs, __ATOMIC_RELAXED);
	if (word == 0 || word == sleep->signalled)
		return 0;
	sleep->signalled = word;
	return 1;
}

#endif
