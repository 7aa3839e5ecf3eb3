/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_boot_ranges.c - the set of memory ranges, against a bitmap model.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <boot/ranges.h>
#include <boot/split.h>

#define SPACE  100u
#define ROUNDS 20000u

/* Sorted, disjoint, apart, and the same bytes as the model. */
static void check_against(const struct ranges *set, const uint8_t *model)
{
	uint8_t seen[SPACE] = { 0 };
	uint64_t at, sum = 0;
	unsigned int i;

	for (i = 0; i < set->count; i++) {
		assert_true(set->list[i].start < set->list[i].end);
		assert_true(!i || set->list[i - 1].end < set->list[i].start);
		for (at = set->list[i].start; at < set->list[i].end; at++)
			seen[at] = 1;
	}
	assert_memory_equal(seen, model, SPACE);
	for (i = 0; i < SPACE; i++)
		sum += model[i];
	assert_int_equal(ranges_bytes(set), sum);
}

static void test_random_against_model(void **state)
{
	struct ranges set = { 0 };
	uint8_t model[SPACE] = { 0 };
	unsigned int round, start, end;

	(void)state;
	srand(1);
	for (round = 0; round < ROUNDS; round++) {
		start = (unsigned int)rand() % SPACE;
		end = start + (unsigned int)rand() % (SPACE - start);
		if (rand() % 2) {
			assert_true(ranges_add(&set, start, end));
			memset(model + start, 1, end - start);
		} else {
			assert_true(ranges_remove(&set, start, end));
			memset(model + start, 0, end - start);
		}
		check_against(&set, model);
	}
}

static void fill(struct ranges *set)
{
	unsigned int i;

	*set = (struct ranges){ .count = 0 };
	for (i = 0; i < RANGES_MAX; i++)
		assert_true(ranges_add(set, i * 10, i * 10 + 5));
}

static void test_full_set_refuses_and_stays(void **state)
{
	struct ranges set, before;

	(void)state;
	fill(&set);
	before = set;
	assert_false(ranges_add(&set, 7, 8));
	assert_false(ranges_add(&set, 10000, 10001));
	assert_false(ranges_remove(&set, 11, 12));
	assert_memory_equal(&set, &before, sizeof(set));
	assert_true(ranges_add(&set, 5, 10));
	assert_int_equal(set.count, RANGES_MAX - 1);
	fill(&set);
	assert_true(ranges_remove(&set, 0, 5));
	assert_true(ranges_remove(&set, 12, 100));
}

static void test_fit_is_lowest_and_aligned(void **state)
{
	struct ranges set = { 0 };
	uint64_t place = 0, largest;

	(void)state;
	ranges_add(&set, 0x1100, 0x3000);
	ranges_add(&set, 0x8000, 0x20000);
	assert_true(ranges_fit(&set, 0x1000, 0x1000, &place, &largest));
	assert_int_equal(place, 0x2000);
	assert_true(ranges_fit(&set, 0x1001, 0x1000, &place, &largest));
	assert_int_equal(place, 0x8000);
	assert_false(ranges_fit(&set, 0x20000, 0x1000, &place, &largest));
	assert_int_equal(largest, 0x18000);
}

static void test_contain(void **state)
{
	struct ranges set = { 0 };

	(void)state;
	ranges_add(&set, 10, 20);
	ranges_add(&set, 30, 40);
	assert_true(ranges_contain(&set, 10, 20));
	assert_true(ranges_contain(&set, 35, 36));
	assert_false(ranges_contain(&set, 15, 35));
	assert_false(ranges_contain(&set, 9, 20));
}

/* Blocks are aligned, follow each other, and cover all but a tail. */
static void test_split_covers(void **state)
{
	uint64_t start, end, at;
	unsigned int bits, round;

	(void)state;
	srand(2);
	for (round = 0; round < ROUNDS; round++) {
		start = ((uint64_t)rand() << 8 ^ (uint64_t)rand()) & ~0xfull;
		end = start + ((uint64_t)rand() & 0xffffff);
		for (at = start; (bits = split_bits(at, end));
		     at += 1ull << bits) {
			assert_int_equal(at & ((1ull << bits) - 1), 0);
			assert_true(at + (1ull << bits) <= end);
		}
		assert_true(end - at < 1u << ABI_UNTYPED_MIN_BITS);
	}
}

static void test_split_borders(void **state)
{
	(void)state;
	assert_int_equal(split_bits(0, 1ull << 40), 40);
	assert_int_equal(split_bits(0, 1ull << 48), ABI_UNTYPED_MAX_BITS);
	assert_int_equal(split_bits(16, 31), 0);
	assert_int_equal(split_bits(16, 32), 4);
	assert_int_equal(split_bits(8, 4096), 0);
	assert_int_equal(split_bits(32, 32), 0);
	assert_int_equal(split_bits(64, 32), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_against_model),
		cmocka_unit_test(test_full_set_refuses_and_stays),
		cmocka_unit_test(test_fit_is_lowest_and_aligned),
		cmocka_unit_test(test_contain),
		cmocka_unit_test(test_split_covers),
		cmocka_unit_test(test_split_borders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
