/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serial.c - probe that wants a serial line which may be another's.
 *
 * `serial SERVICE rob` asks for all that only a line's owner may have, and
 * writes, which all may. `serial SERVICE take` reads once, so that it is the
 * owner until something comes.
 */
#include <glue/class.h>
#include <glue/print.h>
#include <glue/request_client.h>
#include <glue/rt.h>
#include <glue/serial.h>
#include <glue/string.h>

#include "probe.h"

#define ANSWER_NS 30000000000ul
#define BREAK_MS  500u

static struct glue_req_port port;

static enum k_err ask(uint16_t op, uint64_t arg, uint32_t bytes)
{
	return glue_req_call(&port, op, 0, arg, glue_req_data(&port), bytes,
			     NULL, glue_deadline_ns(ANSWER_NS));
}

static int refused(const char *what, enum k_err err)
{
	glue_printf("serial: %s: %s\n", what, k_err_text(err));
	return err == K_ERR_BUSY;
}

static int rob(void)
{
	static const struct glue_serial_line slow = { .baud = 300,
						      .bits = 8,
						      .stops = 1 };
	static const char text[] = "whose line is it\r\n";
	int held = refused("read", ask(GLUE_SERIAL_READ, 0, 1));

	memcpy(glue_req_data(&port), &slow, sizeof(slow));
	held &= refused("settings", ask(GLUE_SERIAL_SET_LINE, 0, sizeof(slow)));
	held &= refused("break", ask(GLUE_SERIAL_BREAK, BREAK_MS, 0));
	memcpy(glue_req_data(&port), text, sizeof(text) - 1);
	held &= !ask(GLUE_SERIAL_WRITE, 0, sizeof(text) - 1);
	return held ? PROBE_HELD : PROBE_BROKE;
}

/* Says so when the driver, which goes before programs, has the READ. */
static int take(void)
{
	static struct glue_req read = { .op = GLUE_SERIAL_READ };
	enum k_err err;

	read.data = glue_req_data(&port);
	read.bytes = GLUE_SERIAL_BYTES_MAX;
	err = glue_req_submit(&port, &read);
	glue_req_kick(&port);
	glue_printf("serial: reads\n");
	if (!err)
		err = glue_req_wait(&port, &read, glue_deadline_ns(ANSWER_NS));
	if (!err)
		err = read.status;
	glue_req_close(&port);
	glue_printf("serial: has read: %s\n", k_err_text(err));
	return err ? PROBE_BROKE : PROBE_HELD;
}

int probe_serial(char *service, char *what, char *third)
{
	enum k_err err = glue_req_open(&port, service, GLUE_CLASS_SERIAL,
				       GLUE_SERIAL_BYTES_MAX);

	(void)third;
	if (!err)
		return strcmp(what, "take") ? rob() : take();
	glue_printf("probe: %s: %s\n", service, k_err_text(err));
	return PROBE_USAGE;
}
