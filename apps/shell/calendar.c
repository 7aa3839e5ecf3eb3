/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calendar.c - seconds since 1970 as dates of the Gregorian calendar, UTC.
 *
 * Years are counted from March here, so that the leap day is a year's last and
 * the months before it are the same length in every year.
 */
#include <glue/print.h>

#include "calendar.h"

#define DAY_SECONDS   86400
#define ERA_YEARS     400
#define ERA_DAYS      146097 /* of 400 years: the calendar repeats */
/* Days from 0000-03-01 to 1970-01-01. */
#define EPOCH_DAYS    719468
/* 1970-01-01 was a Thursday. */
#define EPOCH_WEEKDAY 4

/* Leap days in the first @years years from a March that begins an era. */
static uint32_t leap_days(uint32_t years)
{
	return years / 4 - years / 100 + years / 400;
}

/* Days from the first of March to the first of the month; March is 0. */
static uint32_t days_before(uint32_t month)
{
	return (153 * month + 2) / 5;
}

/* The year of an era in which a day lies: never too early by more than one. */
static uint32_t year_of(uint32_t day)
{
	uint32_t year = day / 366;

	while ((year + 1) * 365 + leap_days(year + 1) <= day)
		year++;
	return year;
}

static void day_split(uint32_t days, struct calendar *date)
{
	uint32_t era = days / ERA_DAYS;
	uint32_t day = days % ERA_DAYS;
	uint32_t year = year_of(day);
	uint32_t month = 0;

	day -= year * 365 + leap_days(year);
	while (month < 11 && days_before(month + 1) <= day)
		month++;
	date->day = day - days_before(month) + 1;
	date->month = month < 10 ? month + 3 : month - 9;
	date->year = era * ERA_YEARS + year + (month >= 10);
}

struct calendar calendar_of(int64_t seconds)
{
	uint32_t days = (uint32_t)(seconds / DAY_SECONDS);
	uint32_t rest = (uint32_t)(seconds % DAY_SECONDS);
	struct calendar date = {
		.hour = rest / 3600,
		.minute = rest / 60 % 60,
		.second = rest % 60,
		.weekday = (days + EPOCH_WEEKDAY) % 7,
	};

	day_split(days + EPOCH_DAYS, &date);
	return date;
}

static int64_t seconds_unchecked(const struct calendar *date)
{
	uint32_t month = date->month > 2 ? date->month - 3 : date->month + 9;
	uint32_t year = date->year - (date->month <= 2);
	int64_t days = (int64_t)year * 365 + leap_days(year) +
		       days_before(month) + date->day - 1 - EPOCH_DAYS;

	return days * DAY_SECONDS + date->hour * 3600 + date->minute * 60 +
	       date->second;
}

/* A day that the month does not have comes back as another one. */
int64_t calendar_seconds(const struct calendar *date)
{
	struct calendar back;
	int64_t seconds;

	if (date->year < 1970 || date->year > 9999 || date->month < 1 ||
	    date->month > 12 || date->day < 1 || date->day > 31 ||
	    date->hour > 23 || date->minute > 59 || date->second > 59)
		return -1;
	seconds = seconds_unchecked(date);
	back = calendar_of(seconds);
	return back.day == date->day ? seconds : -1;
}

/* A number of exactly @digits digits, and what must follow it. */
static int field_read(const char **text, unsigned digits, char end,
		      uint32_t *value)
{
	*value = 0;
	for (; digits; digits--, ++*text) {
		if (**text < '0' || **text > '9')
			return 0;
		*value = *value * 10 + (uint32_t)(**text - '0');
	}
	return *(*text)++ == end;
}

int calendar_read(const char *day, const char *time, struct calendar *date)
{
	*date = (struct calendar){ 0 };
	return field_read(&day, 4, '-', &date->year) &&
	       field_read(&day, 2, '-', &date->month) &&
	       field_read(&day, 2, 0, &date->day) &&
	       field_read(&time, 2, ':', &date->hour) &&
	       field_read(&time, 2, ':', &date->minute) &&
	       field_read(&time, 2, 0, &date->second);
}

void calendar_text(int64_t seconds, char text[CALENDAR_TEXT_BYTES])
{
	static const char weekday[7][4] = { "Sun", "Mon", "Tue", "Wed",
					    "Thu", "Fri", "Sat" };
	struct calendar date;

	if (seconds < 0 || seconds > CALENDAR_LAST) {
		glue_snprintf(text, CALENDAR_TEXT_BYTES, "second %ld", seconds);
		return;
	}
	date = calendar_of(seconds);
	glue_snprintf(text, CALENDAR_TEXT_BYTES,
		      "%s %04u-%02u-%02u "
		      "%02u:%02u:%02u",
		      weekday[date.weekday], date.year, date.month, date.day,
		      date.hour, date.minute, date.second);
}
