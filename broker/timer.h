/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.h - the deadlines of processes and of calls that wait, on one hardware
 * timer.
 */
#ifndef BROKER_TIMER_H
#define BROKER_TIMER_H

#include "process.h"

/* Route the timer's interrupt to a notification of the broker. */
enum k_err broker_timer_init(uint32_t notification);

/**
 * broker_timer_set - signal GLUE_EVENT_TIMER to a process at a deadline.
 * @deadline: CNTVCT_EL0 ticks; 0: never. Replaces an earlier deadline.
 */
void broker_timer_set(struct broker_process *process, uint64_t deadline);

/* Expire what is due, and set the timer to what is left. */
void broker_timer_update(void);

/* The hardware timer has fired. */
void broker_timer_interrupt(void);

#endif
