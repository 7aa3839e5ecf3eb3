// SPDX-License-Identifier: BSD-2-Clause
/*
 * msi.c - message interrupts: refused, so that a PCI driver takes its INTx line.
 *
 * The function under test is made up: its bus answers for the command register.
 */
#include <linux/pci.h>
#include <linux/msi.h>
#include <linux/string.h>
#include "check.h"

#define LINE 7

static u32 command = PCI_COMMAND_INTX_DISABLE;
static unsigned int sets_asked;

static int config_read(struct pci_bus *bus, unsigned int devfn, int where,
		       int size, u32 *value)
{
	*value = where == PCI_COMMAND ? command : 0;
	return PCIBIOS_SUCCESSFUL;
}

static int config_write(struct pci_bus *bus, unsigned int devfn, int where,
			int size, u32 value)
{
	if (where == PCI_COMMAND)
		command = value;
	return PCIBIOS_SUCCESSFUL;
}

static struct pci_ops ops = { .read = config_read, .write = config_write };
static struct pci_bus bus = { .ops = &ops };
static struct pci_dev function = { .bus = &bus, .irq = LINE };

static void sets_of(struct irq_affinity *affinity, unsigned int vectors)
{
	sets_asked = vectors;
}

static void messages_are_refused(void)
{
	struct msix_entry entries[2] = { { 0 } };

	CHECK(!pci_msi_enabled());
	CHECK(pci_enable_msi(&function) == -EINVAL);
	CHECK(pci_msi_vec_count(&function) == -EINVAL);
	CHECK(pci_msix_vec_count(&function) == -EINVAL);
	CHECK(pci_enable_msix_range(&function, entries, 1, 2) == -EINVAL);
	CHECK(!pci_msi_get_device_domain(&function));
	CHECK(pci_alloc_irq_vectors(&function, 1, 2, PCI_IRQ_MSI) == -ENOSPC);
	CHECK(command == PCI_COMMAND_INTX_DISABLE);
}

/* One vector, which is the line; more than one there cannot be. */
static void the_line_is_the_vector(void)
{
	struct irq_affinity affinity = { .calc_sets = sets_of };

	CHECK(pci_alloc_irq_vectors(&function, 2, 2, PCI_IRQ_ALL_TYPES) ==
	      -ENOSPC);
	CHECK(pci_alloc_irq_vectors_affinity(&function, 1, 4, PCI_IRQ_ALL_TYPES,
					     &affinity) == 1);
	CHECK(sets_asked == 1 && !(command & PCI_COMMAND_INTX_DISABLE));
	CHECK(pci_irq_vector(&function, 0) == LINE);
	CHECK(pci_irq_vector(&function, 1) == -EINVAL);
	CHECK(cpumask_test_cpu(0, pci_irq_get_affinity(&function, 0)));
	function.irq = 0;
	CHECK(pci_alloc_irq_vectors(&function, 1, 1, PCI_IRQ_INTX) == -ENOSPC);
}

static void check_msi(void)
{
	messages_are_refused();
	the_line_is_the_vector();
}
CHECK_GROUP(msi);
