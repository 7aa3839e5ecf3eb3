/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crc32c.c - CRC-32C on the host, bit by bit; AArch64 has an instruction.
 */
#include <glue/crc32c.h>

/* Castagnoli's polynomial, bits reversed. Source: RFC 3720, 12.1. */
#define POLYNOMIAL 0x82f63b78u

static uint32_t byte_add(uint32_t crc, uint8_t byte)
{
	crc ^= byte;
	for (int bit = 0; bit < 8; bit++)
		crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
	return crc;
}

uint32_t glue_crc32c(uint32_t crc, const uint64_t *data, uint32_t words)
{
	const uint8_t *byte = (const uint8_t *)data;

	for (uint32_t i = 0; i < words * 8; i++)
		crc = byte_add(crc, byte[i]);
	return crc;
}
