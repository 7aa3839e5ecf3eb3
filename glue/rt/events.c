/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * events.c - waiting: one notification, many reasons, and a deadline.
 *
 * Events that came while somebody waited for others are kept in `pending`.
 * The broker holds one deadline for a process; `armed` is what it holds. It is
 * armed lazily: an earlier one that is still out is left alone, wakes us too
 * soon, and only then is the next one set. So a loop whose deadline moves with
 * every request asks the broker once per time-out period, not per request.
 */
#include <glue/broker_client.h>
#include <glue/rt.h>
#include <glue/sys.h>

static uint64_t pending;
static uint64_t armed; /* deadline at the broker, 0 none */

static uint64_t take(uint64_t mask)
{
	uint64_t got = pending & mask;

	pending &= ~got;
	return got;
}

/* The timer's event only means that nothing is armed any more. */
static void collect(uint64_t events)
{
	if (events & GLUE_EVENT_TIMER) {
		armed = 0;
		events &= ~GLUE_EVENT_TIMER;
	}
	pending |= events;
}

/* Make sure of a wake-up at the deadline; 0 if it has passed already. */
static int arm(uint64_t deadline_ticks)
{
	if (armed && armed <= deadline_ticks)
		return 1;
	if (glue_time_ticks() >= deadline_ticks)
		return 0;
	armed = deadline_ticks;
	glue_broker_timer(deadline_ticks);
	return 1;
}

uint64_t glue_wait_for(uint64_t mask, uint64_t deadline_ticks)
{
	uint64_t got;

	for (;;) {
		got = take(mask);
		if (got)
			return got;
		if (deadline_ticks != GLUE_FOREVER && !arm(deadline_ticks)) {
			/* Events may have come together with the timer. */
			collect(glue_sys_poll(GLUE_CAP_NOTIFY));
			return take(mask);
		}
		collect(glue_sys_wait(GLUE_CAP_NOTIFY));
	}
}

uint64_t glue_wait(uint64_t deadline_ticks)
{
	return glue_wait_for(GLUE_ALL_EVENTS, deadline_ticks);
}

uint64_t glue_poll(uint64_t mask)
{
	collect(glue_sys_poll(GLUE_CAP_NOTIFY));
	return take(mask);
}
