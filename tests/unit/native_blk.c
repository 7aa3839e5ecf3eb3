/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_blk.c - the client of native_blk.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <dddk/block_service.h>
#include <glue/rt.h>
#include "fake/native.h"
#include "fake/virtio.h"
#include "native_blk.h"

#define SHARE (SECTORS / REQUESTS)

struct glue_block blk;
unsigned int ended, failed;
static struct glue_block_request req[REQUESTS];
static uint8_t *buffer[REQUESTS];
static uint8_t expected[REQUESTS];
static unsigned int limit;

int set_up(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(disk.medium); i++)
		disk.medium[i] = (uint8_t)(i * 31 >> 5);
	assert_int_equal(disk_start(ALL, 512), K_OK);
	return glue_block_open(&blk, "blk0", REGION, GLUE_FOREVER);
}

int tear_down(void **state)
{
	(void)state;
	disk.lie = HONEST;
	native_end();
	glue_block_close(&blk);
	return 0;
}

void reopen(uint64_t features, uint32_t blk_size, uint32_t entries)
{
	glue_block_close(&blk);
	disk_start(features, blk_size);
	device.queue_max = entries;
	assert_int_equal(native_probe(), K_OK);
	assert_int_equal(glue_block_open(&blk, "blk0", REGION, GLUE_FOREVER),
			 K_OK);
}

enum k_err read_one(uint64_t sector, uint8_t *data)
{
	return glue_block_read(&blk, sector, 1, data, GLUE_FOREVER);
}

static void next(struct glue_block_request *r)
{
	unsigned int i = (unsigned int)(r - req), k;

	ended++;
	if (r->status) {
		failed++;
		return;
	}
	if (r->op == GLUE_BLOCK_READ)
		for (k = 0; k < r->count * 512; k += 97)
			assert_int_equal(buffer[i][k], expected[i]);
	if (ended > limit)
		return;
	r->op = random() % 2 ? GLUE_BLOCK_READ : GLUE_BLOCK_WRITE;
	r->flags = r->op == GLUE_BLOCK_WRITE && random() % 8 == 0 ?
			   GLUE_BLOCK_FUA :
			   0;
	if (r->op == GLUE_BLOCK_WRITE)
		expected[i] = (uint8_t)random();
	memset(buffer[i],
	       r->op == GLUE_BLOCK_WRITE ? expected[i] : ~expected[i],
	       SHARE * 512);
	assert_int_equal(glue_block_submit(&blk, r), K_OK);
}

void load(unsigned int more)
{
	unsigned int i;

	ended = failed = 0;
	limit = more;
	memset(disk.medium, 0, sizeof(disk.medium));
	for (i = 0; i < REQUESTS; i++) {
		buffer[i] = glue_block_alloc(&blk, SHARE * 512, 0);
		assert_non_null(buffer[i]);
		memset(buffer[i], 0xff, SHARE * 512);
		expected[i] = 0;
		req[i] = (struct glue_block_request){ .op = GLUE_BLOCK_READ,
						      .sector = i * SHARE,
						      .count = SHARE,
						      .data = buffer[i],
						      .done = next };
		assert_int_equal(glue_block_submit(&blk, &req[i]), K_OK);
	}
	while (glue_block_in_flight(&blk))
		assert_int_equal(glue_block_wait(&blk, GLUE_FOREVER), K_OK);
	assert_int_equal(dddk_block_in_flight(), 0);
}
