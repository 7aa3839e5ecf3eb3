/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_blk.h - a client of the native disk driver: a word each for the tests.
 */
#ifndef NATIVE_BLK_H
#define NATIVE_BLK_H

#include <stdint.h>
#include <glue/block_client.h>
#include "native_disk.h"

#define REQUESTS 32u

extern struct glue_block blk;
extern unsigned int ended, failed; /* of the last load */

/* cmocka: the disk is served and blk open; afterwards it is as it was. */
int set_up(void **state);
int tear_down(void **state);

/* The same with another device, of whose queue we may use @entries. */
void reopen(uint64_t features, uint32_t blk_size, uint32_t entries);

/* One sector at @sector, for ever. */
enum k_err read_one(uint64_t sector, uint8_t *data);

/* REQUESTS at once, each on a share of the disk of its own, then @more one
 * after the other in their places, reads and writes; what is read is judged. */
void load(unsigned int more);

#endif
