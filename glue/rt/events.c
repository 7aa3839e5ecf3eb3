/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * events.c - waiting: one notification, many reasons, a deadline, a tick.
 *
 * Events that came while somebody waited for others are kept in `pending`.
 * The timer service holds one timer for a process; `armed` is when it is due.
 * It is set lazily: an earlier one that is still out is left alone, wakes us
 * too soon, and only then is the next one set. So a loop whose deadline moves
 * with every request sets it once per time-out period, not per request.
 */
#include <glue/rt.h>
#include <glue/sys.h>
#include <glue/timer.h>

static uint64_t pending;
static uint64_t armed; /* deadline at the timer service, 0 none */
static struct {
	uint64_t next;
	uint64_t period; /* 0: none; else armed is set, and not later */
} tick;

__attribute__((noinline)) void glue_timer_set(uint64_t deadline,
					      uint64_t period)
{
	struct glue_msg msg = {
		.info = abi_info(0, 0, GLUE_TIMER_WORDS),
		.mr = { deadline, period },
	};

	armed = deadline;
	glue_sys_send(GLUE_CAP_TIMER, &msg);
}

static uint64_t take(uint64_t mask)
{
	uint64_t got = pending & mask;

	pending &= ~got;
	return got;
}

void glue_tick_set(uint64_t first_ticks, uint64_t period_ticks)
{
	uint64_t least = glue_ns_to_ticks(GLUE_TIMER_PERIOD_MIN_NS);

	if (period_ticks != 0 && period_ticks < least)
		period_ticks = least;
	tick.next = first_ticks;
	tick.period = period_ticks;
	glue_timer_set(period_ticks != 0 ? first_ticks : 0, period_ticks);
}

/* The service goes on with the period by itself, unless an earlier deadline
 * has taken the tick's place, or the service has begun anew. */
static uint64_t tick_collect(uint64_t events)
{
	uint64_t now = glue_time_ticks();
	int due = now >= tick.next;
	int goes_on = due && armed == tick.next && !(events & GLUE_EVENT_UNSET);

	if (due)
		tick.next += ((now - tick.next) / tick.period + 1) *
			     tick.period;
	if (goes_on)
		armed = tick.next;
	else
		glue_timer_set(tick.next, tick.period);
	return due ? GLUE_EVENT_TICK : 0;
}

/* The timer's events only mean that nothing is armed any more. Apart, so that
 * other wake-ups save no registers for it. */
static __attribute__((noinline)) void collect_timer(uint64_t events)
{
	if (tick.period != 0)
		pending |= tick_collect(events);
	else
		armed = 0;
	pending |= events & ~(GLUE_EVENT_TIMER | GLUE_EVENT_UNSET);
}

static void collect(uint64_t events)
{
	if (events & (GLUE_EVENT_TIMER | GLUE_EVENT_UNSET))
		collect_timer(events);
	else
		pending |= events;
}

/* Make sure of a wake-up at the deadline; 0 if it has passed already. */
static int arm(uint64_t deadline_ticks)
{
	if (armed && armed <= deadline_ticks)
		return 1;
	if (glue_time_ticks() >= deadline_ticks)
		return 0;
	glue_timer_set(deadline_ticks, 0);
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

void glue_sleep(uint64_t ns)
{
	glue_wait_for(0, glue_deadline_ns(ns));
}

uint64_t glue_poll(uint64_t mask)
{
	collect(glue_sys_poll(GLUE_CAP_NOTIFY));
	return take(mask);
}
