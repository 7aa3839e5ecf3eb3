/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dma.c - the arena: a line that moves up, and goes back to the start.
 */
#include <dddk/dma.h>
#include <dddk/log.h>
#include <glue/rt.h>

static uint64_t used;

void *dddk_dma_alloc(uint64_t bytes, uint64_t align)
{
	const struct glue_env *env = glue_env();
	uint64_t start = (used + align - 1) & ~(align - 1);
	uint8_t *memory;

	if (start > env->dma_bytes || bytes > env->dma_bytes - start) {
		dddk_log("the DMA arena of %lu KiB is too small: %lu bytes "
			 "more are needed; set dma_kib",
			 (unsigned long)(env->dma_bytes / 1024),
			 (unsigned long)(start + bytes - env->dma_bytes));
		return 0;
	}
	memory = (uint8_t *)(env->dma_vaddr + start);
	used = start + bytes;
	__builtin_memset(memory, 0, bytes);
	return memory;
}

void dddk_dma_reset(void)
{
	used = 0;
}
