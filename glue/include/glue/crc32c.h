/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crc32c.h - CRC-32C (Castagnoli) of memory, by the processor's instruction.
 *
 * Every core that QEMU's `virt` offers has it, and -mcpu=cortex-a53, for which all
 * programs are compiled, includes it. On the host: tests/unit/fake/crc32c.c.
 */
#ifndef GLUE_CRC32C_H
#define GLUE_CRC32C_H

#include <stdint.h>

#define GLUE_CRC32C_BEGIN 0xffffffffu

/**
 * glue_crc32c - add memory to a sum.
 * @crc:   GLUE_CRC32C_BEGIN, or what was returned for the memory before
 * @words: of 8 bytes, a multiple of 8
 *
 * Return: the sum, without the inversion at the end that some protocols want.
 * Source: RFC 3720, 12.1 (the polynomial); DDI 0487, CRC32CX.
 */
uint32_t glue_crc32c(uint32_t crc, const uint64_t *data, uint32_t words);

#endif
