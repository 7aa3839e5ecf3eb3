/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pace.c - pace: what kills cost in requests, window by window.
 *
 *	run pace DISK SEED WINDOWS MS WITNESS
 *
 * Starts verify on the disk and witness on the other one, which go on over all
 * windows of MS milliseconds; the witness rests after each answer, as two that
 * want all of the processor would share it by chance. At the begin of each second
 * window the disk's driver is killed. A line for each says what both clients have
 * done in it: in one boot, so that what a busy host takes away it takes from both
 * kinds of window.
 * Exit status: verify's, or 1. Read next: tests/fault/pace.py (the judge)
 */
#include <glue/broker_client.h>
#include <glue/find.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "../args.h"
#include "verify.h"

#define ARGS_BYTES 64u
#define MS_NS	   1000000ul
#define LOOK_NS	   1000000ul
#define BEGIN_NS   60000000000ul /* a client that takes longer never will */
#define REST_MS	   500ul	 /* of traffic after the last window */
#define WRONG	   1		 /* exit status */
#define USAGE	   2

enum { SERVICE, SEED, WINDOWS, MS, WITNESS };
enum { VICTIM, OTHER, CLIENTS };

static const char *victim;
static uint64_t number[WITNESS];
static uint32_t client[CLIENTS]; /* pids */

static uint64_t requests(unsigned int who)
{
	uint64_t done = 0;

	glue_counter_find(client[who], VERIFY_DONE, &done);
	return done;
}

static enum k_err start(unsigned int who, const char *program,
			const char *service, const char *manner)
{
	char args[ARGS_BYTES];

	glue_snprintf(args, sizeof(args), "%s %lu %lu %s", service,
		      number[SEED], number[WINDOWS] * number[MS] + REST_MS,
		      manner);
	return glue_broker_run(program, args, &client[who]);
}

/* Return: 0 if one of them has not begun. */
static int clients_begin(void)
{
	uint64_t end = glue_deadline_ns(BEGIN_NS);

	while ((!requests(VICTIM) || !requests(OTHER)) &&
	       glue_time_ticks() < end)
		glue_sleep(LOOK_NS);
	return requests(VICTIM) && requests(OTHER);
}

/* Return: 0 if the driver could not be killed. */
static int window_run(uint64_t n)
{
	uint64_t begin = glue_time_ticks(), done[CLIENTS];
	int killed = n % 2 != 0;
	enum k_err err = killed ? verify_kill(victim) : K_OK;

	for (unsigned int who = 0; who < CLIENTS; who++)
		done[who] = requests(who);
	glue_sleep(number[MS] * MS_NS);
	glue_printf("window %lu %s: %lu and %lu requests in %lu us: %s\n", n,
		    killed ? "killed" : "in peace",
		    requests(VICTIM) - done[VICTIM],
		    requests(OTHER) - done[OTHER],
		    glue_ticks_to_ns(glue_time_ticks() - begin) / 1000,
		    k_err_text(err));
	return !err;
}

int pace_main(void)
{
	char *word[ARGS_WORDS];
	enum glue_process_state state;
	int64_t status = WRONG;
	int lives;

	args_cut(glue_env(), word);
	victim = word[SERVICE];
	for (unsigned int i = SEED; i < WITNESS; i++)
		glue_parse_u64(word[i], &number[i]);
	if (!number[WINDOWS] || !number[MS]) {
		glue_printf("DISK SEED WINDOWS MS WITNESS: writes to both\n");
		return USAGE;
	}
	if (start(VICTIM, "verify", victim, "") ||
	    start(OTHER, "witness", word[WITNESS], "slow"))
		return USAGE;
	lives = clients_begin();
	for (uint64_t n = 0; lives && n < number[WINDOWS]; n++)
		lives = window_run(n);
	if (!lives || glue_broker_wait(client[OTHER], &state, &status) ||
	    glue_broker_wait(client[VICTIM], &state, &status) ||
	    state != GLUE_PROC_ENDED)
		return WRONG;
	return (int)status;
}
