/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_blk_bulk.c - commands on many sectors: sum, fill, check, copy.
 *
 * All of them stream (stream.h) and differ only in what they do with a piece.
 */
#include <glue/pattern.h>
#include <glue/sha256.h>
#include <glue/string.h>

#include "command.h"
#include "console.h"
#include "request.h"
#include "stream.h"

/* Guest time says how long a person waited; see cmd_blk_bench.c for cost. */
static void rate_print(uint64_t start_ticks, uint64_t sectors)
{
	uint64_t ms = glue_ticks_to_ns(glue_time_ticks() - start_ticks) /
		      1000000;

	console_printf("%lu KiB in %lu ms of guest time\n", sectors / 2, ms);
}

/* --- sum ---------------------------------------------------------------- */

/* Pieces come in order of sectors, which is what a digest needs. */
static int sum_piece(void *ctx, uint64_t sector, uint8_t *data, uint32_t bytes)
{
	(void)sector;
	glue_sha256_feed(ctx, data, bytes);
	return 1;
}

/* Without SECTOR and COUNT the range is the whole disk, also one of size 0. */
static void sum_open(struct disk *disk, int argc, char **argv)
{
	uint64_t sector = 0, count = disk->blk.info.sectors;
	uint64_t start = glue_time_ticks();
	char hex[GLUE_SHA256_HEX_BYTES];
	struct glue_sha256 sum;

	if (argc == 3 && !disk_range(disk, argv + 1, &sector, &count))
		return;
	glue_sha256_start(&sum);
	if (!stream_run(disk, GLUE_BLOCK_READ, sector, count, sum_piece, &sum))
		return;
	glue_sha256_finish(&sum, hex);
	console_printf("%s  %s\n", hex, disk->name);
	rate_print(start, count);
}

/* blk sum: the same digest as sha256sum of the image on the host. */
void cmd_blk_sum(int argc, char **argv)
{
	if (argc == 2) {
		console_printf("usage: blk sum N [SECTOR COUNT]: COUNT is "
			       "missing\n");
		return;
	}
	if (!disk_open(&disk_first, argv[0], STREAM_LEND_BYTES))
		return;
	sum_open(&disk_first, argc, argv);
	disk_close(&disk_first);
}

/* --- fill and check ----------------------------------------------------- */

#define WORDS_A_SECTOR (GLUE_BLOCK_SECTOR_BYTES / sizeof(uint64_t))

/* The place of a word decides its value, so pieces need no common state. */
static int fill_piece(void *ctx, uint64_t sector, uint8_t *data, uint32_t bytes)
{
	const uint64_t *seed = ctx;
	uint64_t *word = (uint64_t *)data;
	uint32_t i;

	for (i = 0; i < bytes / sizeof(*word); i++)
		word[i] = glue_pattern_word(*seed, sector * WORDS_A_SECTOR + i);
	return 1;
}

/* The first difference ends the check: the rest would rarely tell more. */
static int check_piece(void *ctx, uint64_t sector, uint8_t *data,
		       uint32_t bytes)
{
	const uint64_t *seed = ctx, *word = (const uint64_t *)data;
	uint64_t right;
	uint32_t i;

	for (i = 0; i < bytes / sizeof(*word); i++) {
		right = glue_pattern_word(*seed, sector * WORDS_A_SECTOR + i);
		if (word[i] == right)
			continue;
		console_printf("differs at sector %lu, byte %lu: read %016lx, "
			       "pattern %016lx\n",
			       sector + i / WORDS_A_SECTOR,
			       i % WORDS_A_SECTOR * sizeof(*word), word[i],
			       right);
		return 0;
	}
	return 1;
}

/* Fill and check differ in direction and in what is done with a piece. */
static void pattern_open(struct disk *disk, char **argv, enum glue_block_op op,
			 stream_piece piece, const char *done)
{
	uint64_t sector, count, seed, start = glue_time_ticks();

	if (!disk_range(disk, argv + 1, &sector, &count) ||
	    !disk_number(argv[3], "SEED", &seed) ||
	    !stream_run(disk, op, sector, count, piece, &seed))
		return;
	console_printf("%s: %lu sectors at %lu %s\n", disk->name, count, sector,
		       done);
	rate_print(start, count);
}

/* blk fill: the way to write many sectors that the host can predict. */
void cmd_blk_fill(int argc, char **argv)
{
	(void)argc;
	if (!disk_open(&disk_first, argv[0], STREAM_LEND_BYTES))
		return;
	pattern_open(&disk_first, argv, GLUE_BLOCK_WRITE, fill_piece, "filled");
	disk_close(&disk_first);
}

/* blk check: needs nothing but the seed, also after a reboot. */
void cmd_blk_check(int argc, char **argv)
{
	(void)argc;
	if (!disk_open(&disk_first, argv[0], STREAM_LEND_BYTES))
		return;
	pattern_open(&disk_first, argv, GLUE_BLOCK_READ, check_piece,
		     "hold the pattern");
	disk_close(&disk_first);
}

/* --- copy --------------------------------------------------------------- */

/* Where the pieces read from one disk go on the other. */
struct copy {
	struct disk *to;
	uint64_t from_sector;
	uint64_t to_sector;
	uint8_t *data; /* STREAM_PIECE_BYTES in the target's region */
};

/* The two disks' drivers share no memory, so a piece is copied between. */
static int copy_piece(void *ctx, uint64_t sector, uint8_t *data, uint32_t bytes)
{
	struct copy *copy = ctx;
	uint64_t target = copy->to_sector + (sector - copy->from_sector);
	uint32_t count = bytes / GLUE_BLOCK_SECTOR_BYTES;
	enum k_err err;

	memcpy(copy->data, data, bytes);
	err = request_run(copy->to, GLUE_BLOCK_WRITE, target, count,
			  copy->data);
	if (err)
		disk_complain(copy->to, "write", target, count, err);
	return !err;
}

/* Both ranges are checked before the first sector moves. */
static void copy_open(struct disk *from, struct disk *to, char **argv)
{
	char *target[2] = { argv[3], argv[4] };
	struct copy copy = { .to = to };
	uint64_t count;

	if (!disk_range(from, (char *[]){ argv[1], argv[4] }, &copy.from_sector,
			&count) ||
	    !disk_range(to, target, &copy.to_sector, &count))
		return;
	copy.data = glue_block_alloc(&to->blk, STREAM_PIECE_BYTES, 0);
	if (copy.data && stream_run(from, GLUE_BLOCK_READ, copy.from_sector,
				    count, copy_piece, &copy))
		console_printf("%s: %lu sectors at %lu copied to %s at %lu\n",
			       from->name, count, copy.from_sector, to->name,
			       copy.to_sector);
}

/* blk copy: disks N and M may be the same if the ranges do not overlap. */
void cmd_blk_copy(int argc, char **argv)
{
	struct disk *from = &disk_first, *to = &disk_second;

	(void)argc;
	if (!disk_open(from, argv[0], STREAM_LEND_BYTES))
		return;
	if (disk_open(to, argv[2], STREAM_PIECE_BYTES)) {
		copy_open(from, to, argv);
		disk_close(to);
	}
	disk_close(from);
}
