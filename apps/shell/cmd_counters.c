/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_counters.c - what a process has counted: losses, levels, missing functions.
 */
#include <glue/broker_client.h>
#include <glue/counters.h>

#include "command.h"
#include "console.h"
#include "process.h"

static const char *kind_name(uint32_t kind)
{
	static const char *const name[] = { "?", "events", "missing", "level" };

	return kind < sizeof(name) / sizeof(name[0]) ? name[kind] : "?";
}

/* counters: one line each, in the order in which the process has made them. */
void cmd_counters(int argc, char **argv)
{
	struct glue_process_info p;
	struct glue_counter c;
	unsigned i;

	(void)argc;
	if (!process_find(argv[0], &p))
		return;
	for (i = 0; !glue_broker_counter(p.pid, i, &c); i++)
		console_printf("%-52s %12lu %s\n", c.name, c.value,
			       kind_name(c.kind));
	if (!i)
		console_printf("%s (pid %u) has counted nothing\n", p.name,
			       p.pid);
}
