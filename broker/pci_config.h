/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pci_config.h - configuration space of bus 0, seen through a window.
 *
 * Only the broker maps it: a driver that could write it could put its BARs
 * over another device's. The seam that unit tests replace.
 */
#ifndef BROKER_PCI_CONFIG_H
#define BROKER_PCI_CONFIG_H

#include <stdint.h>

/* Map bus 0, once. @ecam: physical address. Return: the root slot of its large
 * frame, for others to read it; 0 if that cannot be done. */
uint32_t broker_pci_config_map(uint64_t ecam);
int broker_pci_config_is_mapped(void);

/* @offset: below PCI_CONFIG_BYTES, a multiple of @bytes, which is 1, 2 or 4. */
uint32_t broker_pci_config_read(unsigned int devfn, uint32_t offset,
				uint32_t bytes);
void broker_pci_config_write(unsigned int devfn, uint32_t offset,
			     uint32_t bytes, uint32_t value);

#endif
