/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * split.h - cuts a range into naturally aligned powers of two.
 */
#ifndef BOOT_SPLIT_H
#define BOOT_SPLIT_H

#include <stdint.h>
#include <abi/object.h>

/**
 * split_bits - log2 of the largest block that starts at @start and fits.
 *
 * Taking it again and again cuts [start, end) into the fewest possible blocks.
 * Return: 0 if not even the smallest untyped fits.
 */
static inline unsigned int split_bits(uint64_t start, uint64_t end)
{
	unsigned int bits = ABI_UNTYPED_MAX_BITS;

	if (start)
		bits = (unsigned int)__builtin_ctzll(start);
	if (bits > ABI_UNTYPED_MAX_BITS)
		bits = ABI_UNTYPED_MAX_BITS;
	while (bits >= ABI_UNTYPED_MIN_BITS && end - start < 1ull << bits)
		bits--;
	return start < end && bits >= ABI_UNTYPED_MIN_BITS ? bits : 0;
}

#endif
