/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * elf.h - reading a program's ELF file without trusting one byte of it.
 *
 * Accepted: static AArch64 executables whose segments are page-disjoint, lie in
 * the image area of the address plan, and are never writable and executable at
 * once. Everything else is refused with the reason in words. Pure logic: no
 * memory is mapped here. Source: System V ABI, chapter 5 (program header).
 * Read next: broker/loader.c
 */
#ifndef BROKER_ELF_H
#define BROKER_ELF_H

#include <stddef.h>
#include <stdint.h>
#include <glue/err.h>

#include "archive.h"

#define BROKER_ELF_SEGMENTS_MAX 8

struct broker_segment {
	uint64_t vaddr;	    /* of the first byte, any alignment */
	uint64_t mem_bytes; /* the part past file_bytes is zero */
	uint64_t file_bytes;
	const uint8_t *data; /* those bytes, in the file or in "shared" */
	uint32_t writable;
	uint32_t executable;
};

struct broker_elf {
	uint64_t entry;
	uint32_t n_segments; /* ascending addresses */
	struct broker_segment segment[BROKER_ELF_SEGMENTS_MAX];
};

/**
 * broker_elf_read - check a program and list its segments.
 * @file:   need not be aligned
 * @shared: the file with the segments that several programs have
 * @elf:   out: filled only with K_OK
 * @why:   out: what is wrong, in words; "" with K_OK
 *
 * Return: K_OK or K_ERR_FORMAT.
 */
enum k_err broker_elf_read(const struct broker_file *file,
			   const struct broker_file *shared,
			   struct broker_elf *elf, const char **why);

/* First page and number of pages that a segment touches. */
uint64_t broker_segment_page(const struct broker_segment *segment);
uint32_t broker_segment_pages(const struct broker_segment *segment);

#endif
