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

/* Of several the last. Return: 0 if there is none. */
static int process_last(int (*is)(const struct glue_process_info *p,
				  const char *word),
			const char *word, struct glue_process_info *info)
{
	struct glue_process_info p;
	int found = 0;

	for (unsigned i = 0; !glue_broker_process(i, &p); i++) {
		if (!is(&p, word) || (found && p.pid < info->pid))
			continue;
		*info = p;
		found = 1;
	}
	return found;
}

static int serves(const struct glue_process_info *p, const char *word)
{
	return p->service[0] && !strcmp(word, p->service);
}

static int is_called(const struct glue_process_info *p, const char *word)
{
	char pid[12];

	glue_snprintf(pid, sizeof(pid), "%u", p->pid);
	return !strcmp(word, pid) || !strcmp(word, p->name) || serves(p, word);
}

int process_serving(const char *service, struct glue_process_info *info)
{
	return process_last(serves, service, info);
}

int process_find(const char *word, struct glue_process_info *info)
{
	int found = process_last(is_called, word, info);

	if (!found)
		console_printf("no process \"%s\": \"ps\" lists pids, names "
			       "and services\n",
			       word);
	return found;
}
