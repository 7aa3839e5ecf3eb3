/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - the probe program: finds the case its arguments name and runs it.
 *
 * Read next: isolation.c, channel.c (the cases), tests/system (who asks).
 */
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "../args.h"
#include "probe.h"

/* The harmless case: ends with the status it is told. */
static int probe_exit(char *status, char *second, char *third)
{
	uint64_t value = 0;

	(void)second;
	(void)third;
	glue_parse_u64(status, &value);
	return (int)value;
}

/* Runs for ever, and asks nobody. */
static int probe_spin(char *first, char *second, char *third)
{
	volatile int on = 1;

	(void)first;
	(void)second;
	(void)third;
	while (on)
		;
	return 0;
}

static const struct {
	const char *name;
	probe_case run;
} cases[] = {
	{ "read", probe_read },	      { "write", probe_write },
	{ "jump", probe_jump },	      { "cap", probe_cap },
	{ "garbage", probe_garbage }, { "requests", probe_requests },
	{ "clients", probe_clients }, { "exit", probe_exit },
	{ "deaf", probe_deaf },	      { "flood", probe_flood },
	{ "halt", probe_halt },	      { "random", probe_random },
	{ "input", probe_input },     { "load", probe_load },
	{ "serial", probe_serial },   { "ticks", probe_ticks },
	{ "timers", probe_timers },   { "ask", probe_ask },
	{ "wreck", probe_wreck },     { "instruction", probe_instruction },
	{ "line", probe_line },	      { "alarms", probe_alarms },
	{ "words", probe_words },     { "clock", probe_clock },
	{ "pins", probe_pins },	      { "points", probe_points },
	{ "spin", probe_spin },
};

int probe_run(char *name, char *first, char *second, char *third)
{
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (!strcmp(name, cases[i].name))
			return cases[i].run(first, second, third);
	glue_printf("probe: no case \"%s\": apps/selftest/main.c lists them\n",
		    name);
	return PROBE_USAGE;
}

int glue_program_main(const struct glue_env *env)
{
	char *word[ARGS_WORDS];

	args_cut(env, word);
	return probe_run(word[0], word[1], word[2], word[3]);
}
