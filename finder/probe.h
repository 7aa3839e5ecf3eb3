/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe.h - which device is it? What the device tree leaves to registers.
 */
#ifndef FINDER_PROBE_H
#define FINDER_PROBE_H

#include <stdint.h>

struct finder_virtio_id {
	uint32_t device; /* 0: the transport is empty */
	uint32_t vendor;
};

/**
 * finder_probe_virtio - read the identification registers of a transport.
 *
 * Return: 1 and @id; 0 if the registers cannot be reached or are not those of
 *         a virtio transport.
 */
int finder_probe_virtio(uint64_t paddr, struct finder_virtio_id *id);

/**
 * finder_probe_primecell - read the identification of a PrimeCell.
 * @paddr: of its first register; reads only the last 32 bytes of that page
 *
 * Return: the peripheral id; 0 if the registers cannot be reached or are not
 *         those of a PrimeCell.
 */
uint32_t finder_probe_primecell(uint64_t paddr);

#endif
