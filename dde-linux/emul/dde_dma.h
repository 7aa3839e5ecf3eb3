/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dde_dma.h - the checker of who owns a DMA buffer: the driver or the device.
 */
#ifndef DDE_DMA_H
#define DDE_DMA_H

#include <linux/dma-direction.h>
#include <linux/types.h>

struct device;

/* Off unless dde.strict asks for it; then set before any driver runs. */
extern bool dde_dma_checked;
/* Called for each broken rule after its line; NULL: the driver ends. */
extern void (*dde_dma_broken)(void);

void dde_dma_mapped(struct device *dev, dma_addr_t bus, size_t bytes,
		    enum dma_data_direction dir);
void dde_dma_unmapped(struct device *dev, dma_addr_t bus, size_t bytes,
		      enum dma_data_direction dir);

#endif
