/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load.c - probe that keeps a disk busy while a test looks at something else.
 */
#include <glue/block_client.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "probe.h"

#define PIECE_SECTORS 128u
#define PIECE_BYTES   (PIECE_SECTORS * GLUE_BLOCK_SECTOR_BYTES)
#define ANSWER_NS     30000000000ul
#define SECOND_NS     1000000000ul

static struct glue_block blk;

/* One piece after the other, from the first sector again at the end. */
static enum k_err disk_read_until(uint64_t end, uint64_t *pieces)
{
	uint64_t last = glue_block_info(&blk)->sectors - PIECE_SECTORS;
	void *data = glue_block_alloc(&blk, PIECE_BYTES, 0);
	uint64_t sector = 0;
	enum k_err err = K_OK;

	while (!err && glue_time_ticks() < end) {
		err = glue_block_read(&blk, sector, PIECE_SECTORS, data,
				      glue_deadline_ns(ANSWER_NS));
		sector = sector < last ? sector + PIECE_SECTORS : 0;
		sector = sector < last ? sector : last;
		*pieces += !err;
	}
	return err;
}

/* load DISK SECONDS: reads all the time; says how much. */
int probe_load(char *disk, char *seconds, char *third)
{
	uint64_t limit, pieces = 0;
	enum k_err err;

	(void)third;
	if (!glue_parse_u64(seconds, &limit) || limit > 600)
		return PROBE_USAGE;
	err = glue_block_open(&blk, disk, PIECE_BYTES,
			      glue_deadline_ns(ANSWER_NS));
	if (!err && glue_block_info(&blk)->sectors < PIECE_SECTORS)
		err = K_ERR_RANGE;
	if (!err) {
		glue_printf("load: begins\n");
		err = disk_read_until(glue_deadline_ns(limit * SECOND_NS),
				      &pieces);
	}
	glue_printf("load: %lu pieces of %u bytes read: %s\n", pieces,
		    PIECE_BYTES, k_err_text(err));
	return err ? PROBE_BROKE : PROBE_HELD;
}
