/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_events.c - waiting with deadlines, the lazy timer, and time conversion.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glue/broker.h>
#include <glue/rt.h>
#include "fake/process.h"

static int set_up(void **state)
{
	(void)state;
	fake_process_start();
	return 0;
}

static void test_event_ends_wait(void **state)
{
	(void)state;
	fake.events = GLUE_EVENT_CHAN(3) | GLUE_EVENT_IRQ(0);
	assert_int_equal(glue_wait(GLUE_FOREVER),
			 GLUE_EVENT_CHAN(3) | GLUE_EVENT_IRQ(0));
	assert_int_equal(fake.timer_calls, 0);
}

static void test_deadline_passes(void **state)
{
	(void)state;
	assert_int_equal(glue_wait(fake.ticks + 500), 0);
	assert_int_equal(fake.ticks, 1500);
	assert_int_equal(fake.timer_calls, 1);
}

/* What comes meanwhile is for later, and does not end it. */
static void test_sleep(void **state)
{
	uint64_t ticks = glue_ns_to_ticks(8000);

	(void)state;
	fake.events = GLUE_EVENT_CHAN(3);
	glue_sleep(8000);
	assert_int_equal(fake.ticks, 1000 + ticks);
	assert_int_equal(glue_poll(GLUE_ALL_EVENTS), GLUE_EVENT_CHAN(3));
}

/* Passed already: no sleep, no call; but what is there is reported. */
static void test_past_deadline_polls(void **state)
{
	(void)state;
	assert_int_equal(glue_wait(fake.ticks), 0);
	assert_int_equal(fake.waits, 0);
	fake.events = GLUE_EVENT_STOP;
	assert_int_equal(glue_wait(fake.ticks - 1), GLUE_EVENT_STOP);
	assert_int_equal(fake.timer_calls, 0);
}

static void raise_chan0(void)
{
	fake.events |= GLUE_EVENT_CHAN(0);
}

/* A deadline that moves with each wait costs one call per period. */
static void test_timer_is_armed_lazily(void **state)
{
	unsigned int i;

	(void)state;
	fake.on_block = raise_chan0;
	for (i = 0; i < 100; i++) {
		assert_int_equal(glue_wait(fake.ticks + 500),
				 GLUE_EVENT_CHAN(0));
		fake.ticks++;
	}
	assert_int_equal(fake.timer_calls, 1);
	/* The early deadline wakes us too soon; the true one is kept. */
	fake.on_block = NULL;
	assert_int_equal(glue_wait(2000), 0);
	assert_int_equal(fake.ticks, 2000);
	assert_int_equal(fake.timer_calls, 2);
}

static void test_earlier_deadline_rearms(void **state)
{
	(void)state;
	fake.on_block = raise_chan0;
	glue_wait(fake.ticks + 5000);
	fake.on_block = NULL;
	assert_int_equal(glue_wait(fake.ticks + 100), 0);
	assert_int_equal(fake.ticks, 1100);
	assert_int_equal(fake.timer_calls, 2);
	/* Leave nothing armed behind for the next test. */
	fake.timer = fake.ticks;
	glue_poll(GLUE_ALL_EVENTS);
}

static void test_other_events_are_kept(void **state)
{
	(void)state;
	fake.events = GLUE_EVENT_STOP | GLUE_EVENT_IRQ(1) | GLUE_EVENT_CHAN(2);
	assert_int_equal(glue_wait_for(GLUE_EVENT_CHAN(2), GLUE_FOREVER),
			 GLUE_EVENT_CHAN(2));
	assert_int_equal(glue_wait_for(GLUE_EVENT_CHAN(2), fake.ticks + 10), 0);
	assert_int_equal(glue_poll(GLUE_EVENT_IRQ(1)), GLUE_EVENT_IRQ(1));
	assert_int_equal(glue_wait(GLUE_FOREVER), GLUE_EVENT_STOP);
	assert_int_equal(glue_poll(GLUE_ALL_EVENTS), 0);
}

static void test_timer_event_never_shows(void **state)
{
	(void)state;
	fake.events = GLUE_EVENT_TIMER;
	assert_int_equal(glue_poll(GLUE_ALL_EVENTS), 0);
}

/* The service has begun anew while somebody sleeps: set again, no wake-up. */
static void forget_timer(void)
{
	fake.timer = 0;
	fake.events |= GLUE_EVENT_UNSET;
	fake.on_block = NULL;
}

