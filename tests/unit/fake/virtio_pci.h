/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio_pci.h - where the fake PCI device has its structures.
 *
 * A real one says so in its capabilities (VIRTIO 1.2, 4.1.4).
 */
#ifndef FAKE_VIRTIO_PCI_H
#define FAKE_VIRTIO_PCI_H

#define FAKE_PCI_COMMON 0x00u
#define FAKE_PCI_ISR	0x40u
#define FAKE_PCI_NOTIFY 0x80u
#define FAKE_PCI_CONFIG 0x100u

/* Doorbells side by side: a write of 32 bits would ring two. */
#define FAKE_PCI_NOTIFY_MULTIPLIER 2u

#endif
