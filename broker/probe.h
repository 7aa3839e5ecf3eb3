/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe.h - the one register of a device that the broker writes itself.
 */
#ifndef BROKER_PROBE_H
#define BROKER_PROBE_H

#include <stdint.h>

/* At boot: takes the slot for it. */
void broker_probe_init(void);

/* Reset a transport's device. It is done when its status reads 0 again, and then
 * reads and writes no memory. Source: VIRTIO 1.2, 2.4 and 4.2.3.1.
 * Return: 0: the kernel does not show its registers; nothing to let go of. */
int broker_probe_virtio_reset(uint64_t paddr);
int broker_probe_virtio_is_reset(void);
/* Let go of it. */
void broker_probe_end(void);

#endif
