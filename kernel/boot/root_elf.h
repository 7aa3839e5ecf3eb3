/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * root_elf.h - checks the root task's ELF file and answers questions about it.
 *
 * Portable: the unit tests run it on the host.
 */
#ifndef BOOT_ROOT_ELF_H
#define BOOT_ROOT_ELF_H

#include <boot/complaint.h>

#define ROOT_SEGMENTS_MAX 16u

/* clang-format off */
/* Segment and page rights, as in p_flags. */
#define ROOT_EXECUTE	1u
#define ROOT_WRITE	2u
#define ROOT_READ	4u
/* clang-format on */

struct root_segment {
	uint64_t vaddr;
	uint64_t offset;     /* in the file */
	uint64_t file_bytes; /* the rest up to bytes is zero */
	uint64_t bytes;
	uint32_t flags;
};

struct root_elf {
	const char *file;
	uint64_t entry;
	uint64_t start; /* page-aligned borders of all segments */
	uint64_t end;
	unsigned int count;
	struct root_segment segment[ROOT_SEGMENTS_MAX];
};

/**
 * root_elf_read - check everything, then fill in @elf.
 * @file, @bytes: the initrd
 *
 * Return: false with @c filled in; the file may hold any bytes.
 * Source: ELF-64 Object File Format 1.5; ELF for the Arm 64-bit Architecture.
 */
bool root_elf_read(const void *file, uint64_t bytes, struct root_elf *elf,
		   struct complaint *c);

/**
 * root_elf_page_flags - rights of the page at @vaddr.
 * A page two segments touch gets both's rights; one in a gap read and write.
 */
uint32_t root_elf_page_flags(const struct root_elf *elf, uint64_t vaddr);

/* root_elf_page_filled - is the page covered by one segment's file bytes? */
bool root_elf_page_filled(const struct root_elf *elf, uint64_t vaddr);

#endif
