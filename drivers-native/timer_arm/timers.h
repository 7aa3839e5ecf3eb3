/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timers.h - who has to be woken when: one timer a client, the next one first.
 *
 * Knows no clock and no client: times are numbers that grow.
 */
#ifndef TIMER_ARM_TIMERS_H
#define TIMER_ARM_TIMERS_H

#include <stdint.h>
#include <glue/timer.h>

/* The broker has a timer too, behind those of the processes. */
#define TIMERS_BROKER GLUE_TIMER_CLIENTS
#define TIMERS_MAX    (GLUE_TIMER_CLIENTS + 1)

/**
 * timers_set - set a client's timer; replaces what was set.
 * @client:   0..TIMERS_BROKER
 * @pid:      given back when it is due
 * @deadline: 0: none
 * @period:   0: once
 */
void timers_set(unsigned int client, uint32_t pid, uint64_t deadline,
		uint64_t period);

/**
 * timers_expire - take out what is due, in the order of the deadlines.
 * @due: called for each; its client's next period, if it has one, is set
 *       already. May call timers_set.
 *
 * Return: periods that have been left out, as they had passed too.
 */
uint64_t timers_expire(uint64_t now,
		       void (*due)(unsigned int client, uint32_t pid));

/* The earliest deadline; 0 none. */
uint64_t timers_next(void);

#endif
