/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * string.h - the few string and memory functions that our programs need.
 *
 * memcpy, memset, memmove and memcmp are what the compiler itself calls; they
 * carry their C names and their C meaning, and are hidden in a process that
 * also links Linux. Everything else has our prefix.
 */
#ifndef GLUE_STRING_H
#define GLUE_STRING_H

#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict dst, const void *restrict src, size_t bytes);
void *memmove(void *dst, const void *src, size_t bytes);
void *memset(void *dst, int byte, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t bytes);

/**
 * glue_strlcpy - copy a string into a fixed field, cut if it is too long.
 * @dst:  always zero-terminated if @size > 0
 *
 * Return: length of @src; >= @size means that it was cut.
 */
size_t glue_strlcpy(char *dst, const char *src, size_t size);

/* Length of @text, but never looks past @max bytes. */
size_t glue_strnlen(const char *text, size_t max);

/**
 * glue_parse_u64 - read a whole word as a number, decimal or 0x hexadecimal.
 *
 * Return: 1 and the number in @value; 0 if the word is empty, has other
 * characters or does not fit (then @value is unchanged).
 */
int glue_parse_u64(const char *text, uint64_t *value);

#endif
