/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uses.c - probes that use a small service without end and check each answer,
 * while its driver is killed (apps/verify/killer.c).
 *
 * `words RNG MS`    numbered words of a file: each once, and no other
 * `clock RTC MS`    the time goes on as the machine's counter does
 * `pins GPIO MS`    an output has the level that it was given
 * `points INPUT`    a tablet's places, each farther than the last, up to END
 *
 * Last line: how often, and that all was right.
 */
#include <glue/class.h>
#include <glue/gpio.h>
#include <glue/input.h>
#include <glue/print.h>
#include <glue/request_client.h>
#include <glue/rng.h>
#include <glue/rt.h>
#include <glue/rtc.h>
#include <glue/string.h>

#include "probe.h"

#define ANSWER_NS  10000000000ul
#define MS_NS	   1000000ul
#define S_NS	   1000000000ul
#define LEND_BYTES 4096u
#define WORDS	   (1u << 17)  /* in the file */
#define NUMBERED   (1ul << 63) /* and so is each of its words */
#define LINE	   6u	       /* nobody else's */
#define END	   32000       /* from here on a place ends it */
#define ABS	   3u	       /* evdev's event type */

static struct glue_req_port port;
static uint64_t count; /* of answers */

static enum k_err ask(uint16_t op, uint16_t flags, uint64_t arg, uint32_t bytes,
		      uint64_t *value)
{
	enum k_err err = glue_req_call(&port, op, flags, arg,
				       glue_req_data(&port), bytes, value,
				       glue_deadline_ns(ANSWER_NS));

	count++;
	if (err)
		glue_printf("use: request 0x%x: %s\n", op, k_err_text(err));
	return err;
}

/* --- rng ------------------------------------------------------------------ */

static int word_is_new(uint64_t word)
{
	static uint8_t seen[WORDS / 8];
	uint64_t n = word & ~NUMBERED;

	if (!(word & NUMBERED) || n >= WORDS || (seen[n / 8] >> n % 8 & 1)) {
		glue_printf("use: word 0x%lx is nobody's, or another's\n",
			    word);
		return 0;
	}
	seen[n / 8] |= (uint8_t)(1 << n % 8);
	return 1;
}

static int words_once(void)
{
	const uint64_t *word = glue_req_data(&port);
	uint32_t bytes = 16; /* so that the file lasts */

	if (ask(GLUE_RNG_READ, 0, 0, bytes, NULL))
		return 0;
	for (uint32_t i = 0; i < bytes / sizeof(*word); i++)
		if (!word_is_new(word[i]))
			return 0;
	return 1;
}

/* --- rtc ------------------------------------------------------------------ */

/* The clock has whole seconds, of which a part has passed at the first look. */
static int clock_once(void)
{
	static uint64_t first, begin, last;
	uint64_t now, passed;

	if (ask(GLUE_RTC_READ, 0, 0, 0, &now))
		return 0;
	if (!first) {
		first = last = now;
		begin = glue_time_ticks();
	}
	passed = glue_ticks_to_ns(glue_time_ticks() - begin) / S_NS;
	if (now < last || now < first + passed || now > first + passed + 1) {
		glue_printf("use: %lu after %lu, %lu s after %lu\n", now, last,
			    passed, first);
		return 0;
	}
	last = now;
	return 1;
}

/* --- gpio ----------------------------------------------------------------- */

static int pins_once(void)
{
	uint16_t level = count / 2 & 1;
	uint64_t is;

	if (ask(GLUE_GPIO_OUTPUT, level, LINE, 0, NULL) ||
	    ask(GLUE_GPIO_GET, 0, LINE, 0, &is))
		return 0;
	if (is != level)
		glue_printf("use: line %u is %lu\n", LINE, is);
	return is == level;
}

/* --- input ---------------------------------------------------------------- */

/* Both axes say the same, x first. Return: 0 if not. */
static int point_check(const struct glue_input_event *event, int64_t *place)
{
	int good = event->code ? event->value == *place : event->value > *place;

	if (!good)
		glue_printf("use: axis %u is %d after %ld\n", event->code,
			    event->value, *place);
	*place = event->value;
	return good;
}

static int points_read(int64_t *place)
{
	const struct glue_input_event *event = glue_req_data(&port);
	uint64_t bytes;

	if (ask(GLUE_INPUT_READ, 0, 0, LEND_BYTES, &bytes) ||
	    bytes > LEND_BYTES)
		return 0;
	for (uint64_t i = 0; i < bytes / sizeof(*event); i++)
		if (event[i].type == ABS && !point_check(&event[i], place))
			return 0;
	return 1;
}

/* --- all ------------------------------------------------------------------ */

static int opened(const char *service, uint32_t class_id)
{
	enum k_err err = glue_req_open(&port, service, class_id, LEND_BYTES);

	if (err)
		glue_printf("use: %s: %s\n", service, k_err_text(err));
	else
		glue_printf("use: begins\n");
	return !err;
}

static int closed(int good)
{
	glue_req_close(&port);
	glue_printf("use: %lu answers, %s\n", count,
		    good ? "all right" : "the last one wrong");
	return good ? PROBE_HELD : PROBE_BROKE;
}

static int use(const char *service, uint32_t class_id, const char *ms,
	       int (*once)(void))
{
	uint64_t end, time;
	int good = 1;

	if (!glue_parse_u64(ms, &time) || !opened(service, class_id))
		return PROBE_USAGE;
	end = glue_deadline_ns(time * MS_NS);
	while (good && glue_time_ticks() < end)
		good = once();
	return closed(good);
}

int probe_words(char *service, char *ms, char *third)
{
	(void)third;
	return use(service, GLUE_CLASS_RNG, ms, words_once);
}

int probe_clock(char *service, char *ms, char *third)
{
	(void)third;
	return use(service, GLUE_CLASS_RTC, ms, clock_once);
}

int probe_pins(char *service, char *ms, char *third)
{
	(void)third;
	return use(service, GLUE_CLASS_GPIO, ms, pins_once);
}

int probe_points(char *service, char *second, char *third)
{
	int64_t place = -1;
	int good = 1;

	(void)second;
	(void)third;
	if (!opened(service, GLUE_CLASS_INPUT))
		return PROBE_USAGE;
	while (good && place < END)
		good = points_read(&place);
	return closed(good);
}
