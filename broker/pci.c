/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pci.c - which addresses a function answers to: its BARs.
 *
 * No firmware has run on QEMU's board, so BARs are empty; where one has, they
 * are set anew all the same. The finder has laid them out; that they fit is
 * asked of the function itself. Read next: pci_access.c (what its driver may do)
 */
#include "pci.h"

#include "blocks.h"
#include "devices.h"
#include "regs_pci.h"

/* Of the low half of a BAR; they say what kind it is. */
static uint32_t bar_bits(unsigned int devfn, unsigned int bar)
{
	return broker_pci_config_read(devfn, PCI_BAR0 + 4 * bar, 4);
}

int broker_pci_bar_is(uint64_t devfn, uint64_t bar)
{
	return broker_pci_config_is_mapped() && devfn < PCI_DEVFNS &&
	       bar < PCI_BAR_COUNT;
}

uint32_t broker_pci_bar_size(unsigned int devfn, unsigned int bar)
{
	uint32_t offset = PCI_BAR0 + 4 * bar, bits;

	broker_pci_config_write(devfn, PCI_COMMAND, 2, 0);
	broker_pci_config_write(devfn, offset, 4, ~0u);
	bits = bar_bits(devfn, bar);
	broker_pci_config_write(devfn, offset, 4, 0);
	if (bits & PCI_BAR_IO || !(bits & PCI_BAR_ADDRESS))
		return 0;
	return ~(bits & PCI_BAR_ADDRESS) + 1;
}

int broker_pci_fits(const struct broker_device *device, unsigned int range)
{
	const struct broker_device_range *r = &device->mmio[range];
	unsigned int bar = device->bar[range] - 1u;

	return broker_pci_bar_is(device->devfn, bar) &&
	       r->paddr % r->bytes == 0 &&
	       r->paddr + r->bytes <= (uint64_t)1 << 32 &&
	       broker_pci_bar_size(device->devfn, bar) == r->bytes &&
	       broker_block_covers_device(r->paddr, r->bytes);
}

void broker_pci_place(const struct broker_device *device)
{
	for (unsigned int i = 0; i < device->n_mmio; i++) {
		unsigned int bar = device->bar[i] - 1u;
		uint32_t offset = PCI_BAR0 + 4 * bar;
		uint32_t kind = bar_bits(device->devfn, bar) & PCI_BAR_TYPE;

		broker_pci_config_write(device->devfn, offset, 4,
					(uint32_t)device->mmio[i].paddr);
		if (kind == PCI_BAR_64 && bar + 1 < PCI_BAR_COUNT)
			broker_pci_config_write(device->devfn, offset + 4, 4,
						0);
	}
}
