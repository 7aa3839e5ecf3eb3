/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wreck.c - a driver that serves nobody, and goes wrong as soon as it is traced.
 *
 * `wreck CASE ARGS` is ready at once and answers the broker's heartbeat. When
 * tracing begins it leaves a trace point and runs the case, which ends in a
 * fault. Cases of isolation.c are faults of memory and of capabilities; here are
 * those of single instructions.
 */
#include <glue/broker_client.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>
#include <glue/trace.h>

#include "probe.h"

#define LOOK_NS	   10000000u
#define TRACE_MARK 4711u

static void run_undefined(void)
{
	__asm__ volatile("udf #0");
}

static void run_breakpoint(void)
{
	__asm__ volatile("brk #1");
}

/* Masking interrupts is the kernel's. */
static void run_privileged(void)
{
	__asm__ volatile("msr daifset, #2");
}

/* Plain loads may be unaligned, exclusive ones may not. */
static void run_unaligned(void)
{
	static uint64_t words[2];
	uint32_t value;

	__asm__ volatile("ldxr %w0, [%1]"
			 : "=r"(value)
			 : "r"((char *)words + 1)
			 : "memory");
}

static const struct {
	const char *name;
	void (*run)(void);
} instructions[] = {
	{ "undefined", run_undefined },
	{ "breakpoint", run_breakpoint },
	{ "privileged", run_privileged },
	{ "unaligned", run_unaligned },
};

int probe_instruction(char *name, char *second, char *third)
{
	(void)second;
	(void)third;
	for (unsigned i = 0; i < sizeof(instructions) / sizeof(instructions[0]);
	     i++) {
		if (strcmp(name, instructions[i].name) != 0)
			continue;
		instructions[i].run();
		glue_printf("probe: ran an instruction: %s\n", name);
		return PROBE_BROKE;
	}
	return PROBE_USAGE;
}

int probe_wreck(char *name, char *first, char *second)
{
	const volatile struct glue_env *env = glue_env();
	enum k_err err = glue_broker_ready(K_OK);
	static char none[] = "";

	while (!err && !env->tracing) {
		glue_wait(glue_deadline_ns(LOOK_NS));
		glue_beat(0);
	}
	glue_trace_keep(GLUE_TRACE_DRIVER_WAKE, TRACE_MARK);
	return probe_run(name, first, second, none);
}
