/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - greedy: a client that lends a service all the memory there is.
 *
 *	run greedy SERVICE LEAVE_KIB MS
 *
 * Opens channels until no more than LEAVE_KIB are free, or it gets no more, and
 * keeps them for MS milliseconds. With LEAVE_KIB 0 it asks again each
 * millisecond for whatever has become free: a stranger who is always quicker.
 */
#include <glue/broker_client.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "../args.h"

#define PAGE_BYTES 4096ul
#define LEND_BYTES (4ul << 20) /* the manifest's default for one channel */
#define KIB	   1024ul
#define MS_NS	   1000000ul
#define USAGE	   2 /* exit status */

static const char *service;
static uint64_t taken; /* bytes */
static unsigned int channels;

/* What is free, is promised to nobody, and shall not stay so. */
static uint64_t free_beyond(uint64_t leave)
{
	struct glue_memory_info info;

	if (glue_broker_memory(&info) ||
	    info.free_bytes < info.promised_bytes + leave)
		return 0;
	return info.free_bytes - info.promised_bytes - leave;
}

/* Return: why there is no more to be had. */
static enum k_err take_all(uint64_t leave)
{
	uint64_t most = LEND_BYTES;
	enum k_err err = K_OK;

	while (most >= PAGE_BYTES && (!err || err == K_ERR_NOMEM)) {
		uint64_t bytes = free_beyond(leave) & ~(PAGE_BYTES - 1);
		unsigned int chan;

		if (bytes == 0)
			return err;
		if (bytes > most)
			bytes = most;
		err = glue_broker_connect(service, bytes, &chan);
		if (err) {
			most = bytes / 2;
		} else {
			taken += bytes;
			channels++;
		}
	}
	return err;
}

static void hold(uint64_t leave, uint64_t ms)
{
	uint64_t end = glue_deadline_ns(ms * MS_NS);

	if (leave)
		glue_sleep(ms * MS_NS);
	while (glue_time_ticks() < end) {
		glue_sleep(MS_NS);
		take_all(0);
	}
}

static void report(const char *when, enum k_err err)
{
	glue_printf("%s %lu KiB taken in %u channels, %lu KiB left: %s\n", when,
		    taken / KIB, channels, free_beyond(0) / KIB,
		    k_err_text(err));
}

int glue_program_main(const struct glue_env *env)
{
	char *word[ARGS_WORDS];
	uint64_t leave, ms;

	args_cut(env, word);
	service = word[0];
	if (!glue_parse_u64(word[1], &leave) || !glue_parse_u64(word[2], &ms)) {
		glue_printf("SERVICE LEAVE_KIB MS\n");
		return USAGE;
	}
	report("holds:", take_all(leave * KIB));
	hold(leave, ms);
	report("leaves:", K_OK);
	return 0;
}
