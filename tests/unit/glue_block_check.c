/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_block_check.c - which block requests make sense: limits and overflows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <glue/block_check.h>

#define REGION 65536ul

static const struct glue_block_info disk = {
	.sectors = 1000,
	.logical_bytes = 512,
	.max_sectors = 64,
	.max_discard_sectors = 500,
	.max_zeroes_sectors = 400,
	.features = GLUE_BLOCK_F_FLUSH | GLUE_BLOCK_F_DISCARD |
		    GLUE_BLOCK_F_ZEROES,
};

static enum k_err check(uint8_t op, uint64_t sector, uint32_t count,
			uint64_t offset)
{
	struct glue_block_sqe sqe = {
		.op = op, .sector = sector, .count = count, .offset = offset
	};

	return glue_block_check(&disk, REGION, &sqe);
}

static void test_good(void **state)
{
	(void)state;
	assert_int_equal(check(GLUE_BLOCK_READ, 0, 1, 0), K_OK);
	assert_int_equal(check(GLUE_BLOCK_WRITE, 999, 1, 512), K_OK);
	assert_int_equal(check(GLUE_BLOCK_READ, 936, 64, REGION - 32768), K_OK);
	assert_int_equal(check(GLUE_BLOCK_FLUSH, 0, 0, 0), K_OK);
	assert_int_equal(check(GLUE_BLOCK_DISCARD, 500, 500, 0), K_OK);
	assert_int_equal(check(GLUE_BLOCK_WRITE_ZEROES, 0, 400, 0), K_OK);
	assert_int_equal(check(GLUE_BLOCK_INFO, 0, 1, 512), K_OK);
}

static void test_disk_range(void **state)
{
	(void)state;
	assert_int_equal(check(GLUE_BLOCK_READ, 1000, 1, 0), K_ERR_RANGE);
	assert_int_equal(check(GLUE_BLOCK_READ, 999, 2, 0), K_ERR_RANGE);
	assert_int_equal(check(GLUE_BLOCK_READ, UINT64_MAX, 1, 0), K_ERR_RANGE);
	assert_int_equal(check(GLUE_BLOCK_READ, UINT64_MAX, UINT32_MAX, 0),
			 K_ERR_RANGE);
	assert_int_equal(check(GLUE_BLOCK_DISCARD, 1, UINT32_MAX, 0),
			 K_ERR_RANGE);
}

static void test_region_range(void **state)
{
	(void)state;
	assert_int_equal(check(GLUE_BLOCK_READ, 0, 1, REGION), K_ERR_RANGE);
	assert_int_equal(check(GLUE_BLOCK_READ, 0, 2, REGION - 512),
			 K_ERR_RANGE);
	assert_int_equal(check(GLUE_BLOCK_READ, 0, 1, -512ul), K_ERR_RANGE);
	assert_int_equal(check(GLUE_BLOCK_INFO, 0, 1, -512ul), K_ERR_RANGE);
	assert_int_equal(check(GLUE_BLOCK_INFO, 0, UINT32_MAX, 0), K_ERR_RANGE);
}

static void test_counts_and_alignment(void **state)
{
	struct glue_block_info big = disk;
	struct glue_block_sqe sqe = { .op = GLUE_BLOCK_READ,
				      .sector = 8,
				      .count = 8 };

	(void)state;
	assert_int_equal(check(GLUE_BLOCK_READ, 0, 0, 0), K_ERR_INVALID);
	assert_int_equal(check(GLUE_BLOCK_DISCARD, 0, 0, 0), K_ERR_INVALID);
	assert_int_equal(check(GLUE_BLOCK_INFO, 0, 0, 0), K_ERR_INVALID);
	assert_int_equal(check(GLUE_BLOCK_READ, 0, 65, 0), K_ERR_INVALID);
	assert_int_equal(check(GLUE_BLOCK_DISCARD, 0, 501, 0), K_ERR_INVALID);
	assert_int_equal(check(GLUE_BLOCK_READ, 0, 1, 100), K_ERR_ALIGN);
	big.logical_bytes = 4096;
	assert_int_equal(glue_block_check(&big, REGION, &sqe), K_OK);
	sqe.sector = 4;
	assert_int_equal(glue_block_check(&big, REGION, &sqe), K_ERR_ALIGN);
	sqe.sector = 8;
	sqe.count = 7;
	assert_int_equal(glue_block_check(&big, REGION, &sqe), K_ERR_ALIGN);
}

