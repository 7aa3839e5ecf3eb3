/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio_probe.c - look at a transport's registers through a window.
 *
 * Eight transports of QEMU's board share a page, so the page stays mapped until
 * another one is wanted. Reading the identification registers has no effect on
 * the device.
 */
#include "virtio_probe.h"

#include <glue/sys.h>

#include "blocks.h"
#include "regs_virtio_mmio.h"
#include "slots.h"
#include "vspace.h"

static uint32_t peek_frame;
static uint64_t peek_paddr;

void broker_virtio_probe_end(void)
{
	broker_slots_delete(peek_frame, 1);
	peek_frame = 0;
}

static int peek_map(uint64_t page)
{
	uint32_t frame;

	if (peek_frame != 0 && peek_paddr == page)
		return 1;
	broker_virtio_probe_end();
	frame = broker_block_device_frame(page);
	if (frame == 0)
		return 0;
	if (broker_vspace_map_copy(broker_vspace_own(), BROKER_OWNER_BROKER,
				   frame, 1, BROKER_WINDOW_PEEK, BROKER_DEVICE,
				   &peek_frame)) {
		peek_frame = 0;
		return 0;
	}
	peek_paddr = page;
	return 1;
}

int broker_virtio_probe(uint64_t paddr, struct broker_virtio_id *id)
{
	uint64_t in_page = paddr % BROKER_PAGE_BYTES;
	const volatile struct virtio_mmio_id_regs *regs;

	if (in_page % 4 != 0 || in_page > BROKER_PAGE_BYTES - sizeof(*regs) ||
	    !peek_map(paddr - in_page))
		return 0;
	regs = (const void *)(BROKER_WINDOW_PEEK + in_page);
	if (regs->magic != VIRTIO_MMIO_MAGIC ||
	    (regs->version != 1 && regs->version != 2))
		return 0;
	id->device = regs->device_id;
	id->vendor = regs->vendor_id;
	return 1;
}
