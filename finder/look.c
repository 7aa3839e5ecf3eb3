/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * look.c - the requests of glue/found.h.
 */
#include "look.h"

#include <glue/found.h>
#include <broker/regs_pci.h>
#include <glue/env.h>
#include <glue/sys.h>
#include <stddef.h>

static uint64_t seen[FIND_LOOKS]; /* pages, by place */
static unsigned int n_seen;

static uint64_t ask(enum broker_find_op op, struct glue_msg *msg)
{
	msg->info = abi_info(op, 0, 2);
	glue_sys_call(GLUE_CAP_BROKER, msg);
	return abi_info_label(msg->info);
}

/* Eight transports of QEMU's board share a page. */
const volatile void *finder_look(uint64_t page)
{
	struct glue_msg msg = { .mr = { page, n_seen } };
	unsigned int i = 0;

	while (i < n_seen && seen[i] != page)
		i++;
	if (i == n_seen) {
		if (i == FIND_LOOKS || ask(BROKER_FIND_LOOK, &msg))
			return NULL;
		seen[n_seen++] = page;
	}
	return (const volatile void *)(FIND_LOOK_VADDR +
				       (uint64_t)i * FINDER_PAGE_BYTES);
}

int finder_pci_open(uint64_t ecam)
{
	struct glue_msg msg = { .mr = { ecam } };

	return ask(BROKER_FIND_PCI, &msg) == 0;
}

/* Reading a whole register has no effect that reading a part has not. */
uint32_t finder_pci_read(unsigned int devfn, uint32_t offset, uint32_t bytes)
{
	const volatile uint32_t *word =
		(const volatile uint32_t *)(FIND_PCI_VADDR +
					    ((uint64_t)devfn
					     << PCI_DEVFN_SHIFT) +
					    (offset & ~3u));

	return *word >> 8 * (offset & 3) & (~0u >> (32 - 8 * bytes));
}

uint32_t finder_pci_size(unsigned int devfn, unsigned int bar)
{
	struct glue_msg msg = { .mr = { devfn, bar } };

	return ask(BROKER_FIND_BAR, &msg) ? 0 : (uint32_t)msg.mr[0];
}
