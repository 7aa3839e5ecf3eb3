// SPDX-License-Identifier: GPL-2.0-only
/*
 * irqdomain.c - where message interrupts of a function would come from.
 *
 * Stands for drivers/pci/msi/irqdomain.c; see api.c beside this file.
 */
#include <linux/msi.h>
#include <linux/pci.h>
#include <dde.h>

struct irq_domain *pci_msi_get_device_domain(struct pci_dev *pdev)
{
	return NULL;
}
DDE_EMULATED(pci_msi_get_device_domain);
