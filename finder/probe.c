/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe.c - look at identification registers.
 *
 * Reading them has no effect on a device, and the page is shown read-only.
 */
#include "probe.h"

#include <stddef.h>

#include "look.h"
#include "regs_primecell.h"
#include "regs_virtio_mmio.h"

/* Registers within one page; NULL if they cannot be reached. */
static const volatile void *peek(uint64_t paddr, unsigned int bytes)
{
	uint64_t in_page = paddr % FINDER_PAGE_BYTES;
	const volatile char *page = NULL;

	if (in_page % 4 == 0 && in_page <= FINDER_PAGE_BYTES - bytes)
		page = finder_look(paddr - in_page);
	return page ? page + in_page : NULL;
}

int finder_probe_virtio(uint64_t paddr, struct finder_virtio_id *id)
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

uint32_t finder_probe_primecell(uint64_t paddr)
{
	const volatile struct primecell_id_regs *regs;

	regs = peek(paddr + PRIMECELL_ID_OFFSET, sizeof(*regs));
	if (!regs || bytes_read(regs->cell) != PRIMECELL_ID)
		return 0;
	return bytes_read(regs->periph);
}
