/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stdlib.h - included by libfdt, which needs nothing from it here.
 */
#ifndef BOOT_LIBC_STDLIB_H
#define BOOT_LIBC_STDLIB_H

#include <stddef.h>

unsigned long strtoul(const char *text, char **end, int base);

#endif
