/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * string.h - what libfdt expects under this name; no C library is linked.
 */
#ifndef GLUE_LIBC_STRING_H
#define GLUE_LIBC_STRING_H

#include <glue/string.h>

void *memchr(const void *memory, int byte, size_t bytes);
size_t strnlen(const char *text, size_t max);
char *strrchr(const char *text, int c);

#endif
