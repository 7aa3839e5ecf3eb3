/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cycles.c - cycles: does a driver that comes and goes leave anything behind?
 *
 *	run cycles start PROGRAM N
 *	run cycles kill SERVICE N
 *
 * `start` runs a start=demand driver N times, waits until it serves, asks it to
 * stop and waits for its end. `kill` kills a service's driver N times and waits
 * until the next one serves. Free memory and the broker's free capability slots
 * are then what they were after the first WARM times, when the tables that
 * remember ended processes are full. Exit status 0 only if both are the same.
 */
#include <glue/broker_client.h>
#include <glue/find.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "../args.h"
#include "verify.h"

#define WARM	 16u
#define READY_NS 5000000000ul
#define LOOK_NS	 200000ul
#define FAILED	 1 /* exit status */
#define USAGE	 2

/* A life other than the old one. Return: 0 if it is not ready in time. */
static uint32_t ready_pid(const char *service, uint32_t old)
{
	uint64_t end = glue_deadline_ns(READY_NS);
	struct glue_service_info s;

	do {
		if (!glue_service_find(service, &s) &&
		    s.state == GLUE_PROC_READY && s.pid != old)
			return s.pid;
		glue_sleep(LOOK_NS);
	} while (glue_time_ticks() < end);
	return 0;
}

static enum k_err start_and_stop(const char *program)
{
	enum glue_process_state state = GLUE_PROC_STARTING;
	struct glue_process_info p;
	int64_t status = 0;
	uint32_t pid;
	enum k_err err = glue_broker_run(program, "", &pid);

	if (!err)
		err = glue_process_find(pid, &p);
	if (err)
		return err;
	if (!ready_pid(p.service, 0))
		return K_ERR_TIMEOUT;
	err = glue_broker_stop(pid);
	if (!err)
		err = glue_broker_wait(pid, &state, &status);
	return !err && (state != GLUE_PROC_ENDED || status) ? K_ERR_IO : err;
}

static enum k_err kill_and_wait(const char *service)
{
	uint32_t pid = ready_pid(service, 0);
	enum k_err err = pid ? glue_broker_kill(pid) : K_ERR_NOTFOUND;

	return !err && !ready_pid(service, pid) ? K_ERR_TIMEOUT : err;
}

static enum k_err many(enum k_err (*once)(const char *name), const char *name,
		       uint64_t n)
{
	enum k_err err = K_OK;

	for (; n && !err; n--)
		err = once(name);
	return err;
}

enum k_err verify_memory(struct glue_memory_info *m)
{
	enum k_err err = glue_broker_memory(m);

	if (!err)
		m->free_bytes -= m->promised_bytes;
	return err;
}

int verify_memory_same(const struct glue_memory_info *before,
		       const struct glue_memory_info *after)
{
	glue_printf("%lu bytes free, then %lu; %lu slots free, then %lu\n",
		    before->free_bytes, after->free_bytes, before->slots_free,
		    after->slots_free);
	return before->free_bytes == after->free_bytes &&
	       before->slots_free == after->slots_free;
}

int cycles_main(void)
{
	struct glue_memory_info before = { 0 }, after = { 0 };
	enum k_err (*once)(const char *name) = start_and_stop;
	char *word[ARGS_WORDS];
	enum k_err err;
	uint64_t n;

	args_cut(glue_env(), word);
	if (!glue_parse_u64(word[2], &n)) {
		glue_printf("start PROGRAM N, or kill SERVICE N\n");
		return USAGE;
	}
	if (!strcmp(word[0], "kill"))
		once = kill_and_wait;
	err = many(once, word[1], WARM);
	if (!err)
		err = verify_memory(&before);
	if (!err)
		err = many(once, word[1], n);
	if (!err)
		err = verify_memory(&after);
	glue_printf("%s %s %lu times: %s\n", word[0], word[1], n,
		    k_err_text(err));
	return verify_memory_same(&before, &after) && !err ? 0 : FAILED;
}
