/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * broker_make.c - a small program, and the archive that mk/archive.py makes of it.
 */
#include "broker_make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MAKE_X 1u
#define MAKE_W 2u
#define MAKE_R 4u

struct make_segment {
	uint32_t flags;
	uint64_t vaddr;
	uint64_t file_bytes; /* filled with 0x41, 0x42, ... by segment */
	uint64_t mem_bytes;
};

#define MAKE_PH(i) (64u + 56u * (i))

static void make_put(uint8_t *at, uint64_t value, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

static size_t make_elf(uint8_t *image, uint64_t entry, unsigned int n,
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

/* Two segments, code at 0x400000 and data with .bss at 0x402000. */
static size_t make_simple_elf(uint8_t *image)
{
	static const struct make_segment segment[2] = {
		{ MAKE_R | MAKE_X, 0x400000, 0x1100, 0x1100 },
		{ MAKE_R | MAKE_W, 0x402010, 0x20, 0x3000 },
	};

	size_t bytes = make_elf(image, 0x400000, 2, segment);

	make_put(image + MAKE_PH(2) + 0x1000, 0x14000010, 4); /* a branch */
	return bytes;
}

static void write_file(const char *folder, const char *name, const void *data,
		       size_t bytes)
{
	char path[64];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	out = fopen(path, "wb");
	assert_non_null(out);
	assert_int_equal(fwrite(data, 1, bytes, out), bytes);
	fclose(out);
}

size_t make_archive(const char *manifest, void *archive, size_t room)
{
	static uint8_t elf[16384];
	char folder[] = "/tmp/broker_make_XXXXXX", line[512];
	size_t bytes = make_simple_elf(elf);
	FILE *in;

	assert_non_null(mkdtemp(folder));
	write_file(folder, "a.elf", elf, bytes);
	write_file(folder, "manifest.txt", manifest, strlen(manifest));
	snprintf(line, sizeof(line),
		 "python3 -B mk/archive.py %s/out %s/manifest.txt %s/a.elf",
		 folder, folder, folder);
	assert_int_equal(system(line), 0);
	snprintf(line, sizeof(line), "%s/out", folder);
	in = fopen(line, "rb");
	assert_non_null(in);
	bytes = fread(archive, 1, room, in);
	fclose(in);
	snprintf(line, sizeof(line), "rm -r %s", folder);
	assert_int_equal(system(line), 0);
	return bytes;
}
