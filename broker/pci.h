/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pci.h - functions of bus 0: their BARs, and their configuration space.
 *
 * The finder says which functions there are, of one generic ECAM host, and where
 * in the bridge's window their BARs shall lie; it cannot write there. Message
 * interrupts need an ITS, which the kernel has not; I/O BARs are left out.
 */
#ifndef BROKER_PCI_H
#define BROKER_PCI_H

#include <stddef.h>
#include <stdint.h>
#include <glue/err.h>

struct broker_device;

/* Is there a place for such a BAR? */
int broker_pci_bar_is(uint64_t devfn, uint64_t bar);

/* Bytes that a BAR of a function decodes; 0 if it has none, it is for I/O, or
 * too large for 32-bit addresses. The function does not decode any more. */
uint32_t broker_pci_bar_size(unsigned int devfn, unsigned int bar);

/* Is a register range the BAR it says it is, where no RAM is? */
int broker_pci_fits(const struct broker_device *device, unsigned int range);

/* Set the BARs of a function, all of whose ranges fit. */
void broker_pci_place(const struct broker_device *device);

/* The function begins no transaction any more; those under way may last. */
void broker_pci_stop(const struct broker_device *device);
/* Are they over? Of conventional PCI they are. Source: PCIe 5.0, 7.5.3.5. */
int broker_pci_is_quiet(const struct broker_device *device);

/* pci_config.c: configuration space of bus 0, seen through a window. Only the broker
 * maps it: a driver that could write it could put its BARs over another device's.
 * The seam that unit tests replace. */

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
