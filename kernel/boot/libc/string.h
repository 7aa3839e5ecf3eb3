/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * string.h - the part of the C library that libfdt uses, for the kernel.
 */
#ifndef BOOT_LIBC_STRING_H
#define BOOT_LIBC_STRING_H

#include <arch/memory.h>

size_t strlen(const char *text);
size_t strnlen(const char *text, size_t limit);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t limit);
char *strchr(const char *text, int c);
char *strrchr(const char *text, int c);
void *memchr(const void *memory, int byte, size_t bytes);

#endif
