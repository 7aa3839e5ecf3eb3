/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_make.h - making ELF files and cpio archives to feed to the broker.
 */
#ifndef BROKER_MAKE_H
#define BROKER_MAKE_H

#include <stddef.h>
#include <stdint.h>

#define MAKE_X 1u
#define MAKE_W 2u
#define MAKE_R 4u

struct make_segment {
	uint32_t flags;
	uint64_t vaddr;
	uint64_t file_bytes; /* filled with 0x41, 0x42, ... by segment */
	uint64_t mem_bytes;
};

/* Offsets of fields, for tests that damage them. */
#define MAKE_PH(i)	  (64u + 56u * (i))
#define MAKE_PH_FLAGS(i)  (MAKE_PH(i) + 4)
#define MAKE_PH_OFFSET(i) (MAKE_PH(i) + 8)
#define MAKE_PH_VADDR(i)  (MAKE_PH(i) + 16)
#define MAKE_PH_FILE(i)	  (MAKE_PH(i) + 32)
#define MAKE_PH_MEM(i)	  (MAKE_PH(i) + 40)

/* Write an AArch64 executable. Return: its size. */
size_t make_elf(uint8_t *image, uint64_t entry, unsigned int n,
		const struct make_segment *segment);

/* Two segments, code at 0x400000 and data with .bss at 0x402000. */
size_t make_simple_elf(uint8_t *image);

/* Append a member to a newc archive; the last has name NULL. */
size_t make_cpio(uint8_t *archive, size_t at, const char *name,
		 const void *data, size_t bytes);

void make_put(uint8_t *at, uint64_t value, unsigned int bytes);

#endif
