/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * line.c - probe that says and hears numbered bytes over a serial line.
 *
 * `line SERVICE say COUNT` sends the numbers from 0 on, eight bytes each, with
 * several WRITEs under way, and then the end's mark; `line SERVICE drip` slowly and
 * for ever, and counts for apps/verify/vandal.c what has gone out. `line SERVICE hear` reads
 * such numbers up to that mark and says what is missing; what comes twice or in
 * another order fails. Whoever says so to a driver that is killed meanwhile
 * sees what its death has lost.
 */
#include <glue/class.h>
#include <glue/counters.h>
#include <glue/print.h>
#include <glue/request_client.h>
#include <glue/rt.h>
#include <glue/serial.h>
#include <glue/string.h>

#include "../verify/verify.h"
#include "probe.h"

#define ANSWER_NS    30000000000ul
#define SLOTS	     4u
#define SLOT_BYTES   512u
#define LEND_BYTES   4096u
#define NUMBER_BYTES 8u
#define NUMBERS_LINE 8u
#define MARK	     '!' /* the end, many times: some may be lost */
#define COUNT_MAX    1000000u
#define DRIP_NS	     10000000ul
#define HEARD_MAX    4096u
#define SURE	     16u /* bytes that hold a whole number */

static struct glue_req_port port;
static struct glue_req slot[SLOTS];
static uint8_t heard[HEARD_MAX]; /* and not judged yet */
static uint32_t n_heard;
static struct {
	uint64_t at; /* the next byte to be heard */
	uint64_t lost;
	uint64_t most;
	uint32_t gaps;
} found;

static uint8_t *slot_data(uint32_t i)
{
	return (uint8_t *)glue_req_data(&port) + i * SLOT_BYTES;
}

/* Byte @at of the stream: seven digits and a blank or line end a number. */
static uint8_t byte_at(uint64_t at)
{
	uint64_t number = at / NUMBER_BYTES;
	uint32_t place = NUMBER_BYTES - 2 - at % NUMBER_BYTES;

	if (at % NUMBER_BYTES == NUMBER_BYTES - 1)
		return number % NUMBERS_LINE == NUMBERS_LINE - 1 ? '\n' : ' ';
	while (place--)
		number /= 10;
	return (uint8_t)('0' + number % 10);
}

static enum k_err submit(uint32_t i, uint16_t op)
{
	enum k_err err;

	slot[i] = (struct glue_req){ .op = op,
				     .bytes = SLOT_BYTES,
				     .data = slot_data(i) };
	err = glue_req_submit(&port, &slot[i]);
	glue_req_kick(&port);
	return err;
}

static enum k_err end_of(uint32_t i)
{
	enum k_err err = K_OK;

	if (slot[i].in_flight)
		err = glue_req_wait(&port, &slot[i],
				    glue_deadline_ns(ANSWER_NS));
	return err ? err : slot[i].status;
}

/* --- say ------------------------------------------------------------------ */

/* What has ended, and in how many lives of the driver something has. */
static void note_end(void)
{
	static uint64_t *done, *checked;
	static uint32_t generation;

	if (!done) {
		done = glue_counter_add(GLUE_COUNTER_EVENT, VERIFY_DONE);
		checked = glue_counter_add(GLUE_COUNTER_EVENT, VERIFY_CHECKED);
	}
	++*done;
	*checked += port.port.generation != generation;
	generation = port.port.generation;
}

static int say(uint64_t numbers, uint64_t rest_ns)
{
	uint64_t bytes = numbers * NUMBER_BYTES, at, end;
	enum k_err err = K_OK;
	uint32_t i = 0;

	end = bytes + SLOTS * SLOT_BYTES;
	for (at = 0; at < end && !err; i = (i + 1) % SLOTS) {
		err = end_of(i);
		for (uint32_t n = 0; n < SLOT_BYTES; n++, at++)
			slot_data(i)[n] = at < bytes ? byte_at(at) : MARK;
		if (!err)
			err = submit(i, GLUE_SERIAL_WRITE);
		note_end();
		if (rest_ns)
			glue_wait(glue_deadline_ns(rest_ns));
	}
	for (i = 0; i < SLOTS && !err; i++)
		err = end_of(i);
	glue_req_close(&port);
	glue_printf("line: has said %lu numbers: %s\n", numbers,
		    k_err_text(err));
	return err ? PROBE_BROKE : PROBE_HELD;
}

/* --- hear ----------------------------------------------------------------- */

/*
 * How many bytes of the stream are missing before these, as the first number
 * that begins among them tells; 0: none, so they are others.
 */
static uint64_t gap_at(const uint8_t *data)
{
	uint64_t number = 0, place;
	uint32_t i, n;

	for (i = 1; i < NUMBER_BYTES && data[i - 1] >= '0'; i++)
		;
	for (n = 0; n < NUMBER_BYTES - 1; n++)
		number = number * 10 + data[i + n] - '0';
	place = number * NUMBER_BYTES - i;
	return place > found.at && byte_at(place) == data[0] ?
		       place - found.at :
		       0;
}

/* What has been heard, but for the last @rest bytes. Return: is it numbers? */
static int judge(uint32_t rest)
{
	uint64_t gap;
	uint32_t i;

	for (i = 0; i + rest < n_heard; i++, found.at++) {
		if (heard[i] == byte_at(found.at) || i + SURE > n_heard)
			continue; /* the very last ones may be incomplete */
		gap = gap_at(heard + i);
		if (!gap)
			return 0;
		found.gaps++;
		found.lost += gap;
		found.at += gap;
		if (gap > found.most)
			found.most = gap;
	}
	memmove(heard, heard + i, n_heard - i);
	n_heard -= i;
	return 1;
}

/* Return: whether the mark has come; or what comes is no number. */
static int hear_piece(const uint8_t *data, uint64_t bytes)
{
	for (; bytes && *data != MARK; bytes--, data++) {
		heard[n_heard++] = *data;
		if (n_heard == HEARD_MAX && !judge(SURE))
			return 1;
	}
	return bytes != 0;
}

/* Two READs are open, so that one is while the other's bytes are taken. */
static int hear(void)
{
	enum k_err err = submit(0, GLUE_SERIAL_READ);
	int ended = 0;
	uint32_t i;

	glue_printf("line: hears\n");
	if (!err)
		err = submit(1, GLUE_SERIAL_READ);
	for (i = 0; !err && !ended; i = !i) {
		err = end_of(i);
		if (err || slot[i].value > SLOT_BYTES)
			break;
		ended = hear_piece(slot_data(i), slot[i].value);
		err = submit(i, GLUE_SERIAL_READ);
	}
	glue_req_close(&port);
	ended = ended && judge(0);
	glue_printf(
		"line: heard %lu bytes, %u gaps, %lu lost, at most %lu: %s\n",
		found.at - found.lost, found.gaps, found.lost, found.most,
		ended ? "in order" :
		err   ? k_err_text(err) :
			"others");
	return ended ? PROBE_HELD : PROBE_BROKE;
}

int probe_line(char *service, char *what, char *count)
{
	uint64_t numbers = 0;
	enum k_err err;

	glue_parse_u64(count, &numbers);
	if (numbers > COUNT_MAX)
		return PROBE_USAGE;
	err = glue_req_open(&port, service, GLUE_CLASS_SERIAL, LEND_BYTES);
	if (!err && !strcmp(what, "drip"))
		return say(COUNT_MAX, DRIP_NS);
	if (!err)
		return strcmp(what, "say") ? hear() : say(numbers, 0);
	glue_printf("probe: %s: %s\n", service, k_err_text(err));
	return PROBE_USAGE;
}
