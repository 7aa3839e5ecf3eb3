/* SPDX-License-Identifier: GPL-2.0-only */
/* bitsperlong.h - longs have 64 bits. */
#ifndef _UAPI_ASM_KAAL_BITSPERLONG_H
#define _UAPI_ASM_KAAL_BITSPERLONG_H

#define __BITS_PER_LONG 64

#include <asm-generic/bitsperlong.h>

#endif
