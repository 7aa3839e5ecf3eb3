/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * look.h - what the broker shows on request. The seam that unit tests replace.
 */
#ifndef FINDER_LOOK_H
#define FINDER_LOOK_H

#include <stdint.h>

#define FINDER_PAGE_BYTES 4096u

/* A page of registers, read-only; NULL if those are no device's, or the last of
 * FIND_LOOKS pages is used. */
const volatile void *finder_look(uint64_t page);

/* Show the configuration space of bus 0. Return: 0 if that cannot be done. */
int finder_pci_open(uint64_t ecam);
/* @offset: a multiple of @bytes, which is 1, 2 or 4. */
uint32_t finder_pci_read(unsigned int devfn, uint32_t offset, uint32_t bytes);
/* What a BAR decodes; 0 if it is not there, is I/O, or too large for 32-bit
 * addresses. The function answers to no address any more. */
uint32_t finder_pci_size(unsigned int devfn, unsigned int bar);

#endif
