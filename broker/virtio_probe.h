/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio_probe.h - what is behind a virtio-mmio transport?
 */
#ifndef BROKER_VIRTIO_PROBE_H
#define BROKER_VIRTIO_PROBE_H

#include <stdint.h>

struct broker_virtio_id {
	uint32_t device; /* 0: the transport is empty */
	uint32_t vendor;
};

/**
 * broker_virtio_probe - read the identification registers of a transport.
 *
 * Return: 1 and @id; 0 if the registers cannot be reached or are not those of
 *         a virtio transport.
 */
int broker_virtio_probe(uint64_t paddr, struct broker_virtio_id *id);

/* Undo the mapping that probing keeps between calls. */
void broker_virtio_probe_end(void);

#endif
