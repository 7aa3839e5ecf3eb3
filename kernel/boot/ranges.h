/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ranges.h - a small sorted set of address ranges, for memory at boot.
 *
 * Portable: the unit tests run it on the host.
 */
#ifndef BOOT_RANGES_H
#define BOOT_RANGES_H

#include <stdbool.h>
#include <stdint.h>

#define RANGES_MAX 64u

struct range {
	uint64_t start;
	uint64_t end; /* one past the last byte */
};

/* Sorted, disjoint, not touching, none empty. All zero is the empty set. */
struct ranges {
	unsigned int count;
	struct range list[RANGES_MAX];
};

/**
 * ranges_add - the set becomes its union with [start, end).
 * Return: false, and no change, if it would need more than RANGES_MAX.
 */
bool ranges_add(struct ranges *set, uint64_t start, uint64_t end);

/**
 * ranges_remove - take [start, end) out of the set.
 * Return: false, and no change, if it would need more than RANGES_MAX.
 */
bool ranges_remove(struct ranges *set, uint64_t start, uint64_t end);

/* ranges_bytes - sum of all lengths. */
uint64_t ranges_bytes(const struct ranges *set);

/* ranges_contain - does one range cover [start, end) whole? */
bool ranges_contain(const struct ranges *set, uint64_t start, uint64_t end);

/**
 * ranges_fit - the lowest place for @bytes, aligned to @align (power of two).
 * Return: false if there is none; *@largest is then the longest range.
 */
bool ranges_fit(const struct ranges *set, uint64_t bytes, uint64_t align,
		uint64_t *place, uint64_t *largest);

#endif
