/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counters.h - named counters of a process that others may look at.
 *
 * They lie behind the IPC buffer (GLUE_COUNTERS_VADDR), written by the process,
 * read by the broker for GLUE_BROKER_COUNTER: what was dropped, which missing Linux functions were
 * called. Whoever counts keeps the pointer; counting is one addition.
 */
#ifndef GLUE_COUNTERS_H
#define GLUE_COUNTERS_H

#include <stdint.h>

#define GLUE_COUNTERS_MAX 46u
#define GLUE_POINTS_MAX	  16u /* trace.h has fewer */

enum glue_counter_kind {
	GLUE_COUNTER_NONE = 0,
	GLUE_COUNTER_EVENT = 1, /* something worth knowing */
	GLUE_COUNTER_STUB = 2,	/* calls of a missing Linux function */
	GLUE_COUNTER_GAUGE = 3, /* a level, not a count */
};

struct glue_counter {
	uint64_t value;
	uint32_t kind; /* written last, with release */
	char name[52];
};

struct glue_counter_page {
	uint64_t lost;	   /* counters that found no room */
	uint64_t beat;	   /* env.beat, as last seen by the service's loop */
	uint64_t served;   /* answers that its clients have seen, about */
	uint64_t keepsake; /* glue_keepsake() */
	uint64_t rsvd[4];
	/* By trace point that is kept: the value it was last passed with. */
	uint32_t last[GLUE_POINTS_MAX];
	struct glue_counter counter[GLUE_COUNTERS_MAX];
};

#define GLUE_TRACE_NEVER UINT32_MAX /* it was not passed */

/* No trace point was passed. For the broker, before the process lives. */
static inline void glue_trace_begin(struct glue_counter_page *page)
{
	__builtin_memset(page->last, 0xff, sizeof(page->last));
}

/**
 * glue_counter_add - give a counter a name, or find the one that has it.
 * @name: copied, cut at 51 characters
 *
 * Return: where to count. Never NULL: when the page is full it is a place that
 * nobody reads, and `lost` grows.
 */
uint64_t *glue_counter_add(enum glue_counter_kind kind, const char *name);

/* A service's loop lives: tell the broker, which may have asked. @served: answers
 * since its start; one that has given none is not worth many starts. */
void glue_beat(uint64_t served);

/**
 * glue_keepsake - eight bytes that a driver's next life finds as they are left.
 *
 * For how its device is to be set up again. 0 in a first life; later whatever
 * a dying program may have made of it: check it. Return: never NULL.
 */
uint64_t *glue_keepsake(void);

_Static_assert(sizeof(struct glue_counter) == 64, "one cache line");
_Static_assert(sizeof(struct glue_counter_page) == 3072, "rest of a page");

#endif
