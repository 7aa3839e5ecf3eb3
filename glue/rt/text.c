/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text.c - bounded strings and numbers in text.
 */
#include <glue/string.h>

size_t glue_strnlen(const char *text, size_t max)
{
	size_t n;

	for (n = 0; n < max && text[n]; n++)
		;
	return n;
}

size_t glue_strlcpy(char *dst, const char *src, size_t size)
{
	size_t n;

	for (n = 0; src[n]; n++)
		if (n + 1 < size)
			dst[n] = src[n];
	if (size)
		dst[n < size ? n : size - 1] = 0;
	return n;
}

/* The value of one digit, or a number no base reaches. */
static unsigned int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (unsigned int)(c - 'A' + 10);
	return 99;
}

int glue_parse_u64(const char *text, uint64_t *value)
{
	unsigned int base = 10;
	uint64_t sum = 0;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	}
	if (*text == 0)
		return 0;
	for (; *text; text++) {
		unsigned int digit = digit_value(*text);

		if (digit >= base || sum > (UINT64_MAX - digit) / base)
			return 0;
		sum = sum * base + digit;
	}
	*value = sum;
	return 1;
}
