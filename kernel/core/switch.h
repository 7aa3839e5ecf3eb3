/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * switch.h - the direct switch: from one thread to another without a choice.
 *
 * The general way (sched.c) notes what an operation changed and chooses at the
 * end of the kernel entry. Where the answer is known at once, fast paths use
 * these instead. They count on what holds at each kernel entry and is still
 * true when a fast path calls them: no note is taken (sched.action is NULL),
 * the current thread is the one that is loaded, and no ready thread has a
 * higher priority than it. So a fast path switches at most once and returns
 * without sched_run().
 */
#ifndef CORE_SWITCH_H
#define CORE_SWITCH_H

#include <core/arch.h>
#include <core/run_queue.h>
#include <core/trace.h>
#include <object/asid.h>

/*
 * Has the VSpace in a TCB's slot still the ASID that its capability says? An
 * ASID ends with the last capability to its VSpace, and the slot holds one, or
 * with its pool. So as long as no pool was ever deleted there is nothing to ask.
 */
static inline bool switch_asid_stands(struct cap vspace)
{
	return !asid_pool_lost ||
	       asid_find(cap_asid(vspace)) == cap_addr(vspace);
}

/* Load @to: account the time, then its VSpace if it has one. */
static inline void switch_load(struct tcb *to)
{
	struct cap vspace = to->slot[TCB_VSPACE].cap;
	struct tcb *from = sched.running;
	uint64_t now = arch_counter();
	uint64_t root = 0;

	from->cpu_ticks += now - sched.running_since;
	sched.running_since = now;
	sched.running = to;
	trace(TRACE_SWITCH, (uintptr_t)to, 0);
	if (cap_is(vspace, ABI_CAP_VSPACE) && switch_asid_stands(vspace))
		root = cap_addr(vspace);
	arch_thread_switch(from, to, root, cap_asid(vspace));
}

/* Run @to, which is in no queue and not in state Restart. */
static inline void switch_to(struct tcb *to)
{
	sched_current = to;
	switch_load(to);
}

/* sched_run(), if it has anything to do. */
static inline void switch_settle(void)
{
	if (sched.action || sched.vspace_stale ||
	    sched_current->state == THREAD_RESTART)
		sched_run();
}

/* When the current thread blocks: may @to run, being ready? Ready threads are
 * not above the current one, so most often two loads tell. */
static inline bool switch_allowed(const struct tcb *to)
{
	return to->priority >= sched_current->priority ||
	       (int)to->priority >= best_ready();
}

/* The current thread has blocked, or is queued: run the best ready one. */
void switch_away(void);

/* A thread has been woken: it runs at once, or is queued (abi.md 14). */
void switch_if_better(struct tcb *woken);

#endif
