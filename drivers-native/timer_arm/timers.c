/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timers.c - a row of clients, sorted by deadline.
 *
 * There are few timers, and most deadlines are far away: time-outs that never
 * pass. So a new one is put in from the far end, which takes fewer steps than
 * a heap would.
 */
#include "timers.h"

static struct {
	uint64_t deadline;
	uint64_t period; /* 0: once */
	uint32_t pid;
} timer[TIMERS_MAX];

static uint8_t row[TIMERS_MAX]; /* clients, earliest deadline last */
static unsigned int waiting;	/* so many are in the row */

_Static_assert(TIMERS_MAX <= UINT8_MAX, "fits in the row");

static void take_out(unsigned int client)
{
	unsigned int at = 0;

	while (at < waiting && row[at] != client)
		at++;
	if (at == waiting)
		return;
	for (waiting--; at < waiting; at++)
		row[at] = row[at + 1];
}

/* Behind all that are due later, before those due at the same time: who came
 * first is woken first. */
static void put_in(unsigned int client)
{
	unsigned int at = 0, last;

	while (at < waiting && timer[row[at]].deadline > timer[client].deadline)
		at++;
	for (last = waiting++; last > at; last--)
		row[last] = row[last - 1];
	row[at] = (uint8_t)client;
}

void timers_set(unsigned int client, uint32_t pid, uint64_t deadline,
		uint64_t period)
{
	take_out(client);
	timer[client].pid = pid;
	timer[client].deadline = deadline;
	timer[client].period = period;
	if (deadline != 0)
		put_in(client);
}

/* The first step of the period that is not yet due; one that would come after
 * the end of all time never comes. Return: steps left out. */
static uint64_t set_next(unsigned int client, uint64_t now)
{
	uint64_t period = timer[client].period;
	uint64_t passed = now - timer[client].deadline;

	if (period == 0 || period > UINT64_MAX - now)
		return 0;
	timer[client].deadline += (passed / period + 1) * period;
	put_in(client);
	return passed / period;
}

uint64_t timers_expire(uint64_t now,
		       void (*due)(unsigned int client, uint32_t pid))
{
	uint64_t left_out = 0;

	/* Ends: what is put in again is due after now. */
	while (waiting != 0 && timer[row[waiting - 1]].deadline <= now) {
		unsigned int client = row[--waiting];

		left_out += set_next(client, now);
		due(client, timer[client].pid);
	}
	return left_out;
}

uint64_t timers_next(void)
{
	return waiting != 0 ? timer[row[waiting - 1]].deadline : 0;
}
