/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe.c - look at identification registers through a window.
 *
 * Eight transports of QEMU's board share a page, so the page stays mapped until
 * another one is wanted. Reading identification registers has no effect on a
 * device; the one register that is written resets a virtio transport. The slot
 * is ours for ever: a device must be stopped also when there is no other left.
 */
#include "probe.h"

#include <glue/sys.h>

#include "blocks.h"
#include "regs_primecell.h"
#include "regs_virtio_mmio.h"
#include "slots.h"
#include "vspace.h"

static uint32_t peek_frame;
static uint64_t peek_paddr; /* 0: nothing is mapped */

void broker_probe_init(void)
{
	peek_frame = 0;
	peek_paddr = 0;
}

void broker_probe_end(void)
{
	broker_slots_clear(peek_frame, 1);
	peek_paddr = 0;
}

static int peek_map(uint64_t page)
{
	uint32_t frame;

	if (peek_paddr == page)
		return 1;
	broker_probe_end();
	frame = broker_block_device_frame(page);
	if (frame == 0)
		return 0;
	if (broker_vspace_map_copy(broker_vspace_own(), BROKER_OWNER_BROKER,
				   frame, 1, BROKER_WINDOW_PEEK, BROKER_DEVICE,
				   &peek_frame))
		return 0;
	peek_paddr = page;
	return 1;
}

/* Registers within one page; NULL if they cannot be reached. */
static volatile void *peek(uint64_t paddr, unsigned int bytes)
{
	uint64_t in_page = paddr % BROKER_PAGE_BYTES;

	if (in_page % 4 != 0 || in_page > BROKER_PAGE_BYTES - bytes ||
	    !peek_map(paddr - in_page))
		return NULL;
	return (volatile void *)(BROKER_WINDOW_PEEK + in_page);
}

int broker_probe_virtio(uint64_t paddr, struct broker_virtio_id *id)
{
	const volatile struct virtio_mmio_id_regs *regs;

	regs = peek(paddr, sizeof(*regs));
	if (!regs || regs->magic != VIRTIO_MMIO_MAGIC ||
	    (regs->version != 1 && regs->version != 2))
		return 0;
	id->device = regs->device_id;
	id->vendor = regs->vendor_id;
	return 1;
}

/* Four registers, the low byte first, one byte in each. */
static uint32_t bytes_read(const volatile uint32_t *regs)
{
	uint32_t value = 0;

	for (unsigned int i = 0; i < 4; i++)
		value |= (regs[i] & 0xff) << (8 * i);
	return value;
}

uint32_t broker_probe_primecell(uint64_t paddr)
{
	const volatile struct primecell_id_regs *regs;

	regs = peek(paddr + PRIMECELL_ID_OFFSET, sizeof(*regs));
	if (!regs || bytes_read(regs->cell) != PRIMECELL_ID)
		return 0;
	return bytes_read(regs->periph);
}

static volatile uint32_t *virtio_status(uint64_t paddr)
{
	return peek(paddr + VIRTIO_MMIO_STATUS, sizeof(uint32_t));
}

void broker_probe_virtio_reset(uint64_t paddr)
{
	volatile uint32_t *status = virtio_status(paddr);

	if (status)
		*status = 0;
}

int broker_probe_virtio_is_reset(uint64_t paddr)
{
	const volatile uint32_t *status = virtio_status(paddr);

	return status && *status == 0;
}
