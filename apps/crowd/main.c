/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - crowd: what a request costs when so many clients make them.
 *
 *	run crowd SERVICE WHAT BYTES DEPTH CLIENTS MS
 *
 * The leader (crowd) starts CLIENTS processes (crowd_one), each of which does
 * WHAT without end and counts. Once all have begun it looks twice, MS apart, at
 * what they have done and at the CPU time of all processes but the broker and
 * itself, prints the quotient, and kills them: no start and no end is in the
 * figure. It runs before its clients, so that none of them moves while it looks.
 * Under `-icount shift=0` a nanosecond is an instruction (tests/bench/curves.py).
 */
#include <glue/broker_client.h>
#include <glue/find.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "../args.h"
#include "crowd.h"

#define CLIENTS_MAX GLUE_CHANS_MAX /* a driver's channels */
#define BYTES_MAX   (1u << 20)	   /* of a request */
#define DEPTH_MAX   128u	   /* a client's ring */
#define ARGS_BYTES  64u
#define MS_NS	    1000000ul
#define WARM_UP_NS  (2 * MS_NS)
#define USAGE	    2 /* exit status */
#define FAILED	    1

enum { SERVICE, WHAT, BYTES, DEPTH, CLIENTS, MS, WORDS };
/* A client's words: the same, but at CLIENTS its seed. */
enum { SEED = CLIENTS };

static uint32_t pids[CLIENTS_MAX];
static uint32_t n_clients;

struct look {
	uint64_t cpu_ticks;
	uint64_t done[CLIENTS_MAX];
};

/* --- one client -------------------------------------------------------------*/

enum k_err crowd_go_on(const struct crowd_work *work, enum k_err err,
		       uint64_t *deadline)
{
	static uint64_t moved;

	if (err != K_ERR_TIMEOUT || moved == *work->done)
		return err;
	moved = *work->done;
	*deadline = glue_deadline_ns(CROWD_PATIENCE_NS);
	return K_OK;
}

static int client_main(char **word, const uint64_t *number)
{
	struct crowd_work work = {
		.service = word[SERVICE],
		.what = word[WHAT],
		.bytes = (uint32_t)number[BYTES],
		.depth = (uint32_t)number[DEPTH],
		.seed = number[SEED],
		.done = glue_counter_add(GLUE_COUNTER_EVENT, CROWD_COUNTER),
	};
	int is_frame = !strcmp(work.what, "send") ||
		       !strcmp(work.what, "receive");
	enum k_err err = is_frame ? crowd_net(&work) : crowd_block(&work);

	glue_printf("%s: %s after %lu\n", work.service, k_err_text(err),
		    *work.done);
	return FAILED;
}

/* --- the leader -------------------------------------------------------------*/

static void look_at_all(struct look *look)
{
	struct glue_process_info p;
	unsigned int i;

	look->cpu_ticks = 0;
	for (i = 0; !glue_broker_process(i, &p); i++)
		if (p.cpu_ticks != ~0ul && p.kind != GLUE_KIND_BROKER &&
		    strcmp(p.name, glue_env()->name) != 0)
			look->cpu_ticks += p.cpu_ticks;
	for (i = 0; i < n_clients; i++) {
		look->done[i] = 0;
		glue_counter_find(pids[i], CROWD_COUNTER, &look->done[i]);
	}
}

/* Until each client has done something. */
static int all_begun(void)
{
	uint64_t end = glue_deadline_ns(CROWD_PATIENCE_NS), done;
	uint32_t i = 0;

	while (i < n_clients && glue_time_ticks() < end) {
		if (!glue_counter_find(pids[i], CROWD_COUNTER, &done) && done)
			i++;
		else
			glue_sleep(MS_NS);
	}
	return i == n_clients;
}

static int clients_start(char **word, uint32_t count)
{
	char args[ARGS_BYTES];
	enum k_err err;

	for (; n_clients < count; n_clients++) {
		glue_snprintf(args, sizeof(args), "%s %s %s %s %u",
			      word[SERVICE], word[WHAT], word[BYTES],
			      word[DEPTH], n_clients);
		err = glue_broker_run("crowd_one", args, &pids[n_clients]);
		if (err) {
			glue_printf("client %u of %u: %s\n", n_clients + 1,
				    count, k_err_text(err));
			return 0;
		}
	}
	return 1;
}

struct result {
	uint64_t sum, least, most; /* what clients have done */
};

static struct result compare(const struct look *first, const struct look *last)
{
	struct result r = { .least = ~0ul };
	uint32_t i;

	for (i = 0; i < n_clients; i++) {
		uint64_t done = last->done[i] - first->done[i];

		r.sum += done;
		r.least = done < r.least ? done : r.least;
		r.most = done > r.most ? done : r.most;
	}
	return r;
}

/* The least of any client and the most show whether all were served alike. */
static int measure(uint64_t window_ns)
{
	static struct look first, last;
	uint64_t end = glue_deadline_ns(CROWD_PATIENCE_NS);
	struct result r;

	look_at_all(&first);
	do {
		glue_sleep(window_ns);
		look_at_all(&last);
		r = compare(&first, &last);
	} while (r.least == 0 && glue_time_ticks() < end);
	if (r.least == 0) {
		glue_printf("a client of %u did nothing\n", n_clients);
		return FAILED;
	}
	glue_printf("%u clients, %lu done, %lu ns of CPU each, least %lu, "
		    "most %lu\n",
		    n_clients, r.sum,
		    glue_ticks_to_ns(last.cpu_ticks - first.cpu_ticks) / r.sum,
		    r.least, r.most);
	return 0;
}

static int leader_main(char **word, const uint64_t *number)
{
	int status = FAILED;
	uint32_t i;

	if (clients_start(word, (uint32_t)number[CLIENTS]) && all_begun()) {
		glue_sleep(WARM_UP_NS);
		status = measure(number[MS] * MS_NS);
	} else {
		glue_printf("not all of %u clients have begun\n", n_clients);
	}
	for (i = 0; i < n_clients; i++)
		glue_broker_kill(pids[i]);
	return status;
}

int glue_program_main(const struct glue_env *env)
{
	uint64_t number[WORDS] = { 0 };
	char *word[ARGS_WORDS];
	unsigned int i;

	args_cut(env, word);
	for (i = BYTES; i < WORDS; i++)
		glue_parse_u64(word[i], &number[i]);
	if (!number[BYTES] || !number[DEPTH] || number[BYTES] > BYTES_MAX ||
	    number[DEPTH] > DEPTH_MAX || number[CLIENTS] > CLIENTS_MAX) {
		glue_printf("SERVICE WHAT BYTES DEPTH CLIENTS MS, at most %u "
			    "clients\n",
			    CLIENTS_MAX);
		return USAGE;
	}
	return strcmp(env->name, "crowd") ? client_main(word, number) :
					    leader_main(word, number);
}
