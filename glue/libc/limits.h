/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * limits.h - the limits that libfdt asks for.
 */
#ifndef GLUE_LIBC_LIMITS_H
#define GLUE_LIBC_LIMITS_H

#define INT_MAX	 __INT_MAX__
#define UINT_MAX (INT_MAX * 2u + 1u)

#endif