static void test_features(void **state)
{
	struct glue_block_info plain = disk;
	struct glue_block_sqe sqe = { .op = GLUE_BLOCK_DISCARD, .count = 1 };
	uint8_t op;

	(void)state;
	plain.features = 0;
	assert_int_equal(glue_block_check(&plain, REGION, &sqe),
			 K_ERR_UNSUPPORTED);
	plain.features = GLUE_BLOCK_F_READONLY | GLUE_BLOCK_F_DISCARD |
			 GLUE_BLOCK_F_ZEROES;
	for (op = GLUE_BLOCK_INFO; op <= GLUE_BLOCK_WRITE_ZEROES; op++) {
		int writes = op == GLUE_BLOCK_WRITE ||
			     op == GLUE_BLOCK_DISCARD ||
			     op == GLUE_BLOCK_WRITE_ZEROES;

		sqe.op = op;
		assert_int_equal(glue_block_check(&plain, REGION, &sqe),
				 writes ? K_ERR_READONLY : K_OK);
	}
}

static void test_flags_and_reserved(void **state)
{
	struct glue_block_sqe sqe = { .op = GLUE_BLOCK_WRITE,
				      .count = 1,
				      .flags = GLUE_BLOCK_FUA };

	(void)state;
	assert_int_equal(glue_block_check(&disk, REGION, &sqe), K_OK);
	sqe.op = GLUE_BLOCK_READ;
	assert_int_equal(glue_block_check(&disk, REGION, &sqe), K_ERR_INVALID);
	sqe.op = GLUE_BLOCK_WRITE_ZEROES;
	sqe.flags = GLUE_BLOCK_NO_UNMAP;
	assert_int_equal(glue_block_check(&disk, REGION, &sqe), K_OK);
	sqe.flags = 0;
	sqe.rsvd = 1;
	assert_int_equal(glue_block_check(&disk, REGION, &sqe), K_ERR_INVALID);
	sqe.rsvd = 0;
	sqe.rsvd2 = 1;
	assert_int_equal(glue_block_check(&disk, REGION, &sqe), K_ERR_INVALID);
	assert_int_equal(check(6, 0, 1, 0), K_ERR_UNSUPPORTED);
	assert_int_equal(check(255, 0, 1, 0), K_ERR_UNSUPPORTED);
}

/* Whatever is accepted lies within disk and region; judged in 128 bits. */
static void test_random_never_escapes(void **state)
{
	unsigned int i, accepted = 0;

	(void)state;
	for (i = 0; i < 1000000; i++) {
		struct glue_block_sqe sqe = {
			.op = (uint8_t)(random() % 3),
			.sector = (uint64_t)random() % 1010,
			.count = (uint32_t)random() % 70,
			.offset = (uint64_t)(random() % 140) * 512,
		};

		if (i % 3 == 0)
			sqe.sector -= 1005;
		if (i % 5 == 0)
			sqe.offset = -sqe.offset;
		if (glue_block_check(&disk, REGION, &sqe))
			continue;
		accepted++;
		assert_true((unsigned __int128)sqe.offset + sqe.count * 512ul <=
			    REGION);
		if (sqe.op != GLUE_BLOCK_INFO)
			assert_true((unsigned __int128)sqe.sector + sqe.count <=
				    disk.sectors);
	}
	assert_true(accepted > 1000);
}

static void test_info(void **state)
{
	static const uint32_t bad_unit[] = {
		0, 256, 513, 1000, 8192, UINT32_MAX
	};
	struct glue_block_info info = disk;
	unsigned int i;

	(void)state;
	assert_int_equal(glue_block_check_info(&info), K_OK);
	for (i = 0; i < sizeof(bad_unit) / sizeof(bad_unit[0]); i++) {
		info.logical_bytes = bad_unit[i];
		assert_int_equal(glue_block_check_info(&info), K_ERR_INVALID);
	}
	info = disk;
	info.max_sectors = 0;
	assert_int_equal(glue_block_check_info(&info), K_ERR_INVALID);
	info.max_sectors = GLUE_BLOCK_COUNT_MAX + 1;
	assert_int_equal(glue_block_check_info(&info), K_ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_disk_range),
		cmocka_unit_test(test_region_range),
		cmocka_unit_test(test_counts_and_alignment),
		cmocka_unit_test(test_features),
		cmocka_unit_test(test_flags_and_reserved),
		cmocka_unit_test(test_random_never_escapes),
		cmocka_unit_test(test_info),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
