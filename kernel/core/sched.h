/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.h - which thread runs: 256 strict priorities, round robin inside one.
 *
 * The running thread is in no run queue. Rules: shared/abi.md section 14.
 */
#ifndef CORE_SCHED_H
#define CORE_SCHED_H

#include <object/tcb.h>

extern struct tcb *sched_current; /* vectors.S returns to this one */
extern struct tcb sched_idle;

/* sched_init - make the idle thread current; before the first thread. */
void sched_init(void);

/* sched_start - boot: make @tcb the thread to run first. */
void sched_start(struct tcb *tcb);

/* sched_wake - @tcb has become runnable: queue it or switch to it. */
void sched_wake(struct tcb *tcb);

/* sched_requeue_current - current goes to the tail of its queue (Yield). */
void sched_requeue_current(void);

/* sched_reconsider - a choice made so far may be wrong: choose anew. */
void sched_reconsider(void);

void sched_dequeue(struct tcb *tcb);

/* A run queue, for core/check.c. */
struct sched_queue {
	const struct tcb *head, *tail;
	bool ready;	 /* its bit */
	bool word_ready; /* the bit of the 64 queues it belongs to */
};

struct sched_queue sched_queue_at(unsigned int priority);

/* sched_set_priority - change it, moving queues as section 14 says. */
void sched_set_priority(struct tcb *tcb, unsigned int priority);

/* sched_tick - one timer tick has passed for the current thread. */
void sched_tick(void);

/* sched_turn_ticks - one more tick has found the current thread running. Return:
 * how many have, without that another thread has run in between. */
uint64_t sched_turn_ticks(void);

/* sched_run - last step of every kernel entry: settle sched_current. */
void sched_run(void);

#endif
