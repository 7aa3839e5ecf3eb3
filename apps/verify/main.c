/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - verify: a client of a disk that knows what every sector must hold.
 *
 *	run verify DISK SEED MS [break|each|slow]
 *
 * Writes the first VERIFY_SECTORS of the disk, makes random requests for MS
 * milliseconds, and reads all of them again at the end; with `each` also when the
 * driver lives again, and its requests are small; with `slow` it rests in between. `break` changes three
 * sectors behind the model's back before that: one stale, one foreign and one
 * torn sector must be found. Exit status 0 only if nothing was wrong.
 */
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "../args.h"
#include "verify.h"

#define LEND_BYTES  (1u << 20) /* the traffic's and our own piece */
#define PIECE	    128u       /* sectors */
#define PIECE_BYTES (PIECE * GLUE_BLOCK_SECTOR_BYTES)
#define ANSWER_NS   10000000000ul
#define MS_MAX	    3600000ul
#define SLOW_NS	    500000ul
#define US_PER_S    1000000ul
#define WRONG	    1 /* exit status */
#define USAGE	    2

static struct glue_block blk;
static struct verify_model model;
static struct verify_result result;
static uint64_t *piece;

static enum k_err write_all(void)
{
	enum k_err err = K_OK;

	for (uint32_t s = 0; s < VERIFY_SECTORS && !err; s += PIECE) {
		verify_write(&model, s, PIECE, piece);
		err = glue_block_write(&blk, s, PIECE, piece,
				       glue_deadline_ns(ANSWER_NS));
	}
	return err;
}

static enum k_err read_one(uint32_t sector, uint32_t count)
{
	enum k_err err = glue_block_read(&blk, sector, count, piece,
					 glue_deadline_ns(ANSWER_NS));

	if (!err)
		verify_check(&model, sector, count, piece, result.found);
	return err;
}

/* Some of a piece is lost, says the library: write that again. */
static enum k_err mend(uint32_t first)
{
	uint32_t unit = blk.info.logical_bytes / GLUE_BLOCK_SECTOR_BYTES;
	enum k_err err = K_OK;

	for (uint32_t s = first; s < first + PIECE && !err; s += unit) {
		err = read_one(s, unit);
		if (err != K_ERR_DAMAGED)
			continue;
		result.errors++;
		verify_write(&model, s, unit, piece);
		err = glue_block_write(&blk, s, unit, piece,
				       glue_deadline_ns(ANSWER_NS));
	}
	return err;
}

static enum k_err read_all(void)
{
	enum k_err err = K_OK;

	for (uint32_t s = 0; s < VERIFY_SECTORS && !err; s += PIECE) {
		err = read_one(s, PIECE);
		if (err == K_ERR_DAMAGED)
			err = mend(s);
	}
	return err;
}

/* What a driver that loses a write, finds the wrong place, or stops halfway
 * leaves behind, in the first three pieces of the disk. */
static enum k_err break_three(void)
{
	uint32_t words = GLUE_BLOCK_SECTOR_BYTES / 8, n;
	uint32_t unit = blk.info.logical_bytes / GLUE_BLOCK_SECTOR_BYTES;
	enum k_err err = K_OK;

	for (n = 0; n < 3 && !err; n++) {
		verify_write(&model, n * PIECE, unit, piece);
		if (n == 0)
			verify_write(&model, 0, 1, piece + PIECE * words / 2);
		if (n == 1)
			verify_write(&model, PIECE * 3, 1, piece);
		if (n == 2)
			piece[words - 1]++;
		err = glue_block_write(&blk, n * PIECE, unit, piece,
				       glue_deadline_ns(ANSWER_NS));
	}
	if (!err)
		verify_write(&model, PIECE * 3, unit, piece);
	return err ? err :
		     glue_block_write(&blk, PIECE * 3, unit, piece,
				      glue_deadline_ns(ANSWER_NS));
}

static enum k_err disk_open(const char *service)
{
	enum k_err err = glue_block_open(&blk, service, LEND_BYTES,
					 glue_deadline_ns(ANSWER_NS));

	if (err)
		return err;
	piece = glue_block_alloc(&blk, PIECE_BYTES, 0);
	return !piece || blk.info.sectors < VERIFY_SECTORS ||
			       blk.info.max_sectors < PIECE ?
		       K_ERR_RANGE :
		       K_OK;
}

static const struct {
	const char *mode;
	struct verify_manner manner;
} manners[] = {
	{ "each", { 8, 0, read_all } },
	{ "slow", { 128, SLOW_NS, NULL } },
	{ "", { 128, 0, NULL } },
};

static const struct verify_manner *manner_of(const char *mode)
{
	unsigned int i = 0;

	while (manners[i].mode[0] && strcmp(manners[i].mode, mode))
		i++;
	return &manners[i].manner;
}

static enum k_err work(const char *service, uint64_t ms, const char *mode)
{
	enum k_err err = disk_open(service);

	if (!err)
		err = write_all();
	if (!err)
		err = verify_traffic(&blk, &model, ms, &result,
				     manner_of(mode));
	if (!err && !strcmp(mode, "break"))
		err = break_three();
	return err ? err : read_all();
}

/* One line, for people and tests/fault. */
static int report(const char *service, enum k_err err)
{
	const uint64_t *found = result.found;
	uint64_t us = glue_ticks_to_ns(result.ticks) / 1000;
	uint64_t wrong = found[VERIFY_STALE] + found[VERIFY_FOREIGN] +
			 found[VERIFY_TORN];

	glue_printf("%s: %lu requests, %lu stale, %lu foreign, %lu torn, "
		    "%lu errors, longest pause %lu us, %lu requests a second: "
		    "%s\n",
		    service, result.requests, found[VERIFY_STALE],
		    found[VERIFY_FOREIGN], found[VERIFY_TORN], result.errors,
		    glue_ticks_to_ns(result.pause_ticks) / 1000,
		    us ? result.requests * US_PER_S / us : 0, k_err_text(err));
	return err || wrong || result.errors ? WRONG : 0;
}

int glue_program_main(const struct glue_env *env)
{
	char *word[ARGS_WORDS];
	uint64_t ms;

	if (!strcmp(env->name, "chaos"))
		return chaos_main();
	if (!strcmp(env->name, "cycles"))
		return cycles_main();
	if (!strcmp(env->name, "pace"))
		return pace_main();
	if (!strcmp(env->name, "vandal"))
		return vandal_main();
	if (!strcmp(env->name, "frames"))
		return frames_main();
	if (!strcmp(env->name, "killer"))
		return killer_main();
	args_cut(env, word);
	if (!glue_parse_u64(word[1], &model.seed) ||
	    !glue_parse_u64(word[2], &ms) || ms > MS_MAX) {
		glue_printf(
			"DISK SEED MS [break|each|slow]: writes to that disk\n");
		return USAGE;
	}
	return report(word[0], work(word[0], ms, word[3]));
}
