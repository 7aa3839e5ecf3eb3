/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ranges.c - a small sorted set of address ranges, for memory at boot.
 *
 * A plain array: boot handles a dozen ranges, and a full set is an error that
 * the caller reports.
 */
#include <boot/ranges.h>

/* Put @range at index @at, moving the rest up. The set is not full. */
static void range_insert(struct ranges *set, unsigned int at,
			 struct range range)
{
	unsigned int i;

	for (i = set->count++; i > at; i--)
		set->list[i] = set->list[i - 1];
	set->list[at] = range;
}

static void range_delete(struct ranges *set, unsigned int at)
{
	for (set->count--; at < set->count; at++)
		set->list[at] = set->list[at + 1];
}

bool ranges_add(struct ranges *set, uint64_t start, uint64_t end)
{
	struct range range = { start, end };
	unsigned int at = 0;

	if (start >= end)
		return true;
	while (at < set->count && set->list[at].end < start)
		at++;
	if (set->count == RANGES_MAX &&
	    (at == set->count || set->list[at].start > end))
		return false;
	while (at < set->count && set->list[at].start <= range.end) {
		if (set->list[at].start < range.start)
			range.start = set->list[at].start;
		if (set->list[at].end > range.end)
			range.end = set->list[at].end;
		range_delete(set, at);
	}
	range_insert(set, at, range);
	return true;
}

/* Take [start, end) out of entry @at; returns how many entries remain of it. */
static unsigned int range_cut(struct ranges *set, unsigned int at,
			      uint64_t start, uint64_t end)
{
	struct range old = set->list[at];
	unsigned int left = 0;

	range_delete(set, at);
	if (old.start < start)
		range_insert(set, at + left++,
			     (struct range){ old.start, start });
	if (end < old.end)
		range_insert(set, at + left++, (struct range){ end, old.end });
	return left;
}

bool ranges_remove(struct ranges *set, uint64_t start, uint64_t end)
{
	unsigned int at = 0;

	if (start >= end)
		return true;
	while (at < set->count && set->list[at].end <= start)
		at++;
	if (set->count == RANGES_MAX && at < set->count &&
	    set->list[at].start < start && end < set->list[at].end)
		return false;
	while (at < set->count && set->list[at].start < end)
		at += range_cut(set, at,
				start > set->list[at].start ?
					start :
					set->list[at].start,
				end < set->list[at].end ? end :
							  set->list[at].end);
	return true;
}

uint64_t ranges_bytes(const struct ranges *set)
{
	uint64_t bytes = 0;
	unsigned int i;

	for (i = 0; i < set->count; i++)
		bytes += set->list[i].end - set->list[i].start;
	return bytes;
}

bool ranges_contain(const struct ranges *set, uint64_t start, uint64_t end)
{
	unsigned int i;

	for (i = 0; i < set->count; i++) {
		if (set->list[i].start <= start && end <= set->list[i].end)
			return true;
	}
	return false;
}

bool ranges_fit(const struct ranges *set, uint64_t bytes, uint64_t align,
		uint64_t *place, uint64_t *largest)
{
	const struct range *range;
	uint64_t at;
	unsigned int i;

	*largest = 0;
	for (i = 0; i < set->count; i++) {
		range = &set->list[i];
		at = (range->start + align - 1) & ~(align - 1);
		if (at >= range->start && at < range->end &&
		    range->end - at >= bytes) {
			*place = at;
			return true;
		}
		if (range->end - range->start > *largest)
			*largest = range->end - range->start;
	}
	return false;
}