static void test_timer_service_begins_anew(void **state)
{
	(void)state;
	fake.on_block = forget_timer;
	assert_int_equal(glue_wait(fake.ticks + 500), 0);
	assert_int_equal(fake.ticks, 1500);
	assert_int_equal(fake.timer_calls, 2);
	glue_tick_set(100000, 100000);
	fake.on_block = forget_timer;
	assert_int_equal(glue_wait(GLUE_FOREVER), GLUE_EVENT_TICK);
	assert_int_equal(fake.ticks, 100000);
	assert_int_equal(fake.period, 100000);
}

/* One call for all ticks; deadlines beside them hold, and move no tick. */
static void test_ticks(void **state)
{
	unsigned int i;

	(void)state;
	glue_tick_set(100000, 100000);
	for (i = 1; i <= 5; i++) {
		assert_int_equal(glue_wait(GLUE_FOREVER), GLUE_EVENT_TICK);
		assert_int_equal(fake.ticks, 100000 * i);
	}
	assert_int_equal(glue_wait(900000), GLUE_EVENT_TICK);
	assert_int_equal(fake.timer_calls, 1);
	assert_int_equal(glue_wait(650000), 0);
	assert_int_equal(fake.ticks, 650000);
	assert_int_equal(glue_wait_for(GLUE_EVENT_STOP, 750000), 0);
	assert_int_equal(fake.ticks, 750000);
	assert_int_equal(glue_poll(GLUE_ALL_EVENTS), GLUE_EVENT_TICK);
	/* Three that nobody waited for are one. */
	fake.ticks = 1050000;
	assert_int_equal(glue_wait(GLUE_FOREVER), GLUE_EVENT_TICK);
	assert_int_equal(glue_wait(GLUE_FOREVER), GLUE_EVENT_TICK);
	assert_int_equal(fake.ticks, 1100000);
	glue_tick_set(0, 0);
	assert_int_equal(fake.timer, 0);
	assert_int_equal(glue_wait(1150000), 0);
}

/* As short as the service makes it, so that the two agree. */
static void test_short_ticks(void **state)
{
	(void)state;
	glue_tick_set(2000, 1);
	assert_int_equal(fake.period, 62500);
	assert_int_equal(glue_wait(GLUE_FOREVER), GLUE_EVENT_TICK);
	assert_int_equal(glue_wait(GLUE_FOREVER), GLUE_EVENT_TICK);
	assert_int_equal(fake.ticks, 64500);
	assert_int_equal(fake.timer_calls, 1);
}

static void test_ticks_and_ns(void **state)
{
	(void)state;
	assert_int_equal(glue_ticks_to_ns(1), 16);
	assert_int_equal(glue_ticks_to_ns(62500000), 1000000000);
	assert_int_equal(glue_ns_to_ticks(1000000000), 62500000);
	assert_int_equal(glue_ns_to_ticks(15), 0);
	assert_int_equal(glue_ns_to_ticks(16), 1);
	assert_int_equal(glue_deadline_ns(160), fake.ticks + 10);
}

/* 50 years of ticks, odd frequencies: exact to the digit. */
static void test_conversion_is_exact(void **state)
{
	static const uint32_t hz[] = { 1,	  3,	    24000000,
				       54000000,  62500000, 1000000000,
				       UINT32_MAX };
	uint64_t seconds = 50ul * 365 * 86400;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(hz) / sizeof(hz[0]); i++) {
		uint64_t ticks = seconds * hz[i] + hz[i] / 2;
		unsigned __int128 ns = (unsigned __int128)ticks * 1000000000 /
				       hz[i];

		fake_env()->counter_hz = hz[i];
		assert_int_equal(glue_ticks_to_ns(ticks), (uint64_t)ns);
		assert_int_equal(glue_ns_to_ticks(seconds * 1000000000),
				 seconds * hz[i]);
	}
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_event_ends_wait),
		TEST(test_deadline_passes),
		TEST(test_sleep),
		TEST(test_past_deadline_polls),
		TEST(test_timer_is_armed_lazily),
		TEST(test_earlier_deadline_rearms),
		TEST(test_other_events_are_kept),
		TEST(test_timer_event_never_shows),
		TEST(test_timer_service_begins_anew),
		TEST(test_ticks),
		TEST(test_short_ticks),
		TEST(test_ticks_and_ns),
		TEST(test_conversion_is_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
