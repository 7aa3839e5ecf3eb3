/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ring.c - the slow halves of the rings: attach, and checking the peer's index.
 *
 * Layout, trust and memory order are argued at the top of glue/ring.h.
 */
#include <glue/ring_ops.h>

static int is_power_of_two(uint32_t value)
{
	return value != 0 && (value & (value - 1)) == 0;
}

uint64_t glue_ring_bytes(const struct glue_ring_shape *shape)
{
	if (!is_power_of_two(shape->depth) || shape->depth < 2 ||
	    shape->depth > GLUE_RING_DEPTH_MAX)
		return 0;
	if (shape->sqe_bytes == 0 || shape->sqe_bytes % 8 ||
	    shape->cqe_bytes == 0 || shape->cqe_bytes % 8)
		return 0;
	return GLUE_RING_HEADER_BYTES +
	       (uint64_t)shape->depth * shape->sqe_bytes +
	       (uint64_t)shape->depth * shape->cqe_bytes;
}

enum k_err glue_ring_attach(struct glue_ring_ends *ends, void *memory,
			    uint64_t bytes, const struct glue_ring_shape *shape,
			    int server)
{
	uint64_t needed = glue_ring_bytes(shape);
	struct glue_ring_side *side = memory;
	struct glue_ring_side *mine = &side[server ? 1 : 0];
	struct glue_ring_side *theirs = &side[server ? 0 : 1];
	uint8_t *sq = (uint8_t *)memory + GLUE_RING_HEADER_BYTES;
	uint8_t *cq = sq + (size_t)shape->depth * shape->sqe_bytes;

	if (needed == 0 || needed > bytes)
		return K_ERR_INVALID;
	*ends = (struct glue_ring_ends){
		.tx = { .entries = server ? cq : sq,
			.mine = &mine->produced,
			.theirs = &theirs->consumed,
			.depth = shape->depth },
		.rx = { .entries = server ? sq : cq,
			.mine = &mine->consumed,
			.theirs = &theirs->produced,
			.depth = shape->depth },
		.sleep = { .mine = &mine->sleeping,
			   .theirs = &theirs->sleeping,
			   .count = 1 },
	};
	return K_OK;
}

uint32_t glue_ring_refresh_space(struct glue_ring_producer *tx)
{
	uint32_t consumed = __atomic_load_n(tx->theirs, __ATOMIC_ACQUIRE);

	/* Pairs with [B]. More than depth entries cannot be outstanding. */
	if (tx->broken || tx->next - consumed > tx->depth) {
		tx->broken = 1;
		tx->seen = tx->next - tx->depth;
		return 0;
	}
	tx->seen = consumed;
	return tx->depth - (tx->next - consumed);
}

uint32_t glue_ring_refresh_ready(struct glue_ring_consumer *rx)
{
	uint32_t produced = __atomic_load_n(rx->theirs, __ATOMIC_ACQUIRE);

	/* Pairs with [A]. A producer can never be more than depth ahead. */
	if (rx->broken || produced - rx->next > rx->depth) {
		rx->broken = 1;
		return 0;
	}
	rx->seen = produced;
	return produced - rx->next;
}
