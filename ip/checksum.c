/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * checksum.c - the Internet checksum's sum, eight bytes at a time.
 *
 * Sums of 16-bit words modulo 2^16 - 1 may be taken in any width that is a
 * multiple of 16 and folded at the end, in either byte order.
 * Source: RFC 1071, sections 1 and 2.
 */
#include <glue/string.h>
#include <lwip/arch.h>

/* Add with the carry brought round to the lowest bit. */
static uint64_t add_around(uint64_t sum, uint64_t word)
{
	sum += word;
	return sum + (sum < word);
}

/* The next @bytes (1..8) as a number, zeroes behind them. */
static uint64_t word_read(const uint8_t *p, size_t bytes)
{
	uint64_t word = 0;

	memcpy(&word, p, bytes);
	return word;
}

/* The first byte of @data is the first of a 16-bit word, wherever it lies. */
uint16_t ip_checksum_add(const void *data, size_t bytes)
{
	const uint8_t *p = data;
	uint64_t sum = 0;

	/* Bring p to a multiple of 8: then a load of 8 bytes is one load. */
	if ((uintptr_t)p % 2 == 0) {
		for (; (uintptr_t)p % 8 != 0 && bytes >= 2; bytes -= 2, p += 2)
			sum += word_read(p, 2);
		for (; bytes >= 8; bytes -= 8, p += 8)
			sum = add_around(sum, *(const uint64_t *)p);
	}
	for (; bytes >= 8; bytes -= 8, p += 8)
		sum = add_around(sum, word_read(p, 8));
	sum = add_around(sum, bytes ? word_read(p, bytes) : 0);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}
