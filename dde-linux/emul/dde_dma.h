/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dde_dma.h - the checker of who owns DMA memory: the driver or the device.
 */
#ifndef DDE_DMA_H
#define DDE_DMA_H

#include <linux/dma-direction.h>
#include <linux/types.h>

struct device;
struct dma_pool;

/* Off unless dde.strict asks for it; then set before any driver runs. */
extern bool dde_dma_checked;
/* Called for each broken rule after its line; NULL: the driver ends. */
extern void (*dde_dma_broken)(void);

/* Say which rule is broken and what to do; @what: "rule; what to do". */
void dde_dma_accuse(struct device *dev, u64 bus, size_t bytes,
		    const char *what);

/* Streaming (debug.c). dde_dma_mapped returns the address for the device. */
dma_addr_t dde_dma_mapped(struct device *dev, phys_addr_t memory, size_t bytes,
			  enum dma_data_direction dir, unsigned long attrs);
void dde_dma_unmapped(struct device *dev, dma_addr_t bus, size_t bytes,
		      enum dma_data_direction dir, unsigned long attrs);
void dde_dma_synced(struct device *dev, dma_addr_t bus, size_t bytes,
		    enum dma_data_direction dir, bool to_device);

/* Coherent memory and, if @pool is not NULL, blocks of a pool
 * (debug_coherent.c). dde_dma_freed returns false if nothing may be freed. */
void dde_dma_allocated(struct device *dev, struct dma_pool *pool, void *memory,
		       size_t bytes);
bool dde_dma_freed(struct device *dev, struct dma_pool *pool, void *memory,
		   size_t bytes, dma_addr_t bus);
/* The pool goes, or the device has lost its driver: nothing may be left. */
void dde_dma_pool_gone(struct dma_pool *pool);
void dde_dma_streaming_left(struct device *dev);
void dde_dma_coherent_left(struct device *dev);

/* Copies for the device (swiotlb.c). 0: there is no room for one. */
dma_addr_t dde_dma_copy_make(phys_addr_t memory, size_t bytes);
void dde_dma_copy_free(dma_addr_t copy, size_t bytes);

#endif
