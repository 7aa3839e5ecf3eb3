/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rtc_pl031.c - the native clock driver, a client, and a clock that libFuzzer
 * plays.
 *
 * Each byte of the input is one act: the client asks, sets, waits or cancels,
 * seconds pass, registers lie, the device interrupts for nothing. What must
 * hold:
 *   - no access outside memory (AddressSanitizer), no assertion of the fakes;
 *   - each request ends: all but alarms at once, alarms when they are cancelled;
 *   - as long as registers do not lie: what is read is the clock's time, what
 *     was set is what the clock then has, an alarm ends in its second and not
 *     before, and one that is open can ring; one in the past is refused.
 */
#include <stdint.h>

#include <glue/class.h>
#include <glue/rtc.h>
#include "fake/clock.h"
#include "fuzz_request.h"

#define NOW 1000u

static int lied;
/* The latest time since the alarm was set: the clock may have been set back
 * before the client hears of its end. */
static uint32_t latest;
static uint8_t cancelled[GLUE_REQ_OPEN_MAX];

static void note_time(void)
{
	if (pl031.data > latest)
		latest = pl031.data;
}

static int alarm_is_open(void)
{
	unsigned int i;

	for (i = 0; i < GLUE_REQ_OPEN_MAX; i++) {
		if (req[i].in_flight && req[i].op == GLUE_RTC_ALARM)
			return 1;
	}
	return 0;
}

/* What may be said about a request that has failed, of all that may be. */
static enum k_err failure(const struct glue_req *r)
{
	if (r->arg > UINT32_MAX)
		return K_ERR_RANGE;
	if (r->op == GLUE_RTC_ALARM && alarm_is_open())
		return K_ERR_BUSY;
	return K_OK;
}

static void ended(struct glue_req *r)
{
	note_time();
	if (lied || (cancelled[r - req] && r->status == K_ERR_GONE))
		return;
	if (r->status) {
		must(r->status == failure(r), "a good request fails");
		return;
	}
	must(r->arg <= UINT32_MAX, "a time that the clock cannot hold");
	if (r->op == GLUE_RTC_READ)
		must(r->value == pl031.data, "another time than the clock's");
	if (r->op == GLUE_RTC_SET)
		must(pl031.data == r->arg, "the clock is not what it was set");
	if (r->op == GLUE_RTC_ALARM) {
		must(latest >= r->arg, "an alarm before its time");
		must(!pl031.mask || alarm_is_open(), "an alarm rings twice");
	}
}

static void submit(unsigned int i)
{
	static const uint16_t ops[] = { GLUE_RTC_READ, GLUE_RTC_SET,
					GLUE_RTC_ALARM, GLUE_RTC_ALARM };
	uint8_t what = fuzz_byte();

	if (req[i].in_flight)
		return;
	req[i] = (struct glue_req){ .op = ops[what % 4],
				    .arg = NOW + what / 4,
				    .done = ended };
	if (req[i].op == GLUE_RTC_READ)
		req[i].arg = 0;
	if (req[i].op == GLUE_RTC_ALARM && !alarm_is_open())
		latest = pl031.data;
	if (req[i].op != GLUE_RTC_READ && what > 250)
		req[i].arg |= (uint64_t)what << 32;
	cancelled[i] = 0;
	/* A second may begin while the alarm is set. */
	if (req[i].op == GLUE_RTC_ALARM)
		pl031.begins_at = fuzz_byte() % 8 * 4;
	must(!glue_req_submit(&port, &req[i]), "a request is not taken");
}

static void second_begins(void)
{
	pl031.seconds_left = 1;
	fake_clock_step();
	note_time();
}

static void lie(int on)
{
	pl031.lies = on;
	pl031.lie = fuzz_byte() * 0x01010101u;
	lied |= on;
	fake.events |= GLUE_EVENT_IRQ(0);
}

static void act(void)
{
	uint8_t what = fuzz_byte();

	if (what % 8 == 3)
		cancelled[what / 8 % GLUE_REQ_OPEN_MAX] = 1;
	if (fuzz_act(what, submit))
		;
	else if (what % 8 < 7)
		second_begins();
	else
		lie(what >= 240);
	/* A request sees the time of now. The rest may meet. */
	if (what % 8 < 3 || fuzz_byte() % 4)
		fuzz_pump();
	pl031.begins_at = 0;
}

/* Alarms that are open can ring, and what is over has ended. */
static void alarms_open(void)
{
	unsigned int i, open = 0;

	for (i = 0; i < GLUE_REQ_OPEN_MAX; i++) {
		if (!req[i].in_flight || req[i].op != GLUE_RTC_ALARM)
			continue;
		must(lied || pl031.data < req[i].arg, "an alarm is overdue");
		must(lied || (pl031.mask && pl031.match == req[i].arg),
		     "an alarm that cannot ring");
		open++;
	}
	must(open <= 1, "two alarms at once");
}

static void settle(void)
{
	pl031.lies = 0;
	fuzz_pump();
	alarms_open();
	memset(cancelled, 1, sizeof(cancelled));
	fuzz_cancel_all(GLUE_RTC_ALARM);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	fuzz_input(data, bytes);
	lied = 0;
	native_start(GLUE_CLASS_RTC, GLUE_REQ_DEPTH, GLUE_REQ_OPEN_MAX * SHARE,
		     fake_clock_step);
	fake_clock_start(NOW);
	must(!native_probe(), "an honest clock is refused");
	fuzz_open("rtc0", GLUE_CLASS_RTC);
	while (fuzz_left())
		act();
	settle();
	native_end();
	glue_req_close(&port);
	return 0;
}
