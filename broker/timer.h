/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.h - the broker and the timer service: who has which capability, and the
 * broker's own deadlines.
 *
 * The service is the process whose manifest line says class=timer. The broker
 * is also its client, but one that never waits for it: glue/timer.h.
 */
#ifndef BROKER_TIMER_H
#define BROKER_TIMER_H

#include "process.h"

/**
 * broker_timer_init - before any process is made.
 * @endpoint: where the service receives; outlives each instance of it
 * @signal:   how it wakes the broker
 */
void broker_timer_init(uint32_t endpoint, uint32_t signal);

/* Does the program offer the timer service? */
int broker_timer_is(const struct broker_program *program);

/* Make a process a client of the service, or the service itself. */
enum k_err broker_timer_grant(struct broker_process *process);

/* The process has ended; it may be the service. */
void broker_timer_forget(const struct broker_process *process);

/* If it is the service that was started again: tell all clients that none of
 * their timers is set any more. */
void broker_timer_restarted(const struct broker_process *process);

/* Whom the service may signal by its client capability @index; 0: nobody, or
 * the process is not the service. */
uint32_t broker_timer_client(const struct broker_process *process,
			     unsigned int index);

/* Answer calls whose deadline has passed, and wait for the next one. */
void broker_timer_update(void);

/* Has the service let our deadline pass by a second? Then it is ended. */
void broker_timer_check(void);

/* The broker's deadline has passed. */
void broker_timer_interrupt(void);

#endif
