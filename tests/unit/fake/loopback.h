/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loopback.h - one channel with both ends in this process.
 *
 * Channel 0 is the client's end, channel 1 the driver's; both ring windows
 * show the same memory, and the lent region is mapped twice.
 */
#ifndef FAKE_LOOPBACK_H
#define FAKE_LOOPBACK_H

#include <stdint.h>

#define LOOPBACK_BUS 0x48000000ul /* of the region, at the driver's end */

/* Write the channel table as the broker does; the service looks at it next. */
void loopback_connect(uint16_t class_id, uint32_t depth, uint64_t region_bytes);

#endif
