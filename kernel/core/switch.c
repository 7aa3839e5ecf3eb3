/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * switch.c - direct switches that need a look at the run queues.
 *
 * Beside sched.c, because these are compiled for speed. What they count on:
 * switch.h.
 */
#include <core/switch.h>

void switch_away(void)
{
	struct tcb *next;

	if (!sched.ready_words) {
		switch_to(&sched_idle);
		return;
	}
	next = queue_take_head((unsigned int)best_ready());
	if (next->state == THREAD_RESTART) {
		next->context.pc = next->context.fault_pc;
		next->state = THREAD_RUNNING;
	}
	switch_to(next);
}

void switch_if_better(struct tcb *woken)
{
	struct tcb *current = sched_current;

	if (current == &sched_idle) {
		switch_to(woken);
	} else if (woken->priority > current->priority) {
		queue_add_head(current);
		switch_to(woken);
	} else if (woken->priority == current->priority) {
		queue_add_tail(woken);
	} else {
		queue_add_head(woken);
	}
}
