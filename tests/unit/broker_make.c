/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_make.c - well-formed files, byte by byte; tests then damage them.
 */
#include "broker_make.h"

#include <stdio.h>
#include <string.h>

void make_put(uint8_t *at, uint64_t value, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

size_t make_elf(uint8_t *image, uint64_t entry, unsigned int n,
		const struct make_segment *segment)
{
	static const uint8_t ident[8] = { 0x7f, 'E', 'L', 'F', 2, 1, 1, 0 };
	size_t at = MAKE_PH(n);

	memset(image, 0, at);
	memcpy(image, ident, sizeof(ident));
	make_put(image + 16, 2, 2);
	make_put(image + 18, 183, 2);
	make_put(image + 20, 1, 4);
	make_put(image + 24, entry, 8);
	make_put(image + 32, 64, 8);
	make_put(image + 52, 64, 2);
	make_put(image + 54, 56, 2);
	make_put(image + 56, n, 2);
	for (unsigned int i = 0; i < n; i++) {
		uint8_t *ph = image + MAKE_PH(i);

		make_put(ph, 1, 4);
		make_put(ph + 4, segment[i].flags, 4);
		make_put(ph + 8, at, 8);
		make_put(ph + 16, segment[i].vaddr, 8);
		make_put(ph + 32, segment[i].file_bytes, 8);
		make_put(ph + 40, segment[i].mem_bytes, 8);
		memset(image + at, 0x41 + (int)i, segment[i].file_bytes);
		at += segment[i].file_bytes;
	}
	return at;
}

size_t make_simple_elf(uint8_t *image)
{
	static const struct make_segment segment[2] = {
		{ MAKE_R | MAKE_X, 0x400000, 0x1100, 0x1100 },
		{ MAKE_R | MAKE_W, 0x402010, 0x20, 0x3000 },
	};

	return make_elf(image, 0x400000, 2, segment);
}

size_t make_cpio(uint8_t *archive, size_t at, const char *name,
		 const void *data, size_t bytes)
{
	const char *member = name ? name : "TRAILER!!!";
	size_t name_bytes = strlen(member) + 1;

	at += (size_t)sprintf(
		(char *)archive + at,
		"070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x",
		1, 0100644, 0, 0, 1, 0, bytes, 0, 0, 0, 0, name_bytes, 0);
	memcpy(archive + at, member, name_bytes);
	at += name_bytes;
	while (at % 4 != 0)
		archive[at++] = 0;
	if (bytes > 0)
		memcpy(archive + at, data, bytes);
	at += bytes;
	while (at % 4 != 0)
		archive[at++] = 0;
	return at;
}
