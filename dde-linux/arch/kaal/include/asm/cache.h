/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cache.h - line size, used for alignment only.
 *
 * DMA on the machines we run on is coherent, so kmalloc needs no more than the
 * natural alignment of a long long.
 */
#ifndef _ASM_KAAL_CACHE_H
#define _ASM_KAAL_CACHE_H

#define L1_CACHE_SHIFT 6
#define L1_CACHE_BYTES (1 << L1_CACHE_SHIFT)

#endif
