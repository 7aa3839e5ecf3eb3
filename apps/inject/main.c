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
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "../args.h"
#include "inject.h"

#define LOOK_NS	   1000000ul
#define TOOL_LOOKS 1000u /* a tool takes less than a millisecond */

static void rest(void)
{
	uint64_t end = glue_deadline_ns(LOOK_NS);

	while (glue_time_ticks() < end)
		glue_wait(end);
}

/* "blk0/virtio_blk", as in the broker's messages. */
static enum k_err label_find(uint32_t pid, char *label, size_t bytes)
{
	struct glue_process_info p;

	for (unsigned int i = 0; !glue_broker_process(i, &p); i++) {
		if (p.pid != pid || p.kind == GLUE_KIND_BROKER)
			continue;
		glue_snprintf(label, bytes, "%s%s%s", p.service,
			      p.service[0] != '\0' ? "/" : "", p.name);
		return K_OK;
	}
	return K_ERR_NOTFOUND;
}

/* A changed instruction may be run at any time, or never. */
static enum k_err watch(struct injection *in, enum glue_fault_kind kind)
{
	enum k_err err;

	for (unsigned int i = 0; kind <= GLUE_FAULT_BRANCH || i < TOOL_LOOKS;
	     i++) {
		rest();
		err = inject_met(in, kind);
		if (err != K_ERR_BUSY)
			return err;
	}
	return K_ERR_TIMEOUT;
}

int glue_program_main(const struct glue_env *env)
{
	static char label[64];
	static struct injection in = {
		.label = label, .window = (uint32_t *)GLUE_VICTIM_VADDR
	};
	uint64_t pid = 0, number = 0;
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
	err = label_find(in.pid, label, sizeof(label));
	if (!err)
		err = inject_begin(&in, kind);
	if (!err && inject_waits(kind))
		err = watch(&in, kind);
	return (int)err;
}
