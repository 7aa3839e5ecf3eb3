/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * output.c - what goes out, in the order in which clients asked for it.
 *
 * Writes, and whatever waits for the line or changes it (DRAIN, SET_LINE,
 * BREAK), stand in one line of requests; only its first is worked on. A write
 * moves on when the device takes bytes. The others begin when all has been
 * sent, for which most devices have no interrupt: the driver's timer looks.
 */
#include <dddk/driver.h>
#include <glue/rt.h>

#include "internal.h"

#define LOOK_NS 1000000ul     /* a byte at 9600 baud */
#define SEND_NS 10000000000ul /* a line held back for longer is dead */
#define MS_NS	1000000ul

/* About the first request, if it is no write and has had to wait. */
static struct {
	uint64_t until; /* when it has waited enough; 0: it has not waited */
	uint32_t token;
	int breaking; /* it is a break that has begun */
} wait;

static void wait_begin(const struct dddk_req *first, uint64_t ns)
{
	wait.token = first->token;
	wait.until = glue_deadline_ns(ns);
}

static void wait_end(void)
{
	if (wait.breaking)
		dddk_serial_driver->set_break(0);
	wait.breaking = 0;
	wait.until = 0;
}

static int first_end(enum k_err err, uint64_t value)
{
	wait_end();
	dddk_req_first_end(DDDK_SERIAL_OUTPUT, err, value);
	return 1;
}

/* The following return 1 if the first has ended, 0 if it waits. */

/* Its `arg`, which a write does not have, counts what the device was given. A
 * next life does not give it again: what a death loses is in the device. */
static int write_step(struct dddk_req *write)
{
	uint32_t n;

	while (write->bytes && (n = dddk_serial_driver->room())) {
		if (n > write->bytes)
			n = write->bytes;
		write->arg += n;
		dddk_req_begun(write->token, (uint32_t)write->arg);
		dddk_serial_driver->write(write->data, n);
		dddk_serial_stats.sent += n;
		write->data = (uint8_t *)write->data + n;
		write->bytes -= n;
	}
	return !write->bytes && first_end(K_OK, write->arg);
}

static int break_begin(const struct dddk_req *first)
{
	if (!dddk_serial_driver->set_break)
		return first_end(K_ERR_UNSUPPORTED, 0);
	if (!first->arg)
		return first_end(K_ERR_INVALID, 0);
	dddk_serial_driver->set_break(1);
	wait.breaking = 1;
	wait_begin(first, first->arg * MS_NS);
	dddk_timer_set(wait.until);
	return 0;
}

static int break_step(void)
{
	if (glue_time_ticks() >= wait.until)
		return first_end(K_OK, 0);
	dddk_timer_set(wait.until);
	return 0;
}

/* All has not been sent: look again soon, but not for ever. */
static int sending_step(const struct dddk_req *first)
{
	if (!wait.until)
		wait_begin(first, SEND_NS);
	if (glue_time_ticks() >= wait.until)
		return first_end(K_ERR_TIMEOUT, 0);
	dddk_timer_set(glue_deadline_ns(LOOK_NS));
	return 0;
}

static int line_step(const struct dddk_req *first)
{
	if (wait.breaking)
		return break_step();
	if (dddk_serial_driver->is_sent && !dddk_serial_driver->is_sent())
		return sending_step(first);
	if (first->op == GLUE_SERIAL_BREAK)
		return break_begin(first);
	return first_end(first->op == GLUE_SERIAL_SET_LINE ?
				 dddk_serial_line_set(first->data) :
				 K_OK,
			 0);
}

static int first_step(void)
{
	struct dddk_req *first = dddk_req_first(DDDK_SERIAL_OUTPUT);

	if (wait.until && (!first || first->token != wait.token))
		wait_end(); /* who waited has been cancelled */
	if (!first)
		return 0;
	return first->op == GLUE_SERIAL_WRITE ? write_step(first) :
						line_step(first);
}

void dddk_serial_more(void)
{
	while (first_step())
		;
}
