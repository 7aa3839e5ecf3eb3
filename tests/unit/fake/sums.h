/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sums.h - around a disk's client that keeps sums: what it is given, and says.
 */
#ifndef FAKE_SUMS_H
#define FAKE_SUMS_H

#include <stdint.h>
#include <glue/err.h>

#define SUMS_WATCHED 1024u /* sectors from 0 on */
#define PLACE	     40u   /* of most requests */
#define COUNT	     4u

extern uint32_t sums_words[SUMS_WATCHED];
extern uint8_t *sums_data; /* 64 KiB for the blocking calls */

/* disk_start_open, and sums are kept. cmocka set-up. */
int sums_start(void **state);

enum k_err read_at(uint64_t sector, uint32_t count);
/* Each sector is of one byte, one more than the last. */
void write_at(uint64_t sector, uint32_t count, uint8_t byte);

/* Something else is on the disk than was written. */
void spoil(uint64_t sector);

/* A read ends so, without a complaint. */
void expect_read(uint64_t sector, enum k_err status);
/* It is doubted, and what the driver's next life brings is as wrong. */
void expect_lost(uint64_t sector);

#endif
