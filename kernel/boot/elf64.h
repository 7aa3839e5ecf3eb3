/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * elf64.h - the two ELF structures the kernel reads.
 *
 * Source: ELF-64 Object File Format 1.5, figures 2 and 6; machine number from
 * ELF for the Arm 64-bit Architecture.
 */
#ifndef BOOT_ELF64_H
#define BOOT_ELF64_H

#include <stdint.h>

/* clang-format off */
#define ELF_CLASS		4      /* index into ident                 */
#define ELF_CLASS_64		2
#define ELF_DATA		5
#define ELF_DATA_LITTLE		1
#define ELF_TYPE_EXEC		2
#define ELF_MACHINE_AARCH64	183
#define ELF_SEGMENT_LOAD	1

struct elf64_header {
	uint8_t ident[16];
	uint16_t type;
	uint16_t machine;
	uint32_t version;
	uint64_t entry;
	uint64_t phoff;
	uint64_t shoff;
	uint32_t flags;
	uint16_t ehsize;
	uint16_t phentsize;
	uint16_t phnum;
	uint16_t shentsize;
	uint16_t shnum;
	uint16_t shstrndx;
};

struct elf64_segment {
	uint32_t type;
	uint32_t flags;        /* 1 execute, 2 write, 4 read               */
	uint64_t offset;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
	uint64_t align;
};
/* clang-format on */

_Static_assert(sizeof(struct elf64_header) == 64, "ELF-64, figure 2");
_Static_assert(sizeof(struct elf64_segment) == 56, "ELF-64, figure 6");

#endif
