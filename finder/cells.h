/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cells.h - numbers in the device tree: cells, and a GIC's interrupts.
 *
 * A property is an array of 32-bit big-endian cells, 4-byte aligned
 * but not more: hence fdt32_ld.
 * Sources: Devicetree specification 0.4, 2.3; Linux's binding
 * interrupt-controller/arm,gic-v3.
 */
#ifndef FINDER_CELLS_H
#define FINDER_CELLS_H

#include <stdint.h>
#include <libfdt.h>

/* An interrupt of the GIC in the tree: kind, number, trigger. */
#define GIC_CELLS      3
#define GIC_SPI	       0u
#define GIC_PPI	       1u
#define GIC_SPI_BASE   32u
#define GIC_PPI_BASE   16u
#define GIC_EDGE_FLAGS 3u /* rising 1, falling 2; level 4 and 8 */

static inline uint32_t cell(const void *cells, int index)
{
	return fdt32_ld((const fdt32_t *)cells + index);
}

/* A number of 0..3 cells; of three cells the lower two count (PCI). */
static inline uint64_t cells_value(const void *cells, int count)
{
	uint64_t value = 0;

	for (int i = count > 2 ? count - 2 : 0; i < count; i++)
		value = value << 32 | cell(cells, i);
	return value;
}

#endif
