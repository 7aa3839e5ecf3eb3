/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block_sums.c - what each sector must hold: sums of what was written and read.
 *
 * A write's sum counts from its submission: whoever reads later must find it,
 * even if the driver dies in between and the library sends it again. Requests in
 * flight may be done in any order. So of two that meet on a sector, one of them
 * a write, nobody knows what they leave or bring: a read among them is not
 * checked, and what such writes leave has no sum. To find them, each
 * request is held against those in flight, which are few.
 * glue/block_sums.h says what is covered. A word of a sector is one of:
 *     UNKNOWN          a read's sum is taken
 *     VOID             nothing is taken before the next write
 *     sum              of a read; two lives disagree: UNKNOWN
 *     WRITTEN          and the sum; two lives disagree: DAMAGED as well
 *     WRITTEN DAMAGED  and the sum; a read that agrees ends it
 */
#include <glue/crc32c.h>
#include <glue/string.h>

#include "block_internal.h"
#include "tags.h"

#define SECTOR_WORDS (GLUE_BLOCK_SECTOR_BYTES / 8)
#define WRITTEN	     (1u << 31)
#define DAMAGED	     (1u << 30)
#define SUM	     (DAMAGED - 1) /* the rest; 0 is none */
#define UNKNOWN	     0u
#define VOID	     DAMAGED /* without a sum */

/* A request's watch. */
#define UNSURE 1u /* it has met another one */
#define AGAIN  2u /* it was doubted */

static const struct glue_block *holder; /* of the manifest's memory */
static int used;			/* so is that memory */

static uint32_t sum_of(const uint64_t *sector)
{
	uint32_t sum = SUM &
		       glue_crc32c(GLUE_CRC32C_BEGIN, sector, SECTOR_WORDS);

	return sum ? sum : 1;
}

enum k_err glue_block_sums(struct glue_block *blk, void *memory, uint64_t bytes)
{
	static const uint64_t zeroes[SECTOR_WORDS];

	if (glue_block_in_flight(blk))
		return K_ERR_BUSY;
	blk->sums = (struct glue_block_sums){
		.word = memory,
		.sectors = bytes / sizeof(*blk->sums.word),
		.zeroes = sum_of(zeroes),
	};
	blk->n_plain = blk->sums.sectors ? 0 : blk->n_slots;
	return K_OK;
}

void glue_block_sums_open(struct glue_block *blk)
{
	const struct glue_env *env = glue_env();

	if (!env->sums_bytes || (holder && holder != blk))
		return;
	if (used)
		memset((void *)env->sums_vaddr, 0, env->sums_bytes);
	used = 1;
	holder = blk;
	glue_block_sums(blk, (void *)env->sums_vaddr, env->sums_bytes);
}

void glue_block_sums_close(struct glue_block *blk)
{
	if (holder == blk)
		holder = NULL;
}

/* Words of a request's sectors, as far as there are any. */
static uint32_t *words_of(const struct glue_block *blk,
			  const struct glue_block_request *req, uint32_t *count)
{
	const struct glue_block_sums *sums = &blk->sums;
	uint64_t left = req->sector < sums->sectors ?
				sums->sectors - req->sector :
				0;

	*count = req->count < left ? req->count : (uint32_t)left;
	return sums->word + req->sector;
}

static int has_sectors(const struct glue_block_request *req)
{
	return req->op != GLUE_BLOCK_INFO && req->op != GLUE_BLOCK_FLUSH;
}

static int overlap(const struct glue_block_request *a,
		   const struct glue_block_request *b)
{
	return a->sector < b->sector + b->count &&
	       b->sector < a->sector + a->count;
}

/* Who meets a write is unsure; reads do no harm. */
static void meet_others(const struct glue_block *blk,
			struct glue_block_request *req)
{
	for (uint32_t i = 0; i < blk->sums.slots_used; i++) {
		struct glue_block_request *other = blk->slot[i];

		if (!other || other == req || !has_sectors(other) ||
		    !overlap(other, req))
			continue;
		if (other->op != GLUE_BLOCK_READ)
			req->watch |= UNSURE;
		if (req->op != GLUE_BLOCK_READ)
			other->watch |= UNSURE;
	}
}

static void words_set(const struct glue_block *blk,
		      const struct glue_block_request *req, uint32_t value)
{
	uint32_t count;
	uint32_t *word = words_of(blk, req, &count);

	while (count--)
		*word++ = value;
}

static void note_write(const struct glue_block *blk,
		       const struct glue_block_request *req)
{
	const uint64_t *data = req->data;
	uint32_t count;
	uint32_t *word = words_of(blk, req, &count);

	for (; count; count--, data += SECTOR_WORDS)
		*word++ = WRITTEN | sum_of(data);
}

enum k_err glue_block_sums_begin(struct glue_block *blk,
				 struct glue_block_request *req)
{
	uint32_t slot = glue_tag_slot(req->tag);

	if (slot >= blk->sums.slots_used)
		blk->sums.slots_used = slot + 1;
	req->watch = 0;
	if (!has_sectors(req))
		return K_OK;
	if (req->op != GLUE_BLOCK_READ || blk->sums.changes)
		meet_others(blk, req);
	blk->sums.changes += req->op != GLUE_BLOCK_READ;
	if (req->op == GLUE_BLOCK_WRITE)
		note_write(blk, req);
	else if (req->op == GLUE_BLOCK_WRITE_ZEROES)
		words_set(blk, req, WRITTEN | blk->sums.zeroes);
	else if (req->op == GLUE_BLOCK_DISCARD)
		words_set(blk, req, VOID);
	return K_OK;
}

static enum glue_block_verdict judge(uint32_t *word, uint32_t sum, int again)
{
	if (*word == UNKNOWN)
		*word = sum;
	if (*word == VOID)
		return GLUE_BLOCK_RIGHT;
	if ((*word & SUM) == sum) {
		*word &= ~DAMAGED;
		return GLUE_BLOCK_RIGHT;
	}
	if (!again)
		return *word & DAMAGED ? GLUE_BLOCK_DAMAGED :
					 GLUE_BLOCK_DOUBTED;
	*word = *word & WRITTEN ? *word | DAMAGED : UNKNOWN;
	return GLUE_BLOCK_DAMAGED;
}

/* The worst of its sectors. */
static enum glue_block_verdict read_end(const struct glue_block *blk,
					struct glue_block_request *req)
{
	enum glue_block_verdict worst = GLUE_BLOCK_RIGHT;
	const uint64_t *data = req->data;
	int again = req->watch & AGAIN;
	uint32_t count;
	uint32_t *word = words_of(blk, req, &count);

	for (; count; count--, word++, data += SECTOR_WORDS) {
		enum glue_block_verdict one = judge(word, sum_of(data), again);

		if (one > worst)
			worst = one;
	}
	if (worst == GLUE_BLOCK_DOUBTED)
		req->watch |= AGAIN;
	return worst;
}

enum glue_block_verdict glue_block_sums_end(struct glue_block *blk,
					    struct glue_block_request *req,
					    enum k_err status)
{
	int sure = !status && !(req->watch & UNSURE);

	if (req->op == GLUE_BLOCK_READ)
		return sure ? read_end(blk, req) : GLUE_BLOCK_RIGHT;
	if (!has_sectors(req))
		return GLUE_BLOCK_RIGHT;
	blk->sums.changes--;
	if (!sure)
		words_set(blk, req, VOID);
	return GLUE_BLOCK_RIGHT;
}
