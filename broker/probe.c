/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe.c - reset a virtio transport through a window.
 *
 * No other device is ever looked at: a read may end in an abort, which would be the
 * broker's, or change the device. The slot is ours for ever: a device must be
 * stopped also when there is no other left.
 */
#include "probe.h"

#include "blocks.h"
#include "slots.h"
#include "vspace.h"

#define STATUS 0x70u /* VIRTIO 1.2, 4.2.2; RW, 0 written: reset; 0 read: done */

static uint32_t slot;
static volatile uint32_t *status; /* of the device in hand */

void broker_probe_init(void)
{
	slot = broker_slots_take(BROKER_OWNER_BROKER, 1);
}

int broker_probe_virtio_reset(uint64_t paddr)
{
	uint64_t at = (paddr + STATUS) % BROKER_PAGE_BYTES;
	uint32_t frame = broker_block_device_frame(paddr + STATUS - at,
						   BROKER_PAGE_BITS);

	if (at % sizeof(*status) != 0 || frame == 0 ||
	    broker_vspace_map_copy(broker_vspace_own(), BROKER_OWNER_BROKER,
				   frame, 1, BROKER_WINDOW_PEEK, BROKER_DEVICE,
				   &slot))
		return 0;
	status = (volatile uint32_t *)(BROKER_WINDOW_PEEK + at);
	*status = 0;
	return 1;
}

int broker_probe_virtio_is_reset(void)
{
	return *status == 0;
}

void broker_probe_end(void)
{
	broker_slots_clear(slot, 1);
}
