/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwipopts.h - the stack's options, but memory from malloc, one block each.
 *
 * So that AddressSanitizer sees a use after free and a write past the end.
 */
#include "ip/port/lwipopts.h"

#undef MEM_LIBC_MALLOC
#define MEM_LIBC_MALLOC 1
#undef MEMP_MEM_MALLOC
#define MEMP_MEM_MALLOC 1
