/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pattern.h - the test pattern of `blk fill`, and of TCP's source on port 19.
 *
 * Each 8-byte word of a disk or stream gets a value that depends on the seed
 * and on the word's place only, so any part can be made or checked by itself,
 * and tests/tools/pattern.py makes the same bytes on the host.
 */
#ifndef GLUE_PATTERN_H
#define GLUE_PATTERN_H

#include <stdint.h>

/**
 * glue_pattern_word - the 64-bit value at a place, stored little-endian.
 * @word: number of the word since the start (64 a sector of a disk)
 *
 * A bijective mix of 64 bits; the constants are those of SplitMix64's
 * finaliser. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014, figure 16.
 */
static inline uint64_t glue_pattern_word(uint64_t seed, uint64_t word)
{
	uint64_t z = seed + (word + 1) * 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

#endif
