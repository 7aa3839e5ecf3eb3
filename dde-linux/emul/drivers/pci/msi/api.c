// SPDX-License-Identifier: GPL-2.0-only
/*
 * api.c - message interrupts: there are none, drivers fall back to INTx.
 *
 * Stands for drivers/pci/msi/api.c on a machine whose interrupt controller
 * takes no messages (KaaL's kernel has no ITS). Each function answers as
 * Linux's does there, so that drivers find their own way to the INTx line.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/interrupt.h>
#include <linux/pci.h>
#include <dde.h>

int pci_enable_msi(struct pci_dev *dev)
{
	return -EINVAL;
}
DDE_EMULATED(pci_enable_msi);

void pci_disable_msi(struct pci_dev *dev)
{
}
DDE_NOOP(pci_disable_msi, "message interrupts are never on");

int pci_msi_vec_count(struct pci_dev *dev)
{
	return -EINVAL;
}
DDE_EMULATED(pci_msi_vec_count);

int pci_msix_vec_count(struct pci_dev *dev)
{
	return -EINVAL;
}
DDE_EMULATED(pci_msix_vec_count);

int pci_enable_msix_range(struct pci_dev *dev, struct msix_entry *entries,
			  int minvec, int maxvec)
{
	return -EINVAL;
}
DDE_EMULATED(pci_enable_msix_range);

void pci_disable_msix(struct pci_dev *dev)
{
}
DDE_NOOP(pci_disable_msix, "message interrupts are never on");

void pci_restore_msi_state(struct pci_dev *dev)
{
}
DDE_NOOP(pci_restore_msi_state, "message interrupts are never on");

int pci_msi_enabled(void)
{
	return 0;
}
DDE_EMULATED(pci_msi_enabled);

/* One vector, the INTx line, if the caller can live with it. */
int pci_alloc_irq_vectors_affinity(struct pci_dev *dev, unsigned int min_vecs,
				   unsigned int max_vecs, unsigned int flags,
				   struct irq_affinity *affinity)
{
	if (!(flags & PCI_IRQ_INTX) || min_vecs > 1 || !dev->irq)
		return -ENOSPC;
	if (affinity && affinity->calc_sets)
		affinity->calc_sets(affinity, 1);
	pci_intx(dev, 1);
	return 1;
}
DDE_EMULATED(pci_alloc_irq_vectors_affinity);

int pci_alloc_irq_vectors(struct pci_dev *dev, unsigned int min_vecs,
			  unsigned int max_vecs, unsigned int flags)
{
	return pci_alloc_irq_vectors_affinity(dev, min_vecs, max_vecs, flags,
					      NULL);
}
DDE_EMULATED(pci_alloc_irq_vectors);

void pci_free_irq_vectors(struct pci_dev *dev)
{
}
DDE_NOOP(pci_free_irq_vectors, "the INTx line belongs to the function");

int pci_irq_vector(struct pci_dev *dev, unsigned int number)
{
	return number ? -EINVAL : dev->irq;
}
DDE_EMULATED(pci_irq_vector);

const struct cpumask *pci_irq_get_affinity(struct pci_dev *dev, int number)
{
	return cpu_possible_mask;
}
DDE_EMULATED(pci_irq_get_affinity);
