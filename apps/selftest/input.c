/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * input.c - probe that opens an input device and does not read, until events
 * have been lost; then it reads all there is.
 *
 * It says what it found: how many events were kept, whether each report was
 * whole, and what the first report behind the gap looked like.
 */
#include <glue/class.h>
#include <glue/input.h>
#include <glue/print.h>
#include <glue/request_client.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "probe.h"

#define LEND_BYTES (GLUE_INPUT_QUEUE * sizeof(struct glue_input_event))
#define LOOK_NS	   50000000ul
#define LIMIT_NS   30000000000ul
#define SYN	   0
#define SYN_GAP	   3

static struct glue_req_port port;

static enum k_err ask(uint16_t op, uint32_t bytes, uint64_t *value)
{
	return glue_req_call(&port, op, 0, 0, glue_req_data(&port), bytes,
			     value, glue_deadline_ns(LIMIT_NS));
}

/* The driver counts what it drops for us; its answers pace this loop. */
static int wait_for_loss(void)
{
	uint64_t limit = glue_deadline_ns(LIMIT_NS);
	uint64_t dropped = 0;
	enum k_err err = K_OK;

	while (!err && !dropped && glue_time_ticks() < limit) {
		glue_wait_for(0, glue_deadline_ns(LOOK_NS));
		err = ask(GLUE_INPUT_DROPPED, 0, &dropped);
	}
	glue_printf("input: lost %lu\n", dropped);
	return !err && dropped;
}

/* One read of everything; prints how it begins and ends. */
static int read_all(const char *what)
{
	const struct glue_input_event *event = glue_req_data(&port);
	uint64_t bytes = 0;
	uint64_t count;
	enum k_err err = ask(GLUE_INPUT_READ, LEND_BYTES, &bytes);

	count = bytes / sizeof(*event);
	if (err || !count || count > GLUE_INPUT_QUEUE) {
		glue_printf("probe: read: %s, %lu bytes\n", k_err_text(err),
			    bytes);
		return 0;
	}
	glue_printf("input: %s %lu events, %s, %s\n", what, count,
		    event[0].type == SYN && event[0].code == SYN_GAP ?
			    "a gap first" :
			    "no gap",
		    event[count - 1].type == SYN && !event[count - 1].code ?
			    "whole" :
			    "cut");
	return 1;
}

int probe_input(char *service, char *second, char *third)
{
	enum k_err err = glue_req_open(&port, service, GLUE_CLASS_INPUT,
				       LEND_BYTES);

	(void)second;
	(void)third;
	if (err) {
		glue_printf("probe: %s: %s\n", service, k_err_text(err));
		return PROBE_USAGE;
	}
	glue_printf("input: deaf\n");
	if (!wait_for_loss() || !read_all("kept") || !read_all("then"))
		return PROBE_BROKE;
	return PROBE_HELD;
}
