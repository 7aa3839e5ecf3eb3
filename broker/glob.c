/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glob.c - the patterns of match= lists, and lists of them.
 *
 * A star remembers where it stood; on a mismatch it takes one more character
 * and the match goes on from there. Only the last star can matter, so there is
 * no recursion, and time is bounded by pattern length times text length.
 */
#include <stddef.h>
#include <glue/string.h>

#include "policy.h"

#define GLOB_BYTES_MAX 128u

/* Match one character against a set that begins after '['; *end: past ']'.
 * A set without an end matches nothing. */
static int set_match(const char *set, char c, const char **end)
{
	int found = 0;

	while (*set != '\0' && *set != ']') {
		if (set[1] == '-' && set[2] != '\0' && set[2] != ']') {
			found |= c >= set[0] && c <= set[2];
			set += 3;
		} else {
			found |= c == *set++;
		}
	}
	*end = set + 1;
	return found && *set == ']';
}

/* Match one element that is not a star. Return: what follows it, or NULL. */
static const char *element_match(const char *glob, char c)
{
	const char *end;

	if (*glob == '[')
		return set_match(glob + 1, c, &end) ? end : NULL;
	if (*glob != '\0' && (*glob == '?' || *glob == c))
		return glob + 1;
	return NULL;
}

int broker_glob_match(const char *glob, const char *text)
{
	const char *star = NULL, *retry = NULL;

	while (*text != '\0') {
		const char *after;

		if (*glob == '*') {
			star = ++glob;
			retry = text;
			continue;
		}
		after = element_match(glob, *text);
		if (after) {
			glob = after;
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
	return *glob == '\0';
}

/* Does a glob begin here: a bus name and a colon, as in "virtio:"? */
static int is_glob_start(const char *text)
{
	while ((*text >= 'a' && *text <= 'z') || (*text >= '0' && *text <= '9'))
		text++;
	return *text == ':';
}

/* Bytes of the first glob of a list. "arm,pl011" has a comma of its own. */
static size_t glob_bytes(const char *list)
{
	size_t n = 0;

	while (list[n] != '\0' &&
	       !(list[n] == ',' && is_glob_start(list + n + 1)))
		n++;
	return n;
}

/* Nearly all globs begin with another bus's name than the text. */
static int may_match(const char *glob, const char *text)
{
	return *glob == *text || *glob == '*' || *glob == '?' || *glob == '[';
}

int broker_match_list(const char *list, const char *text)
{
	while (*list != '\0') {
		char glob[GLOB_BYTES_MAX];
		size_t n = glob_bytes(list);

		if (n > 0 && n < sizeof(glob) && may_match(list, text)) {
			memcpy(glob, list, n);
			glob[n] = '\0';
			if (broker_glob_match(glob, text))
				return 1;
		}
		list += list[n] == ',' ? n + 1 : n;
	}
	return 0;
}
