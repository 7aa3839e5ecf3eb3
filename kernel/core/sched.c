/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.c - the scheduler: run queues, and the choice at the end of each entry.
 *
 * During a kernel entry nothing switches; operations only note what they
 * changed. `action` is the note: keep the current thread, prefer one woken
 * thread, or choose the best. sched_run() settles it once, as the last step.
 * A thread woken alone and better than the current one is switched to without
 * passing through a queue; that is the usual case of an IPC or a signal.
 *
 * Queues: one FIFO a priority, and two levels of bitmap to find the highest
 * non-empty one in constant time. Rules: shared/abi.md section 14.
 */
#include <core/arch.h>
#include <core/sched.h>
#include <core/thread.h>
#include <core/trace.h>
#include <object/asid.h>

#define TIME_SLICE_TICKS 5u
#define PRIORITIES	 256u
#define WORD_BITS	 64u

struct run_queue {
	struct tcb *head, *tail;
};

/* NULL: keep the current thread; CHOOSE: take the best; else this thread. */
static struct tcb *action;
#define CHOOSE ((struct tcb *)1)

static struct run_queue queues[PRIORITIES];
static uint64_t ready_words; /* bit w: ready[w] is not 0 */
static uint64_t ready[PRIORITIES / WORD_BITS];

struct tcb *sched_current;
struct tcb sched_idle;
static struct tcb *running;    /* whose registers and VSpace are loaded */
static uint64_t running_since; /* counter at the last switch */
static bool vspace_stale;      /* running's VSpace must be loaded anew */

static void queue_added(struct tcb *tcb)
{
	ready[tcb->priority / WORD_BITS] |= 1ull << tcb->priority % WORD_BITS;
	ready_words |= 1ull << tcb->priority / WORD_BITS;
	tcb->queued = 1;
}

static void enqueue_head(struct tcb *tcb)
{
	struct run_queue *queue = &queues[tcb->priority];

	if (tcb->queued)
		return;
	tcb->sched_prev = NULL;
	tcb->sched_next = queue->head;
	if (queue->head)
		queue->head->sched_prev = tcb;
	else
		queue->tail = tcb;
	queue->head = tcb;
	queue_added(tcb);
}

static void enqueue_tail(struct tcb *tcb)
{
	struct run_queue *queue = &queues[tcb->priority];

	if (tcb->queued)
		return;
	tcb->sched_next = NULL;
	tcb->sched_prev = queue->tail;
	if (queue->tail)
		queue->tail->sched_next = tcb;
	else
		queue->head = tcb;
	queue->tail = tcb;
	queue_added(tcb);
}

void sched_dequeue(struct tcb *tcb)
{
	struct run_queue *queue = &queues[tcb->priority];
	unsigned int word = tcb->priority / WORD_BITS;

	if (action == tcb)
		action = CHOOSE;
	if (!tcb->queued)
		return;
	if (tcb->sched_prev)
		tcb->sched_prev->sched_next = tcb->sched_next;
	else
		queue->head = tcb->sched_next;
	if (tcb->sched_next)
		tcb->sched_next->sched_prev = tcb->sched_prev;
	else
		queue->tail = tcb->sched_prev;
	tcb->queued = 0;
	if (queue->head)
		return;
	ready[word] &= ~(1ull << tcb->priority % WORD_BITS);
	if (!ready[word])
		ready_words &= ~(1ull << word);
}

/* Highest priority with a queued thread, or -1. */
static int best_ready(void)
{
	unsigned int word;

	if (!ready_words)
		return -1;
	word = WORD_BITS - 1 - __builtin_clzll(ready_words);
	return word * WORD_BITS + WORD_BITS - 1 - __builtin_clzll(ready[word]);
}

static struct tcb *take_best(void)
{
	int priority = best_ready();
	struct tcb *tcb;

	if (priority < 0)
		return &sched_idle;
	tcb = queues[priority].head;
	sched_dequeue(tcb);
	return tcb;
}

