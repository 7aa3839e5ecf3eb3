/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run_queue.h - the scheduler's state, and the moves of a queue, inline.
 *
 * Only sched.c and switch.h include it. One FIFO a priority, and two levels of
 * bitmap to find the highest one that is not empty in constant time. All of it
 * is one struct, so that the compiler forms one address.
 */
#ifndef CORE_RUN_QUEUE_H
#define CORE_RUN_QUEUE_H

#include <core/sched.h>

#define PRIORITIES 256u
#define WORD_BITS  64u

struct run_queue {
	struct tcb *head, *tail;
};

struct sched {
	/* NULL: keep the current one; SCHED_CHOOSE: the best; else: this one */
	struct tcb *action;
	struct tcb *running;	/* whose registers and VSpace are loaded */
	uint64_t running_since; /* counter at the last switch */
	uint64_t turn;		/* the same, at the last tick */
	uint64_t turn_ticks;	/* that have found no switch in between */
	bool vspace_stale;	/* running's VSpace must be loaded anew */
	uint64_t ready_words;	/* bit w: ready[w] is not 0 */
	uint64_t ready[PRIORITIES / WORD_BITS];
	struct run_queue queues[PRIORITIES];
};

#define SCHED_CHOOSE ((struct tcb *)1)

extern struct sched sched;

static inline void ready_set(unsigned int priority)
{
	sched.ready[priority / WORD_BITS] |= 1ull << priority % WORD_BITS;
	sched.ready_words |= 1ull << priority / WORD_BITS;
}

static inline void ready_clear(unsigned int priority)
{
	unsigned int word = priority / WORD_BITS;

	sched.ready[word] &= ~(1ull << priority % WORD_BITS);
	if (!sched.ready[word])
		sched.ready_words &= ~(1ull << word);
}

/* Highest priority with a queued thread, or -1. */
static inline int best_ready(void)
{
	unsigned int word;

	if (!sched.ready_words)
		return -1;
	word = WORD_BITS - 1 - __builtin_clzll(sched.ready_words);
	return word * WORD_BITS + WORD_BITS - 1 -
	       __builtin_clzll(sched.ready[word]);
}

/* The thread is in no queue. */
static inline void queue_add_head(struct tcb *tcb)
{
	struct run_queue *queue = &sched.queues[tcb->priority];
	struct tcb *next = queue->head;

	tcb->sched_prev = NULL;
	tcb->sched_next = next;
	tcb->queued = 1;
	queue->head = tcb;
	if (next) {
		next->sched_prev = tcb;
	} else {
		queue->tail = tcb;
		ready_set(tcb->priority);
	}
}

/* The thread is in no queue. */
static inline void queue_add_tail(struct tcb *tcb)
{
	struct run_queue *queue = &sched.queues[tcb->priority];
	struct tcb *last = queue->tail;

	tcb->sched_next = NULL;
	tcb->sched_prev = last;
	tcb->queued = 1;
	queue->tail = tcb;
	if (last) {
		last->sched_next = tcb;
	} else {
		queue->head = tcb;
		ready_set(tcb->priority);
	}
}

/* Take the first thread of a queue that is not empty. */
static inline struct tcb *queue_take_head(unsigned int priority)
{
	struct run_queue *queue = &sched.queues[priority];
	struct tcb *tcb = queue->head;
	struct tcb *next = tcb->sched_next;

	tcb->queued = 0;
	queue->head = next;
	if (next) {
		next->sched_prev = NULL;
	} else {
		queue->tail = NULL;
		ready_clear(priority);
	}
	return tcb;
}

#endif
