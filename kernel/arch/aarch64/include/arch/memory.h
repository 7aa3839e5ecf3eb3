/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory.h - the functions of memory.S. Sizes are in bytes.
 */
#ifndef ARCH_MEMORY_H
#define ARCH_MEMORY_H

#include <stddef.h>
#include <stdint.h>

void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);

/* memory_zero - clear; start and size are multiples of 16. */
void memory_zero(void *start, uint64_t bytes);

/* memory_clean - write dirty cache lines back to the point of coherency. */
void memory_clean(const void *start, uint64_t bytes);

#endif