void sched_init(void)
{
	sched_idle.state = THREAD_IDLE;
	sched_current = &sched_idle;
	running = &sched_idle;
}

void sched_start(struct tcb *tcb)
{
	tcb->time_slice = TIME_SLICE_TICKS;
	action = tcb;
	sched_run();
}

void sched_reconsider(void)
{
	if (action && action != CHOOSE)
		enqueue_head(action);
	action = CHOOSE;
}

void sched_wake(struct tcb *tcb)
{
	if (tcb == sched_current)
		return;
	if (action) {
		sched_reconsider();
		enqueue_head(tcb);
	} else {
		action = tcb;
	}
}

void sched_requeue_current(void)
{
	enqueue_tail(sched_current);
	sched_reconsider();
}

void sched_set_priority(struct tcb *tcb, unsigned int priority)
{
	bool was_queued = tcb->queued;

	if (action == tcb)
		sched_reconsider();
	sched_dequeue(tcb);
	tcb->priority = priority;
	if (tcb == sched_current)
		sched_reconsider();
	else if (was_queued || thread_is_runnable(tcb))
		sched_wake(tcb);
}

void sched_tick(void)
{
	struct tcb *tcb = sched_current;

	if (tcb == &sched_idle)
		return;
	if (tcb->time_slice > 1) {
		tcb->time_slice--;
		return;
	}
	tcb->time_slice = TIME_SLICE_TICKS;
	sched_requeue_current();
}

void thread_set_state(struct tcb *tcb, enum thread_state state)
{
	tcb->state = state;
	if (tcb == sched_current && !action && !thread_is_runnable(tcb))
		action = CHOOSE;
}

/* The woken thread @tcb against the current one: who runs now? */
static struct tcb *settle_candidate(struct tcb *tcb, bool current_runnable)
{
	struct tcb *current = sched_current;
	bool above = current == &sched_idle ||
		     tcb->priority > current->priority;

	if (!above && (int)tcb->priority < best_ready()) {
		enqueue_head(tcb);
		return take_best();
	}
	if (current_runnable && tcb->priority == current->priority) {
		enqueue_tail(tcb);
		return take_best();
	}
	return tcb;
}

static struct tcb *choose(void)
{
	struct tcb *current = sched_current;
	bool runnable = thread_is_runnable(current);

	if (runnable)
		enqueue_head(current);
	if (action == CHOOSE)
		return take_best();
	return settle_candidate(action, runnable);
}

static void load_thread(struct tcb *tcb)
{
	struct cap vspace = tcb->slot[TCB_VSPACE].cap;
	uint64_t root = 0;
	uint64_t now = arch_counter();

	running->cpu_ticks += now - running_since;
	running_since = now;
	running = tcb;
	vspace_stale = false;
	trace(TRACE_SWITCH, (uintptr_t)tcb, 0);
	if (cap_is(vspace, ABI_CAP_VSPACE) &&
	    asid_find(cap_asid(vspace)) == cap_addr(vspace))
		root = cap_addr(vspace);
	arch_thread_switch(tcb, root, cap_asid(vspace));
}

void sched_vspace_changed(struct tcb *tcb)
{
	if (tcb == running)
		vspace_stale = true;
}

void sched_run(void)
{
	struct tcb *current;

	if (action) {
		current = choose();
		sched_dequeue(current);
		action = NULL;
		sched_current = current;
	}
	current = sched_current;
	if (current->state == THREAD_RESTART) {
		current->context.pc = current->context.fault_pc;
		current->state = THREAD_RUNNING;
	}
	if (current != running || vspace_stale)
		load_thread(current);
}

uint64_t sched_cpu_ticks(const struct tcb *tcb)
{
	if (tcb == running)
		return tcb->cpu_ticks + arch_counter() - running_since;
	return tcb->cpu_ticks;
}
