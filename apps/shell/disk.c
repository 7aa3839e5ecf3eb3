/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * disk.c - opening disks for the blk commands, and saying what went wrong.
 *
 * The driver checks every request again; the checks here only give a better
 * message than an error code can.
 */
#include <glue/print.h>
#include <glue/string.h>

#include "console.h"
#include "disk.h"
#include "text.h"

struct disk disk_first, disk_second;

int disk_number(const char *word, const char *what, uint64_t *value)
{
	if (text_number(word, value))
		return 1;
	console_printf("%s \"%s\" is not a number: write it like 12, 0x1f or "
		       "64k\n",
		       what, word);
	return 0;
}

int disk_number_in(const char *word, const char *what, uint64_t least,
		   uint64_t most, uint64_t *value)
{
	if (!disk_number(word, what, value))
		return 0;
	if (*value >= least && *value <= most)
		return 1;
	console_printf("%s is %s: it must be %lu to %lu\n", what, word, least,
		       most);
	return 0;
}

/* "0" and "blk0" both name blk0. */
static int name_read(struct disk *disk, const char *word)
{
	uint64_t number;

	if (!strncmp(word, "blk", 3))
		word += 3;
	if (!disk_number(word, "disk", &number))
		return 0;
	glue_snprintf(disk->name, sizeof(disk->name), "blk%u",
		      (unsigned)(number < 100000 ? number : 99999));
	return 1;
}

int disk_open(struct disk *disk, const char *word, uint64_t data_bytes)
{
	enum k_err err;

	if (!name_read(disk, word))
		return 0;
	err = glue_block_open(&disk->blk, disk->name, data_bytes,
			      glue_deadline_ns(DISK_OPEN_NS));
	if (err == K_ERR_NOTFOUND)
		console_printf("%s: no such disk: \"blk list\" shows what "
			       "there is\n",
			       disk->name);
	else if (err)
		console_printf("%s: cannot be opened: %s (error %d)\n",
			       disk->name, k_err_text(err), err);
	return !err;
}

void disk_close(struct disk *disk)
{
	glue_block_close(&disk->blk);
}

void disk_complain(const struct disk *disk, const char *verb, uint64_t sector,
		   uint64_t count, enum k_err err)
{
	console_printf("%s: %s of %lu sectors at %lu failed: %s (error %d)\n",
		       disk->name, verb, count, sector, k_err_text(err), err);
}

/* Written so that no sum can wrap, whatever the two numbers are. */
static int range_fits(const struct disk *disk, uint64_t sector, uint64_t count)
{
	uint64_t sectors = disk->blk.info.sectors;

	if (!count) {
		console_printf("%s: COUNT is 0: nothing to do\n", disk->name);
		return 0;
	}
	if (sector < sectors && count <= sectors - sector)
		return 1;
	console_printf("%s: sectors %lu to %lu: %s (error %d): the disk has "
		       "%lu sectors\n",
		       disk->name, sector, sector + count - 1,
		       k_err_text(K_ERR_RANGE), K_ERR_RANGE, sectors);
	return 0;
}

int disk_range(struct disk *disk, char **words, uint64_t *sector,
	       uint64_t *count)
{
	uint64_t block = disk->blk.info.logical_bytes / GLUE_BLOCK_SECTOR_BYTES;

	if (!disk_number(words[0], "SECTOR", sector) ||
	    !disk_number(words[1], "COUNT", count) ||
	    !range_fits(disk, *sector, *count))
		return 0;
	if (block < 2 || (*sector % block == 0 && *count % block == 0))
		return 1;
	console_printf("%s: SECTOR and COUNT must be multiples of %lu: the "
		       "disk's blocks have %u bytes\n",
		       disk->name, block, disk->blk.info.logical_bytes);
	return 0;
}
