/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.c - from the first instruction to glue_program_main, and the end.
 *
 * Nothing is to be done for .bss and stack: the broker hands out zeroed memory.
 * There is no thread-local storage, as one process is one thread.
 */
#include <glue/broker_client.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/sys.h>

void glue_start(const struct glue_env *env) __attribute__((noreturn));

/* Status of a process that finds no valid env page; no main has run. */
#define EXIT_BAD_ENV 125

void glue_exit(int status)
{
	struct glue_msg msg = {
		.info = abi_info(GLUE_BROKER_EXIT, 0, 1),
		.mr = { (uint64_t)(int64_t)status },
	};

	glue_print_flush();
	glue_sys_call(GLUE_CAP_BROKER, &msg);
	/* The broker never answers; if it does, there is nothing to go on to. */
	for (;;)
		glue_sys_wait(GLUE_CAP_NOTIFY);
}

void glue_start(const struct glue_env *env)
{
	glue_sys_set_ipc_buffer((struct abi_ipc_buffer *)GLUE_IPCBUF_VADDR);
	if (env != glue_env() || env->magic != GLUE_ENV_MAGIC) {
		glue_printf("start: no env page at %p: broker and program "
			    "were built from different trees\n",
			    env);
		glue_exit(EXIT_BAD_ENV);
	}
	glue_print_set_sink(glue_broker_log);
	glue_exit(glue_program_main(env));
}
