/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_text.c - memory and string functions, numbers, and names of codes.
 *
 * memory.c is included under other names, so that the host keeps its own.
 * memcpy is assembly (copy.S, tested by config_arch_memory.py): here it is a
 * loop that copies upwards, which is what memmove counts on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <glue/err.h>
#include <glue/trace.h>

#define memcpy	our_memcpy
#define memmove our_memmove
#define memset	our_memset
#define memcmp	our_memcmp
#define strlen	our_strlen
#define strcmp	our_strcmp
#define strncmp our_strncmp
#include "glue/rt/memory.c"

#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef strlen
#undef strcmp
#undef strncmp

#define BYTES 64

void *our_memcpy(void *restrict dst, const void *restrict src, size_t bytes)
{
	volatile uint8_t *to = dst;
	const volatile uint8_t *from = src;

	while (bytes--)
		*to++ = *from++;
	return dst;
}

/* Every pair of offsets and every length: against the host's. */
static void test_move_overlapping(void **state)
{
	uint8_t ours[BYTES], host[BYTES];
	unsigned int d, s, n, i;

	(void)state;
	for (d = 0; d < 17; d++) {
		for (s = 0; s < 17; s++) {
			for (n = 0; n < BYTES - 17; n++) {
				for (i = 0; i < BYTES; i++)
					ours[i] = host[i] = (uint8_t)i;
				our_memmove(ours + d, ours + s, n);
				memmove(host + d, host + s, n);
				assert_memory_equal(ours, host, BYTES);
			}
		}
	}
}

static void test_set_and_compare(void **state)
{
	uint8_t ours[BYTES], host[BYTES];
	unsigned int d, n;

	(void)state;
	for (d = 0; d < 17; d++) {
		for (n = 0; n < BYTES - 17; n++) {
			memset(ours, 0, BYTES);
			memset(host, 0, BYTES);
			our_memset(ours + d, 0x1a5, n);
			memset(host + d, 0xa5, n);
			assert_memory_equal(ours, host, BYTES);
		}
	}
	assert_int_equal(our_memcmp("abc", "abd", 2), 0);
	assert_true(our_memcmp("abc", "abd", 3) < 0);
	assert_true(our_memcmp("\xff", "\x01", 1) > 0);
}

static void test_strings(void **state)
{
	(void)state;
	assert_int_equal(our_strlen(""), 0);
	assert_int_equal(our_strlen("four"), 4);
	assert_int_equal(our_strcmp("a", "a"), 0);
	assert_true(our_strcmp("a", "b") < 0);
	assert_true(our_strcmp("ab", "a") > 0);
	assert_int_equal(our_strncmp("abX", "abY", 2), 0);
	assert_true(our_strcmp("\xe4", "z") > 0);
	assert_int_equal(glue_strnlen("abcdef", 3), 3);
	assert_int_equal(glue_strnlen("ab", 3), 2);
}

static void test_strlcpy(void **state)
{
	char dst[4] = "zzz";

	(void)state;
	assert_int_equal(glue_strlcpy(dst, "ab", sizeof(dst)), 2);
	assert_string_equal(dst, "ab");
	assert_int_equal(glue_strlcpy(dst, "abcdef", sizeof(dst)), 6);
	assert_string_equal(dst, "abc");
	assert_int_equal(glue_strlcpy(dst, "abc", 0), 3);
	assert_string_equal(dst, "abc");
}

static void test_numbers(void **state)
{
	static const char *const bad[] = { "",
					   "0x",
					   "12a",
					   "-1",
					   "+1",
					   " 1",
					   "1 ",
					   "0xg",
					   "18446744073709551616",
					   "0x10000000000000000" };
	uint64_t value = 7;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(glue_parse_u64(bad[i], &value));
	assert_int_equal(value, 7);
	assert_true(glue_parse_u64("0", &value));
	assert_int_equal(value, 0);
	assert_true(glue_parse_u64("18446744073709551615", &value));
	assert_int_equal(value, UINT64_MAX);
	assert_true(glue_parse_u64("0xfFfFfFfFfFfFfFfF", &value));
	assert_int_equal(value, UINT64_MAX);
	assert_true(glue_parse_u64("0010", &value));
	assert_int_equal(value, 10);
}

static void test_every_error_has_a_text(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < K_ERR_COUNT; i++)
		assert_true(k_err_text((enum k_err)i)[0]);
	assert_string_equal(k_err_text(K_ERR_COUNT), "unknown error");
	assert_string_equal(k_err_text((enum k_err)0xffffffffu),
			    "unknown error");
}

static void test_every_trace_point_has_a_name(void **state)
{
	uint32_t i, j;

	(void)state;
	for (i = 0; i < GLUE_TRACE_COUNT; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(glue_trace_name(i),
						glue_trace_name(j));
	assert_string_equal(glue_trace_name(GLUE_TRACE_COUNT), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_move_overlapping),
		cmocka_unit_test(test_set_and_compare),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_strlcpy),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_every_error_has_a_text),
		cmocka_unit_test(test_every_trace_point_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
