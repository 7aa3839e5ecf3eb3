// SPDX-License-Identifier: GPL-2.0-only
/*
 * ioremap.c - device registers are mapped already; find where.
 *
 * Stands for mm/ioremap.c. The broker has mapped what the manifest grants; a
 * driver that asks for anything else gets NULL and one message.
 */
#include <linux/io.h>
#include <linux/printk.h>
#include <kit.h>
#include <dde.h>

void __iomem *ioremap(phys_addr_t bus, size_t bytes)
{
	const struct kit_device *device = kit_device();
	unsigned int i;

	for (i = 0; i < device->mmio_count; i++) {
		const struct kit_mmio *mmio = &device->mmio[i];
		unsigned long offset = bus - mmio->bus;

		if (offset < mmio->bytes && bytes <= mmio->bytes - offset)
			return (void __iomem *)(mmio->vaddr + offset);
	}
	pr_err("ioremap: 0x%llx, %zu bytes: not registers of this device\n",
	       bus, bytes);
	return NULL;
}
DDE_EMULATED(ioremap);

void iounmap(volatile void __iomem *registers)
{
}
DDE_NOOP(iounmap, "the broker's mapping lasts as long as the process");
