/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * string.c - the string functions that libfdt uses, for boot only.
 *
 * The device tree is small: plain loops will do. memcpy and friends are in
 * arch/aarch64/memory.S.
 */
#include <string.h>

size_t strlen(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	return length;
}

size_t strnlen(const char *text, size_t limit)
{
	size_t length = 0;

	while (length < limit && text[length])
		length++;
	return length;
}

int strncmp(const char *a, const char *b, size_t limit)
{
	size_t i;

	for (i = 0; i < limit; i++) {
		if (a[i] != b[i] || !a[i])
			return (unsigned char)a[i] - (unsigned char)b[i];
	}
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, (size_t)-1);
}

void *memchr(const void *memory, int byte, size_t bytes)
{
	const unsigned char *at = memory;
	size_t i;

	for (i = 0; i < bytes; i++) {
		if (at[i] == (unsigned char)byte)
			return (void *)(at + i);
	}
	return NULL;
}

char *strchr(const char *text, int c)
{
	return memchr(text, c, strlen(text) + 1);
}

char *strrchr(const char *text, int c)
{
	char *last = NULL;

	for (; *text; text++) {
		if (*text == (char)c)
			last = (char *)text;
	}
	return last;
}
