/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_virtio_net_pci.c - the tests of native_virtio_net.c over another
 * transport than virtio-mmio: nothing in the driver or in the kit's queues may
 * know the difference.
 *
 * Linked with fake/pci_transport.c instead of dddk/virtio/mmio.c. Its device has
 * fields of 8 and 16 bits, a doorbell for each of the three queues, a level
 * interrupt that reading acknowledges.
 */
#include "native_virtio_net.c"
