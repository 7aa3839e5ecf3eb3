/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - inject: puts one software fault into a process.
 *
 *	run inject PID KIND SEED
 *
 * KIND: a number of enum glue_fault_kind; shell: `fault PROCESS KIND SEED`. It
 * runs before all drivers (its priority), so the other does nothing while it is
 * being changed. Then it looks every millisecond whether the fault was met. An
 * instruction that is never run is as before when the next fault is put in, and
 * this program ends then. Exit status: enum k_err.
 */
#include <glue/broker_client.h>
#include <glue/find.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "../args.h"
#include "inject.h"

#define LOOK_NS	   1000000ul
#define TOOL_LOOKS 1000u /* a tool takes less than a millisecond */

/* A changed instruction may be run at any time, or never. */
static enum k_err watch(struct injection *in, enum glue_fault_kind kind)
{
	enum k_err err;

	for (unsigned int i = 0; kind <= GLUE_FAULT_BRANCH || i < TOOL_LOOKS;
	     i++) {
		glue_sleep(LOOK_NS);
		err = inject_met(in, kind);
		if (err != K_ERR_BUSY)
			return err;
	}
	return K_ERR_TIMEOUT;
}

int glue_program_main(const struct glue_env *env)
{
	static char label[GLUE_LABEL_BYTES];
	static struct injection in = {
		.label = label, .window = (uint32_t *)GLUE_VICTIM_VADDR
	};
	uint64_t pid = 0, number = 0;
	struct glue_process_info victim;
	char *word[ARGS_WORDS];
	enum glue_fault_kind kind;
	enum k_err err;

	args_cut(env, word);
	if (!glue_parse_u64(word[0], &pid) ||
	    !glue_parse_u64(word[1], &number) ||
	    !glue_parse_u64(word[2], &in.seed) || pid > UINT32_MAX ||
	    number == 0 || number >= GLUE_FAULT_KINDS)
		return K_ERR_INVALID;
	in.pid = (uint32_t)pid;
	kind = (enum glue_fault_kind)number;
	err = glue_process_find(in.pid, &victim);
	if (err)
		return (int)err;
	glue_process_label(&victim, label, sizeof(label));
	err = inject_begin(&in, kind);
	if (!err && inject_waits(kind))
		err = watch(&in, kind);
	return (int)err;
}
