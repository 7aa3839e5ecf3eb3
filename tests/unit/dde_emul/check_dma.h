/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check_dma.h - what the DMA checker says while a group of checks runs.
 */
#ifndef CHECK_DMA_H
#define CHECK_DMA_H

#include <linux/types.h>

/* Switch the checker on; it then counts instead of ending the process. */
void check_dma_begin(void);
/* As it was before. */
void check_dma_end(void);
/* Was exactly one rule broken since the last look, and said so? */
bool check_dma_told(const char *what);
/* Was none broken? */
bool check_dma_fine(void);

#endif
