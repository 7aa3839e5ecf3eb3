/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe.h - which device is it? What the device tree leaves to registers.
 */
#ifndef BROKER_PROBE_H
#define BROKER_PROBE_H

#include <stdint.h>

struct broker_virtio_id {
	uint32_t device; /* 0: the transport is empty */
	uint32_t vendor;
};

/**
 * broker_probe_virtio - read the identification registers of a transport.
 *
 * Return: 1 and @id; 0 if the registers cannot be reached or are not those of
 *         a virtio transport.
 */
int broker_probe_virtio(uint64_t paddr, struct broker_virtio_id *id);

/**
 * broker_probe_primecell - read the identification of a PrimeCell.
 * @paddr: of its first register; reads only the last 32 bytes of that page
 *
 * Return: the peripheral id; 0 if the registers cannot be reached or are not
 *         those of a PrimeCell.
 */
uint32_t broker_probe_primecell(uint64_t paddr);

/* Reset a transport's device. It is done when its status reads 0 again, and then
 * reads and writes no memory. Source: VIRTIO 1.2, 2.4 and 4.2.3.1. */
void broker_probe_virtio_reset(uint64_t paddr);
int broker_probe_virtio_is_reset(uint64_t paddr);

/* At boot, before all others. */
void broker_probe_init(void);

/* Undo the mapping that probing keeps between calls. */
void broker_probe_end(void);

#endif
