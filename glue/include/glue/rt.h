/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rt.h - the run-time of every process: start, events, time.
 *
 * A program defines glue_program_main; glue/rt/entry.S calls it with the env
 * page, and its return value becomes the exit status. One process is one
 * thread, so nothing here takes a lock. Printing: glue/print.h.
 */
#ifndef GLUE_RT_H
#define GLUE_RT_H

#include <stdint.h>
#include <glue/env.h>
#include <glue/err.h>

/**
 * glue_program_main - where a program begins; each program defines it.
 * @env: what the broker granted, also reachable by glue_env()
 *
 * Return: the exit status that `ps` and GLUE_BROKER_WAIT show.
 */
int glue_program_main(const struct glue_env *env);

/* End this process; does not return. */
void glue_exit(int status) __attribute__((noreturn));

/* What the broker granted this process; never NULL. */
static inline const struct glue_env *glue_env(void)
{
	return (const struct glue_env *)GLUE_ENV_VADDR;
}

/* The broker writes the table at any time: read `state` with acquire. */
static inline const struct glue_chan *glue_chan(unsigned int index)
{
	return &((const struct glue_chan_table *)GLUE_CHANS_VADDR)->chan[index];
}

#define GLUE_FOREVER	0ul /* deadline that never comes */
#define GLUE_ALL_EVENTS (~0ul)

/**
 * glue_wait - sleep until an event of this process, or the deadline.
 * @deadline_ticks: absolute, in glue_time_ticks() units, or GLUE_FOREVER
 *
 * Announce on the rings that this side sleeps before calling (glue/ring.h),
 * or the peer will not signal. An event may prove stale: look at the rings.
 *
 * Return: GLUE_EVENT_* bits that have come, each reported once; 0 when the
 * deadline has passed. GLUE_EVENT_TIMER and GLUE_EVENT_UNSET never show: they
 * are the deadline's own.
 */
uint64_t glue_wait(uint64_t deadline_ticks);

/**
 * glue_wait_for - as glue_wait, but only the events in @mask end the sleep.
 *
 * Other events are kept for later calls, never lost.
 */
uint64_t glue_wait_for(uint64_t mask, uint64_t deadline_ticks);

/* Sleep for so long, whatever happens: events are kept for later calls. */
void glue_sleep(uint64_t ns);

/**
 * glue_poll - collect events in @mask without sleeping.
 */
uint64_t glue_poll(uint64_t mask);

#define GLUE_EVENT_TICK (1ul << 36) /* never signalled, made by glue/rt */

/**
 * glue_tick_set - let GLUE_EVENT_TICK come again and again.
 * @first_ticks:  the first one, in glue_time_ticks() units; not 0
 * @period_ticks: from one to the next, at least GLUE_TIMER_PERIOD_MIN_NS; 0: no
 *                more ticks
 *
 * Ticks do not drift. Those that nobody has waited for are one event. Deadlines
 * of glue_wait hold beside them.
 */
void glue_tick_set(uint64_t first_ticks, uint64_t period_ticks);

/* Counter ticks since the machine started; monotonic. glue_env()->counter_hz
 * of them make a second. */
uint64_t glue_time_ticks(void);

/* Conversions round down, and are exact for any 64-bit input that fits. */
uint64_t glue_ticks_to_ns(uint64_t ticks);
uint64_t glue_ns_to_ticks(uint64_t ns);

/* The tick @ns from now, to be used as a deadline. */
uint64_t glue_deadline_ns(uint64_t ns);

#endif
