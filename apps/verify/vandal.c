/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vandal.c - vandal: puts one fault after the other into a driver under traffic.
 *
 *	run vandal SERVICE SEED MS WITNESS CLIENT FIRST KINDS [PEER]
 *
 * Starts CLIENT: `verify` on a disk, `frames` between a card and its PEER, or `probe`
 * that says numbers over a serial line; and `witness` on a disk whose driver is left
 * alone. Until MS milliseconds have passed it makes cases: one fault, of the KINDS
 * kinds from FIRST on, of the kind and place that the case's seed draws (SEED, SEED +
 * 1, ...), and a while to see what comes of it. Each case begins with a new life
 * of the driver: one that has survived its fault is killed. Then the client looks
 * at everything once. A line for each case says how it ended; one that ends with
 * nobody served ends the run.
 * Read next: glue/fault.h (the kinds), tests/fault/inject.py (the judge)
 */
#include <glue/broker_client.h>
#include <glue/find.h>
#include <glue/pattern.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "../args.h"
#include "verify.h"

#define ARGS_BYTES 64u
#define MS_NS	   1000000ul
#define LOOK_NS	   100000ul
#define WATCH_NS   4000000ul	 /* a fault may take so long to show */
#define HANG_NS	   5000000000ul	 /* nobody notices any more */
#define BEGIN_NS   60000000000ul /* a client that takes longer never will */
#define CALM_US	   2000u	 /* at most, from one case to the next */
#define BUSY_TRIES 50u		 /* it waits for the broker, say */
#define FOREVER_MS 3600000ul	 /* they are killed at the end */
#define WRONG	   1		 /* exit status */
#define USAGE	   2

enum { SERVICE, SEED, MS, WITNESS, CLIENT, FIRST, KINDS, PEER };

static const char *victim;
static uint64_t number[PEER];
static uint32_t client;	 /* pid */
static uint32_t witness; /* pid */

/* Counters of the client, or of the witness. */
struct view {
	uint64_t done, wrong, errors, checked;
};

static void view_take(uint32_t pid, struct view *view)
{
	glue_counter_find(pid, VERIFY_DONE, &view->done);
	glue_counter_find(pid, VERIFY_WRONG, &view->wrong);
	glue_counter_find(pid, VERIFY_ERRORS, &view->errors);
	glue_counter_find(pid, VERIFY_CHECKED, &view->checked);
}

/* Return: 0 if the service is not up now. */
static uint32_t driver_pid(void)
{
	struct glue_service_info s;

	return glue_service_find(victim, &s) || s.state != GLUE_PROC_READY ?
		       0 :
		       s.pid;
}

/* Return: 0 if it still lives after so long. */
static int died_within(uint32_t pid, uint64_t ns)
{
	uint64_t end = glue_deadline_ns(ns);

	do
		glue_sleep(LOOK_NS); /* others have to work */
	while (driver_pid() == pid && glue_time_ticks() < end);
	return driver_pid() != pid;
}

static uint64_t client_done(void)
{
	struct view view = { 0 };

	view_take(client, &view);
	return view.done;
}

/* Return: 0 if it was not within HANG_NS. */
static int checked_after(const struct view *before, struct view *now)
{
	uint64_t end = glue_deadline_ns(HANG_NS);

	*now = *before;
	do {
		glue_sleep(LOOK_NS);
		view_take(client, now);
	} while (now->checked == before->checked && glue_time_ticks() < end);
	return now->checked != before->checked;
}

static enum k_err fault_put(uint32_t pid, enum glue_fault_kind kind,
			    uint64_t seed)
{
	unsigned int left = BUSY_TRIES;
	enum k_err err;

	while ((err = glue_broker_fault(pid, kind, seed)) == K_ERR_BUSY &&
	       --left)
		glue_sleep(LOOK_NS);
	return err;
}

/* What became of the driver. One that is stuck must be noticed, whatever else it
 * does. */
static const char *outcome(uint32_t pid, enum glue_fault_kind kind)
{
	uint64_t end = glue_deadline_ns(HANG_NS), done;

	if (kind >= GLUE_FAULT_HANG)
		return died_within(pid, HANG_NS) ? "noticed" : "unnoticed";
	if (died_within(pid, WATCH_NS))
		return "died";
	done = client_done();
	while (client_done() == done) {
		if (died_within(pid, LOOK_NS))
			return "hung";
		if (glue_time_ticks() >= end)
			return "mute";
	}
	return "lived";
}

/* Return: 0 if nobody is served any more. */
static int case_run(uint64_t seed)
{
	enum glue_fault_kind kind = (enum glue_fault_kind)(
		number[FIRST] + seed % number[KINDS]);
	uint64_t begin = glue_time_ticks();
	uint32_t pid = driver_pid();
	struct view before = { 0 }, now, other = { 0 };
	const char *end;
	enum k_err err;
	int served;

	view_take(client, &before);
	err = fault_put(pid, kind, seed);
	end = err ? k_err_text(err) : outcome(pid, kind);
	begin = glue_ticks_to_ns(glue_time_ticks() - begin) / MS_NS;
	if (driver_pid() == pid)
		glue_broker_kill(pid);
	served = checked_after(&before, &now);
	view_take(witness, &other);
	glue_printf("case %lu kind %u: %s in %lu ms; %lu wrong, %lu errors, "
		    "%s; witness %lu, %lu wrong, %lu errors\n",
		    seed, kind, end, begin, now.wrong - before.wrong,
		    now.errors - before.errors,
		    served ? "served" : "serves nobody", other.done,
		    other.wrong, other.errors);
	return served;
}

/* Return: 0 if nothing has begun. */
static int client_begins(void)
{
	uint64_t end = glue_deadline_ns(BEGIN_NS);

	while (!client_done() && glue_time_ticks() < end)
		glue_sleep(LOOK_NS);
	return client_done() != 0;
}

static int cases_run(uint64_t seed, uint64_t ms)
{
	uint64_t end = glue_deadline_ns(ms * MS_NS);
	int served = client_begins();

	for (; served && glue_time_ticks() < end; seed++) {
		glue_sleep(glue_pattern_word(~seed, 0) % CALM_US * 1000);
		served = case_run(seed);
	}
	return served;
}

static enum k_err start(const char *program, const char *service,
			const char *more, uint32_t *pid)
{
	char args[ARGS_BYTES];

	glue_snprintf(args, sizeof(args), "%s %lu %lu %s", service,
		      number[SEED], FOREVER_MS, more);
	if (!strcmp(program, "probe"))
		glue_snprintf(args, sizeof(args), "line %s drip", service);
	return glue_broker_run(program, args, pid);
}

int vandal_main(void)
{
	char *word[ARGS_WORDS];
	int served;

	args_cut(glue_env(), word);
	victim = word[SERVICE];
	for (unsigned int i = SEED; i < PEER; i++)
		glue_parse_u64(word[i], &number[i]);
	if (!number[MS] || !number[FIRST] || !number[KINDS]) {
		glue_printf("SERVICE SEED MS WITNESS CLIENT FIRST KINDS "
			    "[PEER]: breaks its driver\n");
		return USAGE;
	}
	if (start("witness", word[WITNESS], "slow", &witness) ||
	    start(word[CLIENT], victim,
		  word[PEER][0] != '\0' ? word[PEER] : "each", &client))
		return USAGE;
	served = cases_run(number[SEED], number[MS]);
	glue_broker_kill(client);
	glue_broker_kill(witness);
	return served ? 0 : WRONG;
}
