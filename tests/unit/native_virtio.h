/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_virtio.h - what each native virtio driver must refuse.
 */
#ifndef NATIVE_VIRTIO_H
#define NATIVE_VIRTIO_H

#include <stdint.h>

/* Probe a device that works, whose fake is fake/virtio.h, in every state that
 * cannot be driven, each alone: probe says why. @few_bytes of arena are too
 * small; @reads_config: it must stand still. Afterwards the device works. */
void virtio_refused(uint32_t few_bytes, int reads_config);

#endif
