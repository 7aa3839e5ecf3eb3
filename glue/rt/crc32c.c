/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crc32c.c - CRC-32C of memory: 8 bytes an instruction, 64 a round.
 */
#include <glue/crc32c.h>

#define ADD(crc, word) __builtin_aarch64_crc32cx(crc, word)

uint32_t glue_crc32c(uint32_t crc, const uint64_t *data, uint32_t words)
{
	for (; words; words -= 8, data += 8) {
		crc = ADD(crc, data[0]);
		crc = ADD(crc, data[1]);
		crc = ADD(crc, data[2]);
		crc = ADD(crc, data[3]);
		crc = ADD(crc, data[4]);
		crc = ADD(crc, data[5]);
		crc = ADD(crc, data[6]);
		crc = ADD(crc, data[7]);
	}
	return crc;
}
