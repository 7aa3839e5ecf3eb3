/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libc.c - the string functions that libfdt calls and glue does not have.
 */
#include <string.h>

void *memchr(const void *memory, int byte, size_t bytes)
{
	const unsigned char *at = memory;

	for (; bytes > 0; bytes--, at++) {
		if (*at == (unsigned char)byte)
			return (void *)(uintptr_t)at;
	}
	return NULL;
}

size_t strnlen(const char *text, size_t max)
{
	return glue_strnlen(text, max);
}

char *strrchr(const char *text, int c)
{
	const char *last = NULL;

	for (;; text++) {
		if (*text == (char)c)
			last = text;
		if (*text == '\0')
			return (char *)(uintptr_t)last;
	}
}
