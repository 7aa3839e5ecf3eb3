/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tags.h - what the clients' requests are called in the rings, and their order.
 *
 * A request occupies a slot from submit to completion. Its tag is the slot's
 * number and, above that, a serial that changes with each use: an answer that
 * comes late or twice finds another tag in its slot. Serials grow with each
 * submit; as far fewer requests are in flight than a serial has numbers, the
 * sign of a difference tells which came first.
 */
#ifndef GLUE_TAGS_H
#define GLUE_TAGS_H

#include <stdint.h>

#define GLUE_TAG_BITS  8 /* for the slot */
#define GLUE_TAG_SLOTS (1u << GLUE_TAG_BITS)

static inline uint32_t glue_tag_slot(uint32_t tag)
{
	return tag & (GLUE_TAG_SLOTS - 1);
}

/* The name of a slot's next use. */
static inline uint32_t glue_tag_new(uint32_t *serial, uint32_t slot)
{
	return (*serial += GLUE_TAG_SLOTS) | slot;
}

/* A tag older than that of every request in flight. */
static inline uint32_t glue_tag_oldest(uint32_t serial)
{
	return serial - (1u << 30);
}

static inline int glue_tag_is_newer(uint32_t tag, uint32_t than)
{
	return (int32_t)(tag - than) > 0;
}

/* Of n slots, pointers to a type of request or NULL: the oldest request that is
 * newer than a tag, or NULL. A macro, for each class has a type of its own. */
#define GLUE_TAG_NEXT(type, slots, n, after)                                   \
	({                                                                     \
		type *next_ = 0;                                               \
		uint32_t i_;                                                   \
                                                                               \
		for (i_ = 0; i_ < (n); i_++) {                                 \
			type *one_ = (slots)[i_];                              \
                                                                               \
			if (one_ && glue_tag_is_newer(one_->tag, (after)) &&   \
			    (!next_ ||                                         \
			     glue_tag_is_newer(next_->tag, one_->tag)))        \
				next_ = one_;                                  \
		}                                                              \
		next_;                                                         \
	})

#endif
