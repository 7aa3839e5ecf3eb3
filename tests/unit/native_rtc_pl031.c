/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_rtc_pl031.c - the native clock driver and a fake clock: reads, sets,
 * alarms, nonsense.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dddk/driver.h>
#include "fake/clock.h"
#include "fake/native.h"
#include "fake/process.h"
#include "native_clock.h"

static void test_set(void **state)
{
	uint64_t now;

	(void)state;
	assert_int_equal(ask(GLUE_RTC_READ, 0, &now), K_OK);
	assert_int_equal(now, NOW);
	assert_int_equal(ask(GLUE_RTC_SET, 5, NULL), K_OK);
	assert_int_equal(ask(GLUE_RTC_READ, 0, &now), K_OK);
	assert_int_equal(now, 5);
	assert_int_equal(ask(GLUE_RTC_SET, 1ul << 32, NULL), K_ERR_RANGE);
	assert_int_equal(ask(GLUE_RTC_ALARM, 1ul << 32, NULL), K_ERR_RANGE);
}

static void test_alarm(void **state)
{
	(void)state;
	pl031.seconds_left = 100;
	assert_int_equal(ask(GLUE_RTC_ALARM, NOW + 5, NULL), K_OK);
	assert_int_equal(pl031.data, NOW + 5);
	assert_int_equal(pl031.mask, 0);
	assert_int_equal(ask(GLUE_RTC_ALARM, NOW + 5, NULL), K_OK);
	assert_int_equal(ask(GLUE_RTC_ALARM, NOW, NULL), K_OK);
	assert_int_equal(pl031.data, NOW + 5);
	assert_int_equal(pl031.mask, 0);
}

static struct glue_req alarm;

static void alarm_wait(uint64_t when)
{
	alarm = (struct glue_req){ .op = GLUE_RTC_ALARM, .arg = when };
	assert_int_equal(glue_req_submit(&port, &alarm), K_OK);
	glue_req_kick(&port);
}

/* Who sets the clock past an alarm ends it; before it, it rings again. */
static void test_set_past_alarm(void **state)
{
	(void)state;
	alarm_wait(NOW + 50);
	assert_int_equal(ask(GLUE_RTC_ALARM, NOW + 7, NULL), K_ERR_BUSY);
	assert_int_equal(ask(GLUE_RTC_SET, 20, NULL), K_OK);
	assert_true(alarm.in_flight);
	assert_int_equal(ask(GLUE_RTC_SET, NOW + 90, NULL), K_OK);
	assert_false(alarm.in_flight);
	assert_int_equal(alarm.status, K_OK);
}

/* The second begins while the alarm is being set, whichever register is next. */
static void test_alarm_in_time(void **state)
{
	static const uint32_t at[] = { 0x04, 0x1c, 0x10 };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		pl031.begins_at = at[i];
		alarm_wait(pl031.data + 1);
		assert_int_equal(pl031.begins_at, 0);
		glue_req_poll(&port);
		assert_false(alarm.in_flight);
		assert_int_equal(alarm.status, K_OK);
	}
}

/* Its time comes while the driver is away: the next life says so. */
static void test_due_meanwhile(void **state)
{
	(void)state;
	alarm_wait(NOW + 5);
	dddk_driver_end(K_ERR_IO);
	native_run(0);
	pl031.data = NOW + 7;
	native_live_again();
	glue_req_poll(&port); /* the channel is lost, */
	glue_req_poll(&port); /* and back: asked again */
	glue_req_poll(&port);
	assert_false(alarm.in_flight);
	assert_int_equal(alarm.status, K_OK);
	assert_int_equal(pl031.mask, 0);
}

/* A driver that ends leaves a clock that interrupts nobody. */
static void test_stop(void **state)
{
	(void)state;
	alarm_wait(NOW + 50);
	assert_int_equal(pl031.mask, 1);
	assert_int_equal(native_stop(K_OK), 0);
	assert_int_equal(pl031.mask, 0);
	glue_req_poll(&port);
	assert_false(alarm.in_flight);
}

/* An interrupt for nothing ends no alarm, and one that was cancelled rings
 * for nobody. */
static void test_nonsense(void **state)
{
	unsigned int i;

	(void)state;
	alarm_wait(NOW + 5);
	for (i = 0; i < 100; i++)
		native_run(GLUE_EVENT_IRQ(0));
	glue_req_poll(&port);
	assert_true(alarm.in_flight);
	assert_int_equal(glue_req_cancel(&port, &alarm), K_OK);
	pl031.seconds_left = 10;
	assert_int_equal(ask(GLUE_RTC_ALARM, NOW + 8, NULL), K_OK);
	assert_int_equal(pl031.data, NOW + 8);
	pl031.lies = 1;
	pl031.lie = UINT32_MAX;
	native_run(GLUE_EVENT_IRQ(0));
	assert_int_equal(ask(GLUE_RTC_ALARM, NOW + 9, NULL), K_OK);
}

static void test_refused(void **state)
{
	(void)state;
	fake_env()->mmio[0].bytes = 16;
	native_refused(K_ERR_NOTFOUND, "too small");
	fake_env()->mmio[0].bytes = 0x1000;
	assert_int_equal(native_probe(), K_OK);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, clock_set_up, clock_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_set),
					    TEST(test_alarm),
					    TEST(test_set_past_alarm),
					    TEST(test_alarm_in_time),
					    TEST(test_due_meanwhile),
					    TEST(test_stop),
					    TEST(test_nonsense),
					    TEST(test_refused) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
