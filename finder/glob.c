/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glob.c - does a device's alias match what a program's line asks for?
 */
#include "glob.h"

#include <stddef.h>

static int is_end(char c)
{
	return c == '\0' || c == ' ';
}

/* On a mismatch the last star takes one more character, and the match goes on
 * from there: no recursion, and time is bounded by both lengths. */
static int glob_match(const char *glob, const char *text)
{
	const char *star = NULL, *retry = text;

	while (*text != '\0') {
		if (*glob == '*') {
			star = ++glob;
			retry = text;
		} else if (!is_end(*glob) && (*glob == '?' || *glob == *text)) {
			glob++;
			text++;
		} else if (star) {
			glob = star;
			text = ++retry;
		} else {
			return 0;
		}
	}
	while (*glob == '*')
		glob++;
	return is_end(*glob);
}

int finder_match_list(const char *list, const char *text)
{
	while (*list != '\0') {
		if (glob_match(list, text))
			return 1;
		while (!is_end(*list))
			list++;
		list += *list == ' ';
	}
	return 0;
}
