/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model.c - the model of a disk's content, and the judge of what was read.
 */
#include <glue/pattern.h>

#include "verify.h"

#define WORDS (GLUE_BLOCK_SECTOR_BYTES / 8)
#define FLAGS (VERIFY_ZEROED | VERIFY_UNKNOWN)

/* Word 0: which write of which sector. */
static uint64_t name_of(uint32_t version, uint32_t sector)
{
	return (uint64_t)version << 32 | sector;
}

/* Word 2 and those behind it. */
static uint64_t word_of(uint64_t seed, uint64_t name, unsigned int i)
{
	return glue_pattern_word(seed, name) + i * 0x9e3779b97f4a7c15ull;
}

void verify_write(struct verify_model *model, uint32_t sector, uint32_t count,
		  uint64_t *data)
{
	for (; count > 0; count--, sector++, data += WORDS) {
		uint32_t version = (model->state[sector] & ~FLAGS) + 1;
		uint64_t name = name_of(version, sector);
		uint64_t base = word_of(model->seed, name, 0);

		model->state[sector] = version;
		data[0] = name;
		data[1] = model->seed;
		for (unsigned int i = 2; i < WORDS; i++)
			data[i] = base + i * 0x9e3779b97f4a7c15ull;
	}
}

void verify_zero(struct verify_model *model, uint32_t sector, uint32_t count)
{
	for (; count > 0; count--, sector++)
		model->state[sector] = (model->state[sector] & ~FLAGS) |
				       VERIFY_ZEROED;
}

void verify_forget(struct verify_model *model, uint32_t sector, uint32_t count)
{
	for (; count > 0; count--, sector++)
		model->state[sector] |= VERIFY_UNKNOWN;
}

static int is_zero(const uint64_t *data)
{
	for (unsigned int i = 0; i < WORDS; i++)
		if (data[i])
			return 0;
	return 1;
}

/* Is all of it from one write, whichever? */
static int is_whole(const uint64_t *data)
{
	for (unsigned int i = 2; i < WORDS; i++)
		if (data[i] != word_of(data[1], data[0], i))
			return 0;
	return 1;
}

static enum verify_kind judge(const struct verify_model *model, uint32_t sector,
			      const uint64_t *data)
{
	uint32_t state = model->state[sector];
	int zeroed = !!(state & VERIFY_ZEROED);

	if (state & VERIFY_UNKNOWN)
		return VERIFY_GOOD;
	if (is_zero(data))
		return zeroed ? VERIFY_GOOD : VERIFY_STALE;
	if (!is_whole(data))
		return VERIFY_TORN;
	if ((uint32_t)data[0] != sector || data[1] != model->seed)
		return VERIFY_FOREIGN;
	return zeroed || data[0] >> 32 != state ? VERIFY_STALE : VERIFY_GOOD;
}

void verify_check(struct verify_model *model, uint32_t sector, uint32_t count,
		  const uint64_t *data, uint64_t found[VERIFY_KINDS])
{
	for (; count > 0; count--, sector++, data += WORDS) {
		enum verify_kind kind = judge(model, sector, data);

		found[kind]++;
		if (kind == VERIFY_GOOD)
			continue;
		model->bad_sector = sector;
		model->bad_state = model->state[sector];
		model->bad_name = data[0];
		model->bad_seed = data[1];
		verify_forget(model, sector, 1);
	}
}
