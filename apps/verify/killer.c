/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * killer.c - killer: kills a service's driver at random times.
 *
 *	run killer SERVICE SEED COUNT MIN_US MAX_US CASE WHAT HOW
 *
 * COUNT times, MIN_US to MAX_US after it serves again, while `probe CASE SERVICE WHAT
 * HOW` uses the service. It runs before all drivers: a kill stops one at any of
 * its instructions, one time in eight also while it is starting. Exit status:
 * the probe's, or 1.
 */
#include <glue/broker_client.h>
#include <glue/find.h>
#include <glue/pattern.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "../args.h"
#include "verify.h"

#define US_NS	     1000ul
#define READY_NS     5000000000ul
#define LOOK_NS	     100000ul
#define EARLY_ONE_IN 8u /* kills need not wait until it serves */
#define ARGS_BYTES   64u
#define MISSES_MAX   1000u /* in a row: it is starting again, or never will */
#define WRONG	     1	   /* exit status */
#define USAGE	     2

enum { SERVICE, SEED, COUNT, MIN_US, MAX_US, CASE, WHAT, HOW };

enum k_err verify_kill(const char *service)
{
	struct glue_process_info driver;
	enum k_err err = glue_process_serving(service, &driver);

	return err ? err : glue_broker_kill(driver.pid);
}

static void ready_wait(const char *service)
{
	uint64_t end = glue_deadline_ns(READY_NS);
	struct glue_process_info driver;

	while (!glue_process_serving(service, &driver) &&
	       driver.state != GLUE_PROC_READY && glue_time_ticks() < end)
		glue_sleep(LOOK_NS);
}

static void kill_many(const char *service, const uint64_t *number)
{
	uint64_t range = number[MAX_US] - number[MIN_US] + 1, drawn = 0, us;
	unsigned int misses = 0, done = 0;

	while (done < number[COUNT] && misses < MISSES_MAX) {
		if (drawn % EARLY_ONE_IN)
			ready_wait(service);
		us = number[MIN_US] +
		     glue_pattern_word(number[SEED], drawn++) % range;
		glue_sleep(us * US_NS);
		misses = verify_kill(service) ? misses + 1 : 0;
		done += !misses;
	}
	glue_printf("%s: killed %u times\n", service, done);
}

int killer_main(void)
{
	char args[ARGS_BYTES], *word[ARGS_WORDS];
	uint64_t number[CASE] = { 0 };
	enum glue_process_state state;
	int64_t status = WRONG;
	uint32_t user;

	args_cut(glue_env(), word);
	for (unsigned int i = SEED; i < CASE; i++)
		glue_parse_u64(word[i], &number[i]);
	if (number[MAX_US] < number[MIN_US])
		return USAGE;
	glue_snprintf(args, sizeof(args), "%s %s %s %s", word[CASE],
		      word[SERVICE], word[WHAT], word[HOW]);
	if (glue_broker_run("probe", args, &user))
		return USAGE;
	kill_many(word[SERVICE], number);
	return glue_broker_wait(user, &state, &status) ||
			       state != GLUE_PROC_ENDED ?
		       WRONG :
		       (int)status;
}
