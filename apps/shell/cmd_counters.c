/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_counters.c - what a process has counted: losses, levels, missing functions.
 *
 * `dde stubs` shows of a Linux driver only the functions of Linux that are not
 * there and that it has called (dde-linux/emul/dde_missing.c counts them).
 */
#include <glue/broker_client.h>
#include <glue/counters.h>
#include <glue/string.h>

#include "command.h"
#include "console.h"
#include "process.h"

static const char *kind_name(uint32_t kind)
{
	static const char *const name[] = { "?", "events", "missing", "level" };

	return kind < sizeof(name) / sizeof(name[0]) ? name[kind] : "?";
}

/* Find a process whose counters are there: they end with it. */
static int counting_find(const char *word, struct glue_process_info *p)
{
	if (!process_find(word, p))
		return 0;
	if (p->state == GLUE_PROC_STARTING || p->state == GLUE_PROC_READY)
		return 1;
	console_printf("%s (pid %u) has ended, and its counters with it: what "
		       "it said is on the console\n",
		       p->name, p->pid);
	return 0;
}

/* counters: one line each, in the order in which the process has made them. */
void cmd_counters(int argc, char **argv)
{
	struct glue_process_info p;
	struct glue_counter c;
	unsigned i;

	(void)argc;
	if (!counting_find(argv[0], &p))
		return;
	for (i = 0; !glue_broker_counter(p.pid, i, &c); i++)
		console_printf("%-52s %12lu %s\n", c.name, c.value,
			       kind_name(c.kind));
	if (!i)
		console_printf("%s (pid %u) has counted nothing\n", p.name,
			       p.pid);
}

/* The one level that belongs to the stubs: how many were linked. */
static int is_stub_total(const struct glue_counter *c)
{
	return c->kind == GLUE_COUNTER_GAUGE &&
	       !strcmp(c->name, "functions missing");
}

/* dde stubs: a function a line, and at the end how many there are. */
void cmd_dde_stubs(int argc, char **argv)
{
	uint64_t missing = 0, called = 0;
	struct glue_process_info p;
	struct glue_counter c;
	unsigned i;

	(void)argc;
	if (!counting_find(argv[0], &p))
		return;
	if (p.kind != GLUE_KIND_DDE) {
		console_printf("%s (pid %u) is no Linux driver: \"ps\" shows "
			       "which are\n",
			       p.name, p.pid);
		return;
	}
	for (i = 0; !glue_broker_counter(p.pid, i, &c); i++) {
		if (is_stub_total(&c))
			missing = c.value;
		if (c.kind != GLUE_COUNTER_STUB)
			continue;
		console_printf("%-52s %12lu calls\n", c.name, c.value);
		called++;
	}
	console_printf("%s: %lu functions of Linux are missing, %lu of them "
		       "have been called\n",
		       p.name, missing, called);
}
