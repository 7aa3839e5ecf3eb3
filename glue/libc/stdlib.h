/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stdlib.h - libfdt includes it, but the files we use call nothing of it.
 */
#ifndef GLUE_LIBC_STDLIB_H
#define GLUE_LIBC_STDLIB_H
#endif
