/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.c - look processes up in the broker's list.
 */
#include "process.h"

#include <glue/broker_client.h>
#include <glue/print.h>
#include <glue/string.h>

#include "console.h"

const char *process_state_name(uint32_t state)
{
	static const char *const name[] = {
		[GLUE_PROC_STARTING] = "starting",
		[GLUE_PROC_READY] = "ready",
		[GLUE_PROC_ENDED] = "ended",
		[GLUE_PROC_FAULTED] = "faulted",
		[GLUE_PROC_FAILED] = "failed",
		[GLUE_PROC_KILLED] = "killed",
		[GLUE_PROC_WAITING] = "waiting",
		[GLUE_PROC_HUNG] = "hung",
		[GLUE_PROC_STOPPING] = "stopping",
	};

	return state < sizeof(name) / sizeof(name[0]) && name[state] ?
		       name[state] :
		       "?";
}

static int process_is(const struct glue_process_info *p, const char *word)
{
	char pid[12];

	glue_snprintf(pid, sizeof(pid), "%u", p->pid);
	return !strcmp(word, pid) || !strcmp(word, p->name) ||
	       (p->service[0] && !strcmp(word, p->service));
}

int process_find(const char *word, struct glue_process_info *info)
{
	struct glue_process_info p;
	int found = 0;

	for (unsigned i = 0; !glue_broker_process(i, &p); i++) {
		if (!process_is(&p, word) || (found && p.pid < info->pid))
			continue;
		*info = p;
		found = 1;
	}
	if (!found)
		console_printf("no process \"%s\": \"ps\" lists pids, names "
			       "and services\n",
			       word);
	return found;
}
