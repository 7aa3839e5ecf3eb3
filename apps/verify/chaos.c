/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * chaos.c - chaos: kills a driver at random times under verified traffic.
 *
 *	run chaos SERVICE SEED MS MIN_US MAX_US [PEER]
 *
 * Starts verify on the disk, or frames between the card and its PEER; MIN_US to
 * MAX_US after the driver has served again kills it again, until MS milliseconds
 * have passed. One kill in eight does not wait for that, so it hits a driver that
 * is starting. It runs before all drivers: a kill stops one at any of its
 * instructions. Each restart's time, from the kill to the first answer that verify
 * gets, or to a right frame each way, is printed; a driver that serves nobody any
 * more ends it. So is free memory after WARM kills, when the tables that remember
 * ended processes are full, and at the end: both times with a driver and its client
 * at work. Exit status: the client's, or 1.
 */
#include <glue/broker_client.h>
#include <glue/find.h>
#include <glue/pattern.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "../args.h"
#include "verify.h"

#define ARGS_BYTES   64u
#define SERVED_NS    5000000000ul /* a driver that takes longer has hung */
#define LOOK_NS	     200000ul
#define EARLY_US     3000ul /* the next kill, if it does not wait */
#define EARLY_ONE_IN 8u
#define REST_MS	     500ul	   /* of traffic after the last kill */
#define BEGIN_NS     60000000000ul /* a client that takes longer never will */
#define MS_NS	     1000000ul
#define US_NS	     1000ul
#define WARM	     16u
#define WRONG	     1 /* exit status */
#define USAGE	     2

enum { SERVICE, SEED, MS, MIN_US, MAX_US, PEER };

static const char *victim;
static uint64_t number[PEER];
static uint64_t drawn;
static uint64_t killed_at;
static uint32_t client; /* pid of verify, or frames */

static uint64_t draw(uint64_t from, uint64_t to)
{
	return from +
	       glue_pattern_word(~number[SEED], drawn++) % (to - from + 1);
}

/* When the client was first served by the driver's last life; 0: it has not
 * begun, or is gone. */
static uint64_t served_at(void)
{
	uint64_t at = 0;

	glue_counter_find(client, VERIFY_AT, &at);
	return at;
}

/* Return: 0 if it was not within SERVED_NS. */
static uint64_t served_again(void)
{
	uint64_t end = glue_deadline_ns(SERVED_NS), at;

	while ((at = served_at()) <= killed_at && glue_time_ticks() < end)
		glue_sleep(LOOK_NS);
	return at > killed_at ? at : 0;
}

/* Return: 0 if the driver did not come back. */
static int kill_once(unsigned int n)
{
	uint64_t at;
	enum k_err err;

	killed_at = glue_time_ticks();
	err = verify_kill(victim);
	if (err) {
		glue_printf("kill %u of %s: %s\n", n, victim, k_err_text(err));
		return err == K_ERR_GONE;
	}
	if (draw(0, EARLY_ONE_IN - 1) == 0) {
		glue_printf("kill %u of %s: the next one follows\n", n, victim);
		glue_sleep(draw(0, EARLY_US) * US_NS);
		return 1;
	}
	at = served_again();
	if (!at) {
		glue_printf("kill %u of %s: serves nobody\n", n, victim);
		return 0;
	}
	glue_printf("kill %u of %s: served after %lu us\n", n, victim,
		    glue_ticks_to_ns(at - killed_at) / US_NS);
	glue_sleep(draw(number[MIN_US], number[MAX_US]) * US_NS);
	return 1;
}

/* All memory that this takes is in use once the driver serves. */
static void memory_take(struct glue_memory_info *m)
{
	served_again();
	verify_memory(m);
}

static int kill_many(void)
{
	struct glue_memory_info before, after;
	uint64_t end = glue_deadline_ns(BEGIN_NS);
	unsigned int n = 0;
	int lives = 1;

	while (!served_at() && glue_time_ticks() < end)
		glue_sleep(LOOK_NS);
	end = glue_deadline_ns(number[MS] * MS_NS);
	glue_sleep(number[MIN_US] * US_NS);
	while (lives && glue_time_ticks() < end) {
		lives = kill_once(++n);
		if (n == WARM)
			memory_take(&before);
	}
	if (n <= WARM)
		return lives;
	memory_take(&after);
	return verify_memory_same(&before, &after) && lives;
}

int chaos_main(void)
{
	char args[ARGS_BYTES], *word[ARGS_WORDS];
	enum glue_process_state state;
	int64_t status = WRONG;

	args_cut(glue_env(), word);
	victim = word[SERVICE];
	for (unsigned int i = SEED; i < PEER; i++)
		glue_parse_u64(word[i], &number[i]);
	if (!number[MS] || number[MAX_US] < number[MIN_US]) {
		glue_printf("SERVICE SEED MS MIN_US MAX_US [PEER]: writes to "
			    "that disk\n");
		return USAGE;
	}
	glue_snprintf(args, sizeof(args), "%s %lu %lu %s", victim, number[SEED],
		      number[MS] + REST_MS, word[PEER]);
	if (glue_broker_run(word[PEER][0] ? "frames" : "verify", args, &client))
		return USAGE;
	if (!kill_many() || glue_broker_wait(client, &state, &status) ||
	    state != GLUE_PROC_ENDED)
		return WRONG;
	return (int)status;
}
