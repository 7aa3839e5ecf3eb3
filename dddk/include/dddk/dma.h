/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dma.h - memory that the device may read and write.
 *
 * The broker gives each driver one arena, physically contiguous, of the size in
 * its manifest line. Rings and buffers are cut from it at probe and stay: a
 * driver allocates nothing while it serves.
 */
#ifndef DDDK_DMA_H
#define DDDK_DMA_H

#include <stdint.h>
#include <glue/rt.h>

/**
 * dddk_dma_alloc - cut a piece from the arena, zeroed.
 * @align: a power of two, at most 4096
 *
 * Return: NULL if the arena is used up, with a line in the log that says how
 * many bytes dma_kib is short of.
 */
void *dddk_dma_alloc(uint64_t bytes, uint64_t align);

/* Give the whole arena back: a probe that begins anew. */
void dddk_dma_reset(void);

/* The address by which the device knows memory of the arena. */
static inline uint64_t dddk_dma_bus(const volatile void *memory)
{
	const struct glue_env *env = glue_env();

	return (uint64_t)(uintptr_t)memory - env->dma_vaddr + env->dma_bus;
}

#endif
