/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pci.h - functions of the PCI host bridge as bundles.
 *
 * Bus 0 of one generic ECAM host is searched once at boot. Each function with
 * memory BARs becomes a device: the BARs get places of their own pages, the
 * interrupt is its INTx line by the bridge's interrupt-map. Message interrupts
 * need an ITS, which the kernel has not; functions behind bridges, and I/O
 * BARs, are left out.
 */
#ifndef FINDER_PCI_H
#define FINDER_PCI_H

#include <stddef.h>
#include <stdint.h>

struct finder_device;

/**
 * finder_pci_scan - find all functions; lay out their BARs.
 * @fdt, @node: the host bridge in the device tree
 * @ecam:       physical address of its configuration space
 * @found:      called for each; copies the bundle
 */
void finder_pci_scan(const void *fdt, int node, uint64_t ecam,
		     void (*found)(const struct finder_device *device));

/* The modalias of a function, as Linux writes it. */
void finder_pci_alias(const struct finder_device *device, char *alias,
		      size_t bytes);

#endif
