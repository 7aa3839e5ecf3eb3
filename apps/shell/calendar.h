/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calendar.h - seconds since 1970 as dates of the Gregorian calendar, UTC.
 *
 * Pure functions, tested on the host against its C library.
 */
#ifndef SHELL_CALENDAR_H
#define SHELL_CALENDAR_H

#include <stdint.h>

/* The years that are shown and read with four digits. */
#define CALENDAR_LAST 253402300799l /* 9999-12-31 23:59:59 */

struct calendar {
	uint32_t year;
	uint32_t month; /* 1..12 */
	uint32_t day;	/* 1..31 */
	uint32_t hour;
	uint32_t minute;
	uint32_t second;
	uint32_t weekday; /* 0 is Sunday */
};

/* @seconds: 0..CALENDAR_LAST */
struct calendar calendar_of(int64_t seconds);

/* Return: seconds; -1 if there is no such date from 1970 to 9999. */
int64_t calendar_seconds(const struct calendar *date);

/* "2026-11-21" and "03:04:05" into @date. Return: 0 if they look otherwise. */
int calendar_read(const char *day, const char *time, struct calendar *date);

/* "Sat 2026-11-21 03:04:05" */
#define CALENDAR_TEXT_BYTES 32u
void calendar_text(int64_t seconds, char text[CALENDAR_TEXT_BYTES]);

#endif
