/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * disk.h - how the blk commands reach a disk: open, close, complain.
 *
 * Each command opens the disks it needs and closes them at its end, so a
 * driver that came or went in between is simply seen. All text for the person
 * at the terminal is printed here, once for each failure.
 */
#ifndef SHELL_DISK_H
#define SHELL_DISK_H

#include <stdint.h>
#include <glue/block_client.h>
#include <glue/rt.h>

#define DISK_OPEN_NS	10000000000ul /* a driver may still be starting */
#define DISK_REQUEST_NS 30000000000ul /* Linux gives a disk 30 s, too */

struct disk {
	struct glue_block blk;
	char name[16]; /* blk0 */
};

/* The commands' disks; static, as a struct glue_block has several KiB. */
extern struct disk disk_first, disk_second;

/**
 * disk_open - open the disk that a word names.
 * @word:       "0" or "blk0"
 * @data_bytes: memory to lend for buffers
 *
 * Return: 1; 0 after a message.
 */
int disk_open(struct disk *disk, const char *word, uint64_t data_bytes);
void disk_close(struct disk *disk);

/* Read a number argument; @what is its name in the help. 0 after a message. */
int disk_number(const char *word, const char *what, uint64_t *value);

/* The same, and it must be from @least to @most. */
int disk_number_in(const char *word, const char *what, uint64_t least,
		   uint64_t most, uint64_t *value);

/**
 * disk_range - read SECTOR and COUNT arguments and check them.
 *
 * Return: 1; 0 after a message: not a number, count 0, past the end of the
 *         disk, or not whole logical blocks.
 */
int disk_range(struct disk *disk, char **words, uint64_t *sector,
	       uint64_t *count);

/* Print what failed, where and why. */
void disk_complain(const struct disk *disk, const char *verb, uint64_t sector,
		   uint64_t count, enum k_err err);

/* When a request that starts now must have ended. */
static inline uint64_t disk_deadline(void)
{
	return glue_deadline_ns(DISK_REQUEST_NS);
}

#endif
