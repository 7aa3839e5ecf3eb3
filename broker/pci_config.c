/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pci_config.c - loads and stores in the ECAM of bus 0.
 *
 * Bus 0 is the first MiB: 256 functions of 4 KiB. It is mapped by one large
 * frame, which needs one table less and one capability instead of 256.
 * Source: PCI Express Base 4.0, 7.2.2.
 */
#include "pci.h"

#include <glue/sys.h>

#include "blocks.h"
#include "regs_pci.h"
#include "vspace.h"

static int mapped;

uint32_t broker_pci_config_map(uint64_t ecam)
{
	uint32_t frame;

	if (mapped || ecam % (1u << ABI_FRAME_LARGE_BITS) != 0)
		return 0;
	frame = broker_block_device_frame(ecam, ABI_FRAME_LARGE_BITS);
	if (!frame || broker_vspace_map(broker_vspace_own(), frame,
					BROKER_WINDOW_PCI, BROKER_DEVICE))
		return 0;
	mapped = 1;
	return frame;
}

int broker_pci_config_is_mapped(void)
{
	return mapped;
}

static volatile void *config_at(unsigned int devfn, uint32_t offset)
{
	return (volatile void *)(BROKER_WINDOW_PCI +
				 ((uint64_t)devfn << PCI_DEVFN_SHIFT) + offset);
}

/* Reading a whole register has no effect that reading a part has not. */
uint32_t broker_pci_config_read(unsigned int devfn, uint32_t offset,
				uint32_t bytes)
{
	uint32_t word = *(volatile uint32_t *)config_at(devfn, offset & ~3u);

	return word >> 8 * (offset & 3) & (~0u >> (32 - 8 * bytes));
}

void broker_pci_config_write(unsigned int devfn, uint32_t offset,
			     uint32_t bytes, uint32_t value)
{
	volatile void *at = config_at(devfn, offset);

	switch (bytes) {
	case 1:
		*(volatile uint8_t *)at = (uint8_t)value;
		break;
	case 2:
		*(volatile uint16_t *)at = (uint16_t)value;
		break;
	default:
		*(volatile uint32_t *)at = value;
	}
}
