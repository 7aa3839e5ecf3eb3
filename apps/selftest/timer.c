/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timer.c - probes of the timer service: one that keeps time, one that lies.
 */
#include <glue/pattern.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>
#include <glue/sys.h>
#include <glue/timer.h>

#include "probe.h"

#define MS_NS	   1000000ul
#define US_NS	   1000l
#define ALARM_NS   5000000ul
#define LATE_MS	   1000000ul /* more than any test waits */
#define COUNT_MAX  100000ul
#define DEADLINES  3u /* of its own, between two ticks */
#define WORD_MAX   8u
#define CALL_LABEL 77u

/* Deadlines between the ticks: never early. Return: events that ended one. */
static uint64_t sleep_between(uint64_t period, int *early)
{
	uint64_t events = 0;

	for (unsigned int i = 0; i < DEADLINES && !events; i++) {
		uint64_t until = glue_time_ticks() + period / 8;

		events = glue_wait(until);
		if (!events && glue_time_ticks() < until)
			*early = 1;
	}
	return events;
}

/* ticks MS COUNT: so many periods, then says when the last one came. */
int probe_ticks(char *ms, char *count, char *third)
{
	uint64_t period, left, ticks = 0, begin = glue_time_ticks(), took;
	int early = 0;

	(void)third;
	if (!glue_parse_u64(ms, &period) || period == 0 || period > LATE_MS ||
	    !glue_parse_u64(count, &left) || left == 0 || left > COUNT_MAX)
		return PROBE_USAGE;
	period = glue_ns_to_ticks(period * MS_NS);
	glue_printf("ticks: begins\n");
	glue_tick_set(begin + period, period);
	while (glue_time_ticks() < begin + left * period) {
		uint64_t events = sleep_between(period, &early);

		if (!events)
			events = glue_wait(GLUE_FOREVER);
		ticks += (events & GLUE_EVENT_TICK) != 0;
	}
	took = glue_ticks_to_ns(glue_time_ticks() - begin) / MS_NS;
	glue_printf("ticks: %lu of %lu came, %lu ms%s\n", ticks, left, took,
		    early ? ", a deadline came too early" : "");
	return early || ticks > left ? PROBE_BROKE : PROBE_HELD;
}

/* Until the service has signalled that the timer is due, which a new life of it
 * is told again. Return: how late, in ns; -1: it came too early, so for another
 * deadline, or twice. */
static int64_t alarm_once(uint64_t deadline)
{
	uint64_t events, now;

	glue_timer_set(deadline, 0);
	while (!((events = glue_sys_wait(GLUE_CAP_NOTIFY)) & GLUE_EVENT_TIMER))
		if (events & GLUE_EVENT_UNSET)
			glue_timer_set(deadline, 0);
	now = glue_time_ticks();
	return now < deadline ? -1 : (int64_t)glue_ticks_to_ns(now - deadline);
}

/* alarms SERVICE COUNT SEED: so many alarms, up to ALARM_NS from now each. */
int probe_alarms(char *service, char *count, char *seed)
{
	uint64_t left, key, n = 0;
	int64_t late = 0, most = 0;

	(void)service;
	if (!glue_parse_u64(count, &left) || !glue_parse_u64(seed, &key))
		return PROBE_USAGE;
	for (; n < left && late >= 0; n++) {
		late = alarm_once(
			glue_deadline_ns(glue_pattern_word(key, n) % ALARM_NS));
		if (late > most)
			most = late;
	}
	glue_printf("alarms: %lu of %lu, %s, at most %ld us late\n", n, left,
		    late < 0 ? "the last one early or twice" : "each once",
		    most / US_NS);
	return late < 0 ? PROBE_BROKE : PROBE_HELD;
}

/* Words that a client may think of. */
static uint64_t odd_word(uint64_t i)
{
	const uint64_t words[WORD_MAX] = {
		0,
		1,
		~0ul,
		~0ul - 1,
		glue_time_ticks(),
		1ul << 63,
		i,
		glue_time_ticks() + i % 997,
	};

	return words[i % WORD_MAX];
}

/* timers COUNT: messages of all kinds to the service; the last is a Call, which
 * nobody answers: this process does not end by itself. */
int probe_timers(char *count, char *second, char *third)
{
	uint64_t rounds;

	(void)second;
	(void)third;
	if (!glue_parse_u64(count, &rounds) || rounds > COUNT_MAX * 10)
		return PROBE_USAGE;
	for (uint64_t i = 0; i < rounds; i++) {
		struct glue_msg msg = {
			.info = abi_info(i % 5, i % 3 == 0, i % 7),
			.mr = { odd_word(i), odd_word(i / WORD_MAX) },
		};

		glue_sys_send(GLUE_CAP_TIMER, &msg);
		glue_sys_nbsend(GLUE_CAP_TIMER, &msg);
	}
	glue_printf("timers: %lu rounds, and a call\n", rounds);
	glue_sys_call(GLUE_CAP_TIMER,
		      &(struct glue_msg){ .info = abi_info(CALL_LABEL, 0, 0) });
	return PROBE_BROKE;
}
