/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * restart.c - crash loops: the longer, the slower, and not for ever.
 */
#include "supervisor.h"

#include <glue/class.h>

#include "log.h"
#include "machine.h"
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

void broker_restart_judge(struct broker_process *process,
			  enum glue_process_state state, int32_t status)
{
	uint64_t lived = process->ended_at - process->ready_at;
	int hung = state == GLUE_PROC_ENDED && status == K_ERR_TIMEOUT;
	/* Who asks a disk is to hear soon; a wire or a source may be slow for
	 * as long as it likes. */
	int slow = hung && process->program->class->id != GLUE_CLASS_BLOCK;

	if (process->ready_at != 0 && lived > broker_clock_hz() &&
	    (slow || process->counters->served != 0 ||
	     broker_timer_is(process->program))) {
		process->deaths = 0;
		process->hung = 0;
	}
	if (state != GLUE_PROC_KILLED && !process->harmed)
		process->deaths += hung && process->hung ? DEATHS_MAX + 1 : 1;
	process->hung = (uint8_t)(hung && !slow && !process->harmed);
}

int broker_restart_plan(struct broker_process *process)
{
	if (process->deaths > DEATHS_MAX) {
		broker_log(
			"%s has died too often without having served anybody for a second, and is given up; its clients get an error",
			process->label);
		return 0;
	}
	process->restart_at = broker_clock_now() + delay_ticks(process);
	return 1;
}
