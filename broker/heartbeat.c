/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * heartbeat.c - a word that a service's loop has to copy, four times a second.
 *
 * Time is counted in looks, not on a clock: when the machine stood still, or
 * its host had no time for it, a look comes late and counts once, so that
 * nobody is ended who had no chance to answer. Who copies the word and else only
 * runs has not answered either.
 */
#include "supervisor.h"

#include <glue/sys.h>

#include "machine.h"
#include "process.h"

#define START_LOOKS 120u /* a probe that sleeps may take half a minute */

static uint64_t next_look, last_look;

void broker_heartbeat_init(void)
{
	next_look = last_look = 0;
}

/* Who serves through channels answers; the timer service is asked otherwise
 * (broker_timer_check). */
static int watched(const struct broker_process *p)
{
	return broker_process_alive(p) && p->program->class &&
	       p->program->class->depth != 0;
}

/* Who starts may wait for its device, but not turn in circles. */
static int is_late(struct broker_process *p)
{
	uint32_t look = BROKER_LOOK_MS;
	uint32_t most = (p->program->stall_ms + look - 1) / look + 1;

	if (p->state == GLUE_PROC_STARTING && p->busy <= most &&
	    most < START_LOOKS)
		most = START_LOOKS;
	return ++p->unanswered > most;
}

/* It ran for half of the time and no client was answered: it turns in circles,
 * or its device storms. A program that is no driver may have work of its own. */
static int is_busy_in_vain(struct broker_process *p, uint64_t ticks)
{
	uint64_t cpu = broker_process_cpu(p), served = p->counters->served;
	int vain = cpu - p->seen_cpu > ticks / 2 && served == p->seen_served &&
		   p->program->kind != GLUE_KIND_APP;

	p->seen_cpu = cpu;
	p->seen_served = served;
	p->busy = vain ? p->busy + 1 : 0;
	return vain;
}

/* Has it answered? Then it is asked again. */
static int answered(struct broker_process *p, uint64_t ticks)
{
	struct glue_env *env = &p->page->env;
	int in_vain = is_busy_in_vain(p, ticks);

	if (p->state != GLUE_PROC_READY ||
	    (uint32_t)__atomic_load_n(&p->counters->beat, __ATOMIC_RELAXED) !=
		    env->beat)
		return 0;
	__atomic_store_n(&env->beat, env->beat + 1, __ATOMIC_RELAXED);
	glue_sys_signal(p->notify_control);
	if (in_vain)
		return 0;
	p->unanswered = 0;
	return 1;
}

/* Ask all, and again in a while if there is anybody. Return: the highest priority
 * of who is silent. */
static uint32_t ask(uint64_t now)
{
	uint64_t ticks = now - last_look;
	uint32_t top = 0;

	last_look = now;
	next_look = 0;
	for (struct broker_process *p = NULL; (p = broker_process_next(p));) {
		if (!watched(p))
			continue;
		next_look = now +
			    (uint64_t)broker_clock_hz() * BROKER_LOOK_MS / 1000;
		p->silent = !answered(p, ticks);
		if (p->silent && p->program->priority > top)
			top = p->program->priority;
	}
	return top;
}

uint64_t broker_heartbeat(uint64_t now,
			  void (*hung)(struct broker_process *process))
{
	uint32_t top;

	if (next_look > now)
		return next_look;
	/* Whoever hangs is ended below, and that asks us again. */
	top = ask(now);
	for (struct broker_process *p = NULL; (p = broker_process_next(p));) {
		/* One that runs in circles keeps those below it from answering:
		 * they are not to blame. */
		if (watched(p) && p->silent && p->program->priority == top &&
		    is_late(p))
			hung(p);
	}
	return next_look;
}
