/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pci.h - functions of the PCI host bridge as bundles, and their config space.
 *
 * Bus 0 of one generic ECAM host is searched once at boot. Each function with
 * memory BARs becomes a device: the BARs get addresses of their own pages, the
 * interrupt is its INTx line by the bridge's interrupt-map. Message interrupts
 * need an ITS, which the kernel has not; functions behind bridges, and I/O
 * BARs, are left out.
 */
#ifndef BROKER_PCI_H
#define BROKER_PCI_H

#include <stddef.h>
#include <stdint.h>
#include <glue/err.h>

struct broker_device;

/**
 * broker_pci_scan - find and set up all functions.
 * @fdt, @node: the host bridge in the device tree
 * @ecam:       physical address of its configuration space
 * @found:      called for each; copies the bundle
 */
void broker_pci_scan(const void *fdt, int node, uint64_t ecam,
		     void (*found)(const struct broker_device *device));

/* The modalias of a function, as Linux writes it. */
void broker_pci_alias(const struct broker_device *device, char *alias,
		      size_t bytes);

/**
 * broker_pci_read - what a driver may read: all of its function's space.
 *
 * Return: K_ERR_UNSUPPORTED not a PCI device; K_ERR_RANGE, K_ERR_ALIGN.
 */
enum k_err broker_pci_read(const struct broker_device *device, uint64_t offset,
			   uint64_t bytes, uint32_t *value);

/**
 * broker_pci_write - what a driver may write: nothing that decides which
 * addresses the function answers to, or that sends messages.
 *
 * Return: as broker_pci_read; K_ERR_DENIED.
 */
enum k_err broker_pci_write(const struct broker_device *device, uint64_t offset,
			    uint64_t bytes, uint32_t value);

/* The function begins no transaction any more; those under way may last. */
void broker_pci_stop(const struct broker_device *device);
/* Are they over? Of conventional PCI they are. Source: PCIe 5.0, 7.5.3.5. */
int broker_pci_is_quiet(const struct broker_device *device);

#endif
