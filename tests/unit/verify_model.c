/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * verify_model.c - the model of a disk tells each kind of wrong data apart.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "apps/verify/verify.h"

#define WORDS 64u

static struct verify_model model;
static uint64_t data[4 * WORDS];

static int fresh(void **state)
{
	(void)state;
	memset(&model, 0, sizeof(model));
	model.seed = 7;
	return 0;
}

/* Sectors 10 and what follows hold what lies in data: so many of a kind? */
static void expect(uint32_t count, enum verify_kind kind)
{
	uint64_t found[VERIFY_KINDS] = { 0 };
	struct verify_model copy = model;

	verify_check(&copy, 10, count, data, found);
	for (unsigned int i = 0; i < VERIFY_KINDS; i++)
		assert_int_equal(found[i], i == (unsigned int)kind ? count : 0);
	/* A wrong one counts once. */
	memset(found, 0, sizeof(found));
	verify_check(&copy, 10, count, data, found);
	assert_int_equal(found[VERIFY_GOOD], count);
}

static void test_last_write_is_good(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		verify_write(&model, 10, 4, data);
		expect(4, VERIFY_GOOD);
	}
	memset(data, 0, sizeof(data));
	expect(4, VERIFY_STALE);
	verify_zero(&model, 10, 4);
	expect(4, VERIFY_GOOD);
}

static void test_older_write_is_stale(void **state)
{
	uint64_t scratch[4 * WORDS];

	(void)state;
	verify_write(&model, 10, 4, data);
	verify_write(&model, 10, 4, scratch);
	expect(4, VERIFY_STALE);
	verify_zero(&model, 10, 4);
	expect(4, VERIFY_STALE);
	memcpy(data, scratch, sizeof(data));
	expect(4, VERIFY_STALE);
}

static void test_other_place_or_run_is_foreign(void **state)
{
	uint64_t scratch[4 * WORDS];

	(void)state;
	verify_write(&model, 10, 4, scratch);
	verify_write(&model, 20, 4, data);
	expect(4, VERIFY_FOREIGN);
	model.seed = 8;
	verify_write(&model, 10, 4, data);
	model.seed = 7;
	expect(4, VERIFY_FOREIGN);
}

/* Each word counts. */
static void test_mixed_is_torn(void **state)
{
	uint64_t older[WORDS];

	(void)state;
	verify_write(&model, 10, 1, older);
	for (unsigned int i = 1; i < WORDS; i++) {
		verify_write(&model, 10, 1, data);
		data[i] ^= 1ul << i;
		expect(1, VERIFY_TORN);
	}
	verify_write(&model, 10, 1, data);
	memcpy(data + WORDS / 2, older + WORDS / 2, sizeof(older) / 2);
	expect(1, VERIFY_TORN);
}

/* After a failed write anything may be there, until the next one. */
static void test_failed_write_is_not_judged(void **state)
{
	(void)state;
	verify_write(&model, 10, 1, data);
	verify_forget(&model, 10, 1);
	data[5]++;
	expect(1, VERIFY_GOOD);
	verify_write(&model, 10, 1, data);
	expect(1, VERIFY_GOOD);
	data[5]++;
	expect(1, VERIFY_TORN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_last_write_is_good, fresh),
		cmocka_unit_test_setup(test_older_write_is_stale, fresh),
		cmocka_unit_test_setup(test_other_place_or_run_is_foreign,
				       fresh),
		cmocka_unit_test_setup(test_mixed_is_torn, fresh),
		cmocka_unit_test_setup(test_failed_write_is_not_judged, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
