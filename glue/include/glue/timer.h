/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.h - the timer service: what a process, the broker and the service's
 * driver say to each other.
 *
 * Each process has one timer there. It sets it with one Send on GLUE_CAP_TIMER,
 * which has no answer, so that nobody waits for one from a service that has
 * ended; who sends just then is received by its successor. At the deadline the
 * service signals GLUE_EVENT_TIMER. The sender is known by its badge, which the
 * broker has put into its capability.
 * Read next: glue/rt/events.c (waiting), drivers-native/timer_arm/main.c
 */
#ifndef GLUE_TIMER_H
#define GLUE_TIMER_H

#include <stdint.h>
#include <glue/env.h>

/* Words of the message: deadline and period, in CNTVCT_EL0 ticks. */
#define GLUE_TIMER_WORDS 2

/* A shorter period is made so long: the interrupts of one client must not
 * take the processor from all others. */
#define GLUE_TIMER_PERIOD_MIN_NS 1000000ul

/**
 * glue_timer_set - set this process's timer; replaces what was set.
 * @deadline: when it is due; 0: never
 * @period:   from then on again and again, in steps from @deadline without
 *            drift, of which those that come too late are left out; 0: once
 *
 * For glue_wait and glue_tick_set, which share the one timer: programs use
 * these.
 */
void glue_timer_set(uint64_t deadline, uint64_t period);

/* --- between the broker and the service ----------------------------------- */

#define GLUE_TIMER_CLIENTS 64u /* entries of the broker's process table */

/* Badge of a client: which entry it has, and its pid, as entries are used
 * again. Signals of the service's own notification have another top bit. */
#define GLUE_TIMER_BADGE (1ul << 63)
#define GLUE_TIMER_CLIENT(index, pid)                                          \
	(GLUE_TIMER_BADGE | (uint64_t)(index) << 32 | (pid))
#define GLUE_TIMER_CLIENT_INDEX(badge)                                         \
	((unsigned int)((badge) >> 32) % GLUE_TIMER_CLIENTS)
#define GLUE_TIMER_CLIENT_PID(badge) ((uint32_t)(badge))

/* The service's own capabilities, beside those that all have. */
#define GLUE_CAP_TIMER_BROKER  9			/* signal the broker */
#define GLUE_CAP_TIMER_CLIENT0 (1u << GLUE_CSPACE_BITS) /* and client i: + i */
#define GLUE_TIMER_CSPACE_BITS (GLUE_CSPACE_BITS + 1)

/*
 * What the broker says to the service, at GLUE_CHANS_VADDR: it has no channels.
 * The broker never waits for a process, so its own deadline is a word here,
 * with GLUE_EVENT_CONTROL signalled when it has changed.
 */
struct glue_timer_page {
	uint64_t broker_deadline;	  /* 0 none */
	uint32_t pid[GLUE_TIMER_CLIENTS]; /* who may be signalled; 0 nobody */
};

_Static_assert(GLUE_TIMER_CLIENTS <= 1u << GLUE_CSPACE_BITS, "upper half");
_Static_assert(sizeof(struct glue_timer_page) <= sizeof(struct glue_chan_table),
	       "in its place");

#endif
