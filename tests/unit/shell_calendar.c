/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * shell_calendar.c - dates: every day of 8,000 years against the C library.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "apps/shell/calendar.h"

static void expect_same(int64_t seconds)
{
	struct calendar date = calendar_of(seconds);
	time_t host = seconds;
	struct tm tm;

	gmtime_r(&host, &tm);
	assert_int_equal(date.year, tm.tm_year + 1900);
	assert_int_equal(date.month, tm.tm_mon + 1);
	assert_int_equal(date.day, tm.tm_mday);
	assert_int_equal(date.hour, tm.tm_hour);
	assert_int_equal(date.minute, tm.tm_min);
	assert_int_equal(date.second, tm.tm_sec);
	assert_int_equal(date.weekday, tm.tm_wday);
	assert_int_equal(calendar_seconds(&date), seconds);
}

static void test_every_day(void **state)
{
	int64_t seconds;

	(void)state;
	for (seconds = 0; seconds <= CALENDAR_LAST; seconds += 86400)
		expect_same(seconds + random() % 86400);
	expect_same(0);
	expect_same(CALENDAR_LAST);
}

static void expect_none(struct calendar date)
{
	assert_int_equal(calendar_seconds(&date), -1);
}

static void test_days_that_do_not_exist(void **state)
{
	(void)state;
	expect_none((struct calendar){ .year = 2026, .month = 2, .day = 29 });
	expect_none((struct calendar){ .year = 2100, .month = 2, .day = 29 });
	expect_none((struct calendar){ .year = 2026, .month = 4, .day = 31 });
	expect_none((struct calendar){ .year = 2026, .month = 0, .day = 1 });
	expect_none((struct calendar){ .year = 2026, .month = 13, .day = 1 });
	expect_none((struct calendar){ .year = 2026, .month = 1, .day = 0 });
	expect_none((struct calendar){ .year = 1969, .month = 12, .day = 31 });
	expect_none((struct calendar){ .year = 10000, .month = 1, .day = 1 });
	expect_none((struct calendar){
		.year = 2026, .month = 1, .day = 1, .hour = 24 });
	expect_none((struct calendar){
		.year = 2026, .month = 1, .day = 1, .second = 60 });
}

static void test_read(void **state)
{
	struct calendar date;

	(void)state;
	assert_true(calendar_read("2024-02-29", "23:59:58", &date));
	assert_int_equal(calendar_seconds(&date), 1709251198);
	assert_false(calendar_read("2024-2-29", "23:59:58", &date));
	assert_false(calendar_read("2024-02-291", "23:59:58", &date));
	assert_false(calendar_read("2024-02-29", "23:59", &date));
	assert_false(calendar_read("2024-02-29", "23:59:5x", &date));
	assert_false(calendar_read("", "", &date));
}

static void test_text(void **state)
{
	char text[CALENDAR_TEXT_BYTES];

	(void)state;
	calendar_text(1709251198, text);
	assert_string_equal(text, "Thu 2024-02-29 23:59:58");
	calendar_text(-1, text);
	assert_string_equal(text, "second -1");
	calendar_text(INT64_MAX, text);
	assert_string_equal(text, "second 9223372036854775807");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_days_that_do_not_exist),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
