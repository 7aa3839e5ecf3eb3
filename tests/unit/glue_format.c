/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * glue_format.c - glue_vsnprintf against the host's, and line-wise printing.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <glue/print.h>
#include "fake/process.h"

/* Same text and same length as the host's C library, in any buffer size. */
#define SAME(...)                                                              \
	do {                                                                   \
		char ours[128], host[128];                                     \
		size_t size;                                                   \
		for (size = 0; size < sizeof(ours); size += 9) {               \
			memset(ours, '~', sizeof(ours));                       \
			memset(host, '~', sizeof(host));                       \
			assert_int_equal(glue_snprintf(ours, size,             \
						       __VA_ARGS__),           \
					 snprintf(host, size, __VA_ARGS__));   \
			assert_memory_equal(ours, host, sizeof(ours));         \
		}                                                              \
	} while (0)

static const char *volatile null_text;

static void test_integers(void **state)
{
	static const long value[] = { 0,       1,	 -1,	  9,
				      10,      42,	 -4711,	  INT_MAX,
				      INT_MIN, LONG_MAX, LONG_MIN };
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(value) / sizeof(value[0]); i++) {
		SAME("%d|%i|%u|%x|%X", (int)value[i], (int)value[i],
		     (unsigned int)value[i], (unsigned int)value[i],
		     (unsigned int)value[i]);
		SAME("%ld|%lu|%lx|%lX", value[i], value[i], value[i], value[i]);
		SAME("%lld %zu %jd %td", (long long)value[i], (size_t)value[i],
		     (intmax_t)value[i], (ptrdiff_t)value[i]);
		SAME("%hd %hhd %hu %hhu %hx", (short)value[i],
		     (signed char)value[i], (unsigned short)value[i],
		     (unsigned char)value[i], (unsigned short)value[i]);
	}
}

static void test_flags_and_widths(void **state)
{
	(void)state;
	SAME("[%5d][%-5d][%05d][%+d][% d]", 42, 42, 42, 42, 42);
	SAME("[%5d][%-5d][%05d][%+d][% d]", -42, -42, -42, -42, -42);
	SAME("[%#x][%#X][%#x][%#010x][%-#10x]", 255, 255, 0, 255, 255);
	SAME("[%.5d][%8.5d][%-8.5d]", 42, 42, -42);
	SAME("[%*d][%-*d][%*d]", 6, 1, 6, 2, -6, 3);
	SAME("[%.*d][%.*d]", 3, 7, -1, 7);
	SAME("[%.0d]", 0);
	SAME("[%016lx]", 0xfffffffffffful);
}

static void test_text(void **state)
{
	(void)state;
	SAME("[%s][%10s][%-10s][%.2s][%10.2s]", "abc", "abc", "abc", "abc",
	     "abc");
	SAME("[%c][%3c][%-3c]%%", 'x', 'y', 'z');
	SAME("[%.*s]", 2, "abc");
	SAME("%s", "a text that is longer than most of the buffers tried");
	SAME("[%s]", null_text);
	SAME("%s", "");
}

/* A field without end zero is safe with a precision. */
static void test_bounded_field(void **state)
{
	char field[4] = { 'a', 'b', 'c', 'd' };
	char dst[16];

	(void)state;
	glue_snprintf(dst, sizeof(dst), "%.4s", field);
	assert_string_equal(dst, "abcd");
}

static void test_pointer(void **state)
{
	char dst[32];

	(void)state;
	glue_snprintf(dst, sizeof(dst), "%p", (void *)0x401234);
	assert_string_equal(dst, "0x401234");
}

/* The format attribute would refuse these; they come from a variable. */
static int format_into(char *dst, size_t size, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = glue_vsnprintf(dst, size, format, args);
	va_end(args);
	return length;
}

static void test_unknown_stays_visible(void **state)
{
	char dst[64];

	(void)state;
	format_into(dst, sizeof(dst), "a%yb%5.2qc%");
	assert_string_equal(dst, "a%yb%5.2qc%");
}

static void test_huge_width_is_cut(void **state)
{
	char dst[16];
	int length;

	(void)state;
	length = format_into(dst, sizeof(dst), "%99999999999d", 1);
	assert_int_equal(length, 4096);
	length = format_into(dst, sizeof(dst), "%*d", INT_MIN, 1);
	assert_int_equal(length, 4096);
	assert_string_equal(dst, "1              ");
}

static void test_lines_leave_whole(void **state)
{
	(void)state;
	fake_process_start();
	glue_printf("one %d", 1);
	assert_int_equal(fake.console_bytes, 0);
	glue_printf(" two\nthree");
	assert_string_equal(fake.console, "one 1 two\n");
	glue_print_flush();
	assert_string_equal(fake.console, "one 1 two\nthree");
}

static void test_long_print_is_cut_visibly(void **state)
{
	char text[600];

	(void)state;
	fake_process_start();
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	glue_printf("%s\n", text);
	assert_int_equal(fake.console_bytes, 255 + 4);
	assert_string_equal(fake.console + 255, "...\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_flags_and_widths),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_bounded_field),
		cmocka_unit_test(test_pointer),
		cmocka_unit_test(test_unknown_stays_visible),
		cmocka_unit_test(test_huge_width_is_cut),
		cmocka_unit_test(test_lines_leave_whole),
		cmocka_unit_test(test_long_print_is_cut_visibly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
