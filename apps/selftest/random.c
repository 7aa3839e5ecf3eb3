/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * random.c - probe that reads random bytes as hastily as it may.
 *
 * It keeps as many requests open as the class allows and takes some back while
 * they are on their way. What it was given it prints, so that the test can
 * compare with what others were given.
 */
#include <glue/class.h>
#include <glue/print.h>
#include <glue/request_client.h>
#include <glue/rng.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "probe.h"

#define READ_BYTES 512u
#define LINE_BYTES 64u
#define ANSWER_NS  20000000000ul

static struct glue_req_port port;
static struct glue_req req[GLUE_REQ_OPEN_MAX];

/* A line of digits begins with "random:" so that the test finds it. */
static void line_print(const uint8_t *data)
{
	char text[2 * LINE_BYTES + 1];
	unsigned i;

	for (i = 0; i < LINE_BYTES; i++)
		glue_snprintf(text + 2 * i, 3, "%02x", data[i]);
	glue_printf("random: %s\n", text);
}

/* A cancelled request may still have been answered: then its bytes count. */
static int result_print(const struct glue_req *r)
{
	const uint8_t *data = r->data;
	unsigned i;

	if (r->status == K_ERR_GONE)
		return 1;
	if (r->status || r->value != READ_BYTES) {
		glue_printf("probe: read: %s, %lu bytes\n",
			    k_err_text(r->status), r->value);
		return 0;
	}
	for (i = 0; i < READ_BYTES; i += LINE_BYTES)
		line_print(data + i);
	return 1;
}

static int round_run(unsigned round)
{
	uint8_t *data = glue_req_data(&port);
	uint64_t deadline = glue_deadline_ns(ANSWER_NS);
	unsigned i;
	int good = 1;

	for (i = 0; i < GLUE_REQ_OPEN_MAX; i++) {
		req[i] = (struct glue_req){ .op = GLUE_RNG_READ,
					    .data = data + i * READ_BYTES,
					    .bytes = READ_BYTES };
		if (glue_req_submit(&port, &req[i]))
			return 0;
	}
	glue_req_kick(&port);
	glue_req_cancel(&port, &req[round % GLUE_REQ_OPEN_MAX]);
	for (i = 0; i < GLUE_REQ_OPEN_MAX; i++)
		good = good && !glue_req_wait(&port, &req[i], deadline) &&
		       result_print(&req[i]);
	return good;
}

int probe_random(char *service, char *rounds, char *third)
{
	uint64_t count, round;
	enum k_err err;

	(void)third;
	if (!glue_parse_u64(rounds, &count))
		return PROBE_USAGE;
	err = glue_req_open(&port, service, GLUE_CLASS_RNG,
			    GLUE_REQ_OPEN_MAX * READ_BYTES);
	for (round = 0; !err && round < count; round++) {
		if (!round_run((unsigned)round))
			return PROBE_BROKE;
	}
	glue_printf("random: %s\n", err ? k_err_text(err) : "done");
	return err ? PROBE_BROKE : PROBE_HELD;
}
