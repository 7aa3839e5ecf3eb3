/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * complaint.h - why the machine or the root task cannot be used.
 *
 * Boot code that checks data from outside fills one in and returns false; only
 * main.c prints it and powers off. So the checks run on the host as well.
 */
#ifndef BOOT_COMPLAINT_H
#define BOOT_COMPLAINT_H

#include <stdbool.h>
#include <stdint.h>

struct complaint {
	const char *what;   /* one line: what is wrong, what to do */
	const char *name_a; /* names of the two values, or NULL */
	const char *name_b;
	uint64_t a;
	uint64_t b;
};

/* complain - fill in @c; returns false, for the caller to return. */
static inline bool complain(struct complaint *c, const char *what)
{
	*c = (struct complaint){ .what = what };
	return false;
}

/* complain_values - the same, with two values that show the reader more. */
static inline bool complain_values(struct complaint *c, const char *what,
				   const char *name_a, uint64_t a,
				   const char *name_b, uint64_t b)
{
	*c = (struct complaint){ what, name_a, name_b, a, b };
	return false;
}

#endif
