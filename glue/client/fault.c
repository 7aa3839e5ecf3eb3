/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.c - a software fault in another process: apps/inject puts it there.
 */
#include <glue/broker_client.h>
#include <glue/find.h>
#include <glue/print.h>
#include <glue/rt.h>

/* How a program has ended; K_OK while it runs. */
static enum k_err ended_with(uint32_t pid)
{
	struct glue_process_info p;

	if (glue_process_find(pid, &p) || p.state == GLUE_PROC_READY)
		return K_OK;
	return p.state == GLUE_PROC_ENDED ? (enum k_err)p.status : K_ERR_GONE;
}

/* It runs before us until it rests. Then an instruction is changed, and it only
 * waits for that to be run; other faults are complete when it has ended. */
enum k_err glue_broker_fault(uint32_t pid, enum glue_fault_kind kind,
			     uint64_t seed)
{
	char args[64];
	enum glue_process_state state;
	int64_t status;
	uint32_t injector;
	enum k_err err;

	if (pid == glue_env()->pid)
		return K_ERR_INVALID;
	glue_snprintf(args, sizeof(args), "%u %u %lu", pid, kind,
		      (unsigned long)seed);
	err = glue_broker_run("inject", args, &injector);
	if (!err && kind > GLUE_FAULT_BRANCH)
		err = glue_broker_wait(injector, &state, &status);
	return err ? err : ended_with(injector);
}
