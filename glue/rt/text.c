/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text.c - C strings: length, compare, bounded copy, numbers.
 */
#include <glue/string.h>

size_t strlen(const char *text)
{
	const char *end = text;

	while (*end)
		end++;
	return (size_t)(end - text);
}

int strncmp(const char *a, const char *b, size_t bytes)
{
	for (; bytes; bytes--, a++, b++) {
		if (*a != *b)
			return (unsigned char)*a - (unsigned char)*b;
		if (*a == 0)
			break;
	}
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

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
