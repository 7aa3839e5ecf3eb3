/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_printf.c - the kernel's formatted output, against the host's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <core/arch.h>

static char text[256];
static size_t length;

void platform_putchar(char c)
{
	assert_true(length + 1 < sizeof(text));
	text[length++] = c;
	text[length] = 0;
}

#define same(...)                                                              \
	do {                                                                   \
		char host_[256];                                               \
		snprintf(host_, sizeof(host_), __VA_ARGS__);                   \
		length = 0;                                                    \
		text[0] = 0;                                                   \
		kernel_printf(__VA_ARGS__);                                    \
		assert_string_equal(text, host_);                              \
	} while (0)

static void test_numbers(void **state)
{
	(void)state;
	same("%d %d %u", 0, -1, 4000000000u);
	same("%d %d", INT32_MIN, INT32_MAX);
	same("%ld %lu %lx", INT64_MIN, UINT64_MAX, UINT64_MAX);
	same("%x %lx %zu", 0xbeefu, 0x123456789abcul, sizeof(text));
}

static void test_widths(void **state)
{
	(void)state;
	same("[%5u][%-5u][%05u]", 42u, 42u, 42u);
	same("[%016lx][%12lu]", 0xabcul, 7ul);
	same("[%3s][%-6s][%s]", "abcd", "ab", "");
	same("[%2u]", 12345u);
}

static void test_other(void **state)
{
	(void)state;
	same("100%% %c%c", 'o', 'k');
	length = 0;
	kernel_printf("%s|%", (const char *)NULL);
	assert_string_equal(text, "(null)|");
	length = 0;
	kernel_printf("%p", (void *)0xffff000040000000);
	assert_string_equal(text, "ffff000040000000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
