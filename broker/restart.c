/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * restart.c - crash loops: the longer, the slower, and not for ever.
 */
#include "restart.h"

#include "clock.h"
#include "log.h"
#include "timer.h"

#define DEATHS_MAX  8u
#define DEATHS_FREE 2u	 /* whose next life follows at once */
#define FIRST_PER_S 100u /* the first delay is a hundredth of a second */

int broker_restart_wanted(const struct broker_process *process,
			  enum glue_process_state state)
{
	return process->state != GLUE_PROC_STOPPING &&
	       process->program->class &&
	       process->program->start != BROKER_START_DEMAND &&
	       (state != GLUE_PROC_FAILED || process->restarts > 0);
}

static uint64_t delay_ticks(const struct broker_process *process)
{
	unsigned int deaths = process->deaths;

	if (deaths <= DEATHS_FREE || broker_timer_is(process->program))
		return 0;
	return (uint64_t)(broker_clock_hz() / FIRST_PER_S)
	       << (deaths - DEATHS_FREE - 1);
}

int broker_restart_plan(struct broker_process *process)
{
	uint64_t now = broker_clock_now();

	if (process->ready_at != 0 &&
	    now - process->ready_at > broker_clock_hz())
		process->deaths = 0;
	process->ready_at = 0;
	if (process->state != GLUE_PROC_KILLED &&
	    ++process->deaths > DEATHS_MAX) {
		broker_log(
			"%s has died %u times without a good second in between and is given up; its clients get an error",
			process->label, process->deaths);
		return 0;
	}
	process->restart_at = now + delay_ticks(process);
	return 1;
}
