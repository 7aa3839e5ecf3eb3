/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signal.c - notifications: nobody waits, somebody better waits, ping-pong.
 */
#include "world.h"

static uint64_t there, back; /* notifications */
static volatile uint64_t stamp, total;

static void waiter(void)
{
	for (;;)
		wait(there);
}

/* Adds up the way from the signaller's stamp to here. */
static void timed_waiter(void)
{
	uint64_t now;

	for (;;) {
		wait(there);
		now = cycles();
		total += now - stamp;
	}
}

static void echo(void)
{
	for (;;) {
		wait(there);
		signal(back);
	}
}

/* The stamp costs the same with and without the signal: it is taken off. */
static void bench_one_way(void)
{
	uint64_t tcb = worker_start(timed_waiter, PRIORITY + 1, 0);
	uint64_t cap = there, empty = 0;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		stamp = cycles();
		empty += cycles() - stamp;
	}
	total = 0;
	for (i = 0; i < ROUNDS; i++) {
		stamp = cycles();
		signal(cap);
	}
	report("signal_to_waiter", (total - empty + ROUNDS / 2) / ROUNDS);
	worker_stop(tcb);
}

void bench_signal(void)
{
	uint64_t tcb, cap, cap_back;

	there = object_make(ABI_OBJ_NOTIFICATION, 0);
	back = object_make(ABI_OBJ_NOTIFICATION, 0);
	cap = there;
	cap_back = back;
	report("signal_no_waiter", MEASURE(signal(cap)));
	wait(cap);
	bench_one_way();
	tcb = worker_start(waiter, PRIORITY + 1, 0);
	report("signal_wait_switch_back", MEASURE(signal(cap)));
	worker_stop(tcb);
	tcb = worker_start(echo, PRIORITY, 0);
	report("notif_pingpong", MEASURE({
		       signal(cap);
		       wait(cap_back);
	       }));
	worker_stop(tcb);
}
