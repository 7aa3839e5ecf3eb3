/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_virtio.h - what each native virtio driver must refuse.
 */
#ifndef NATIVE_VIRTIO_H
#define NATIVE_VIRTIO_H

#include <stdint.h>

#define RECOVERY 2u /* resets: at a life's end, and in the next one's probe */

/* What the kit says of each lie about a queue. */
#define SAID_JUMP    "it jumped past all requests"
#define SAID_NO_ID   "no such request"
#define SAID_NOT_OUT "this request is not with the device"
#define SAID_LONG    "more than the request has room for"
#define SAID_RESET   "it asks for a reset"

/* Probe a device that works, whose fake is fake/virtio.h, in every state that
 * cannot be driven, each alone: probe says why. @few_bytes of arena are too
 * small; @reads_config: it must stand still. Afterwards the device works. */
void virtio_refused(uint32_t few_bytes, int reads_config);

#endif
