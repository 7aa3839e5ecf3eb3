/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_block_memory.c - buffers in the lent region: exact, aligned, disjoint.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "fake/disk.h"

static void test_alloc_is_exact(void **state)
{
	uint8_t *first = glue_block_alloc(&blk, 1, 0);
	uint8_t *rest;

	(void)state;
	assert_non_null(first);
	assert_int_equal((uintptr_t)first % 4096, 0);
	assert_null(glue_block_alloc(&blk, DISK_REGION, 0));
	rest = glue_block_alloc(&blk, DISK_REGION - 2 * 4096, 0);
	assert_non_null(rest);
	assert_non_null(glue_block_alloc(&blk, 4096, 0));
	assert_null(glue_block_alloc(&blk, 1, 0));
	glue_block_free(&blk, rest, DISK_REGION - 2 * 4096);
	assert_ptr_equal(glue_block_alloc(&blk, DISK_REGION - 2 * 4096, 0),
			 rest);
}

static void test_alloc_aligns(void **state)
{
	uint8_t *a = glue_block_alloc(&blk, 4096, 0);
	uint8_t *b = glue_block_alloc(&blk, 4096, 65536);

	(void)state;
	assert_non_null(a);
	assert_int_equal((uintptr_t)b % 65536, 0);
	assert_null(glue_block_alloc(&blk, 4096, 3));
	assert_null(glue_block_alloc(&blk, 0, 0));
	assert_null(glue_block_alloc(&blk, DISK_REGION + 1, 0));
	assert_null(glue_block_alloc(&blk, UINT64_MAX, 0));
}

static void test_alloc_never_overlaps(void **state)
{
	uint8_t *live[64] = { 0 };
	uint64_t bytes[64] = { 0 };
	unsigned int i, j;

	(void)state;
	for (i = 0; i < 20000; i++) {
		unsigned int k = i * 7919 % 64;

		if (live[k]) {
			for (j = 0; j < bytes[k]; j += 512)
				assert_int_equal(live[k][j], k);
			glue_block_free(&blk, live[k], bytes[k]);
			live[k] = NULL;
			continue;
		}
		bytes[k] = 512 + i * 31 % 40000;
		live[k] = glue_block_alloc(&blk, bytes[k], 4096ul << (i % 5));
		if (live[k])
			memset(live[k], (int)k, bytes[k]);
	}
}

static void test_free_of_nonsense(void **state)
{
	uint8_t *a = glue_block_alloc(&blk, 4096, 0);

	(void)state;
	glue_block_free(&blk, NULL, 4096);
	glue_block_free(&blk, &blk, 4096);
	glue_block_free(&blk, a, UINT64_MAX);
	assert_ptr_not_equal(glue_block_alloc(&blk, 4096, 0), a);
}

#define OPEN(f) cmocka_unit_test_setup(f, disk_start_open)

int main(void)
{
	const struct CMUnitTest tests[] = {
		OPEN(test_alloc_is_exact),
		OPEN(test_alloc_aligns),
		OPEN(test_alloc_never_overlaps),
		OPEN(test_free_of_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
