/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regs_virtio_mmio.h - the registers of a virtio transport that say what is behind.
 *
 * Drivers have their own, full list. Little endian.
 * Source: VIRTIO 1.2, section 4.2.2.
 */
#ifndef FINDER_REGS_VIRTIO_MMIO_H
#define FINDER_REGS_VIRTIO_MMIO_H

#include <stddef.h>
#include <stdint.h>

/* clang-format off */
struct virtio_mmio_id_regs {
	uint32_t magic;        /* 0x00 RO VIRTIO_MMIO_MAGIC                */
	uint32_t version;      /* 0x04 RO 1 legacy, 2 modern               */
	uint32_t device_id;    /* 0x08 RO 0: no device behind              */
	uint32_t vendor_id;    /* 0x0c RO                                  */
};
#define VIRTIO_MMIO_MAGIC	0x74726976u /* "virt"                       */
/* clang-format on */
_Static_assert(offsetof(struct virtio_mmio_id_regs, vendor_id) == 0x0c,
	       "VIRTIO 1.2, 4.2.2");

#endif
