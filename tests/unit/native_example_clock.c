/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_example_clock.c - the example of docs/writing-a-driver.md and a fake
 * clock: reads, alarms, nonsense. Its whole twin: native_rtc_pl031.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake/clock.h"
#include "fake/native.h"
#include "fake/process.h"
#include "native_clock.h"

static void test_read(void **state)
{
	uint64_t now;

	(void)state;
	assert_int_equal(ask(GLUE_RTC_READ, 0, &now), K_OK);
	assert_int_equal(now, NOW);
	assert_int_equal(ask(GLUE_RTC_SET, 5, NULL), K_ERR_UNSUPPORTED);
}

static void test_alarm(void **state)
{
	(void)state;
	pl031.seconds_left = 100;
	assert_int_equal(ask(GLUE_RTC_ALARM, NOW + 5, NULL), K_OK);
	assert_int_equal(pl031.data, NOW + 5);
	assert_int_equal(ask(GLUE_RTC_ALARM, NOW + 5, NULL), K_OK);
	assert_int_equal(pl031.data, NOW + 5);
	assert_int_equal(ask(GLUE_RTC_ALARM, 1ul << 32, NULL), K_ERR_RANGE);
	assert_int_equal(ask(GLUE_RTC_ALARM, NOW + 9, NULL), K_OK);
	assert_int_equal(pl031.data, NOW + 9);
}

/* An interrupt for nothing ends no alarm; a clock that is stuck keeps it
 * waiting, not its client: that one goes on at its deadline. */
static void test_nonsense(void **state)
{
	struct glue_req alarm = { .op = GLUE_RTC_ALARM, .arg = NOW + 5 };
	unsigned int i;

	(void)state;
	assert_int_equal(glue_req_submit(&port, &alarm), K_OK);
	glue_req_kick(&port);
	for (i = 0; i < 100; i++)
		native_run(GLUE_EVENT_IRQ(0));
	glue_req_poll(&port);
	assert_true(alarm.in_flight);
	assert_int_equal(ask(GLUE_RTC_ALARM, NOW + 7, NULL), K_ERR_BUSY);
	assert_int_equal(glue_req_cancel(&port, &alarm), K_OK);
	assert_int_equal(ask(GLUE_RTC_ALARM, NOW + 7, NULL), K_ERR_TIMEOUT);
	pl031.lies = 1;
	pl031.lie = UINT32_MAX;
	native_run(GLUE_EVENT_IRQ(0));
	assert_int_equal(ask(GLUE_RTC_ALARM, NOW + 8, NULL), K_OK);
}

#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, clock_set_up, clock_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_read), TEST(test_alarm),
					    TEST(test_nonsense) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
