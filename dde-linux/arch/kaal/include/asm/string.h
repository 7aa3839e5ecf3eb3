/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * string.h - the memory functions this port has its own fast versions of.
 *
 * Code: arch/kaal/lib/. Everything else comes from Linux's lib/string.c.
 */
#ifndef _ASM_KAAL_STRING_H
#define _ASM_KAAL_STRING_H

#define __HAVE_ARCH_MEMCPY
void *memcpy(void *dst, const void *src, __kernel_size_t bytes);

#define __HAVE_ARCH_MEMMOVE
void *memmove(void *dst, const void *src, __kernel_size_t bytes);

#define __HAVE_ARCH_MEMSET
void *memset(void *dst, int value, __kernel_size_t bytes);

#endif
