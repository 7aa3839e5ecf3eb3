// SPDX-License-Identifier: GPL-2.0-only
/*
 * pci.c - port I/O, which the AArch64 machine does not have.
 *
 * Stands for the part of drivers/pci/pci.c that Linux's device tree code uses.
 */
#include <linux/pci.h>
#include <dde.h>

unsigned long pci_address_to_pio(phys_addr_t address)
{
	return (unsigned long)-1;
}
DDE_NOOP(pci_address_to_pio, "no port I/O: every address is refused");
