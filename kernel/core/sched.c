/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.c - the scheduler: run queues, and the choice at the end of each entry.
 *
 * During a kernel entry nothing switches; operations only note what they
 * changed. `sched.action` is the note: keep the current thread, prefer one woken
 * thread, or choose the best. sched_run() settles it once, as the last step.
 * A thread woken alone and better than the current one is switched to without
 * passing through a queue; that is the usual case of an IPC or a signal.
 *
 * Queues: run_queue.h. Where the choice is known at once, fast paths switch by
 * themselves: switch.h. Rules: shared/abi.md section 14.
 */
#include <core/arch.h>
#include <core/switch.h>
#include <core/thread.h>

#define TIME_SLICE_TICKS 5u

struct sched sched;
struct tcb *sched_current;
struct tcb sched_idle;

static void enqueue_head(struct tcb *tcb)
{
	if (!tcb->queued)
		queue_add_head(tcb);
}

static void enqueue_tail(struct tcb *tcb)
{
	if (!tcb->queued)
		queue_add_tail(tcb);
}

void sched_dequeue(struct tcb *tcb)
{
	struct run_queue *queue = &sched.queues[tcb->priority];

	if (sched.action == tcb)
		sched.action = SCHED_CHOOSE;
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
	if (!queue->head)
		ready_clear(tcb->priority);
}

static struct tcb *take_best(void)
{
	int priority = best_ready();

	if (priority < 0)
		return &sched_idle;
	return queue_take_head((unsigned int)priority);
}

void sched_init(void)
{
	sched_idle.state = THREAD_IDLE;
	sched_current = &sched_idle;
	sched.running = &sched_idle;
}

void sched_start(struct tcb *tcb)
{
	tcb->time_slice = TIME_SLICE_TICKS;
	sched.action = tcb;
	sched_run();
}

void sched_reconsider(void)
{
	if (sched.action && sched.action != SCHED_CHOOSE)
		enqueue_head(sched.action);
	sched.action = SCHED_CHOOSE;
}

void sched_wake(struct tcb *tcb)
{
	if (tcb == sched_current)
		return;
	if (sched.action) {
		sched_reconsider();
		enqueue_head(tcb);
	} else {
		sched.action = tcb;
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

	if (sched.action == tcb)
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

/* A switch back to it is a new turn: the counter has gone on. */
uint64_t sched_turn_ticks(void)
{
	if (sched.turn != sched.running_since) {
		sched.turn = sched.running_since;
		sched.turn_ticks = 0;
	}
	return ++sched.turn_ticks;
}

void thread_set_state(struct tcb *tcb, enum thread_state state)
{
	tcb->state = state;
	if (tcb == sched_current && !sched.action && !thread_is_runnable(tcb))
		sched.action = SCHED_CHOOSE;
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
	if (sched.action == SCHED_CHOOSE)
		return take_best();
	return settle_candidate(sched.action, runnable);
}

void sched_vspace_changed(struct tcb *tcb)
{
	if (tcb == sched.running)
		sched.vspace_stale = true;
}

void sched_run(void)
{
	struct tcb *current;

	if (sched.action) {
		current = choose();
		sched_dequeue(current);
		sched.action = NULL;
		sched_current = current;
	}
	current = sched_current;
	if (current->state == THREAD_RESTART) {
		current->context.pc = current->context.fault_pc;
		current->state = THREAD_RUNNING;
	}
	if (current == sched.running && !sched.vspace_stale)
		return;
	sched.vspace_stale = false;
	switch_load(current);
}

uint64_t sched_cpu_ticks(const struct tcb *tcb)
{
	if (tcb == sched.running)
		return tcb->cpu_ticks + arch_counter() - sched.running_since;
	return tcb->cpu_ticks;
}

struct sched_queue sched_queue_at(unsigned int priority)
{
	unsigned int word = priority / WORD_BITS;

	return (struct sched_queue){
		.head = sched.queues[priority].head,
		.tail = sched.queues[priority].tail,
		.ready = sched.ready[word] >> priority % WORD_BITS & 1,
		.word_ready = sched.ready_words >> word & 1,
	};
}
