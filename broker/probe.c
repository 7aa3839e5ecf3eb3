/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe.c - look at a device through a window; if it is a virtio transport, reset it.
 *
 * What it is its registers say, not who found it (docs/decisions/0020).
 * The slot is ours for ever: a device must be stopped also when there is no other
 * left.
 */
#include "probe.h"

#include "blocks.h"
#include "slots.h"
#include "vspace.h"

/* Words of VIRTIO 1.2, 4.2.2. The version is read first: other devices' first
 * register is often one that a read changes, the second seldom. */
#define MAGIC	   0u /* RO MAGIC_VIRT */
#define MAGIC_VIRT 0x74726976u
#define VERSION	   1u	 /* RO 1, 2 */
#define STATUS	   0x1cu /* RW 0 written: reset; 0 read: done */
#define REGS_BYTES 0x74u

static uint32_t slot;
static volatile uint32_t *regs; /* of the device in hand */

void broker_probe_init(void)
{
	slot = broker_slots_take(BROKER_OWNER_BROKER, 1);
}

int broker_probe_virtio_reset(uint64_t paddr)
{
	uint64_t at = paddr % BROKER_PAGE_BYTES;
	uint32_t frame = broker_block_device_frame(paddr - at,
						   BROKER_PAGE_BITS);

	if (at % sizeof(*regs) != 0 || at + REGS_BYTES > BROKER_PAGE_BYTES)
		return 0;
	if (frame == 0 ||
	    broker_vspace_map_copy(broker_vspace_own(), BROKER_OWNER_BROKER,
				   frame, 1, BROKER_WINDOW_PEEK, BROKER_DEVICE,
				   &slot))
		return -1;
	regs = (volatile uint32_t *)(BROKER_WINDOW_PEEK + at);
	if (regs[VERSION] - 1 > 1 || regs[MAGIC] != MAGIC_VIRT) {
		broker_probe_end();
		return 0;
	}
	regs[STATUS] = 0;
	return 1;
}

int broker_probe_virtio_is_reset(void)
{
	return regs[STATUS] == 0;
}

void broker_probe_end(void)
{
	broker_slots_clear(slot, 1);
}
