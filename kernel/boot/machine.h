/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * machine.h - what the kernel needs to know of the board.
 */
#ifndef BOOT_MACHINE_H
#define BOOT_MACHINE_H

#include <boot/complaint.h>
#include <boot/ranges.h>

struct machine {
	struct ranges memory;	/* all RAM, page-aligned */
	struct ranges reserved; /* firmware's: never handed on */
	struct ranges unmapped; /* of it: not even to be mapped */
	struct range initrd;	/* bytes; start 0: none given */
	struct range gic_dist;
	struct range gic_redist;
	uint64_t uart; /* PL011, 0: none */
	bool gic_v2;   /* there is one, which we refuse */
	bool psci_hvc;
	bool psci_smc;
};

/**
 * machine_read - read the device tree at @fdt.
 * @bytes: how many bytes of it may be read
 *
 * Return: false with @c filled in if the tree is damaged or lacks memory, a
 * GICv3 or an initrd.
 * Source: Devicetree Specification 0.4, chapters 3 and 5; Linux's bindings for
 * arm,gic-v3, arm,psci and chosen.
 */
bool machine_read(const void *fdt, uint64_t bytes, struct machine *machine,
		  struct complaint *c);

/* machine_fdt_bytes - the tree's length without free space at its end. */
uint64_t machine_fdt_bytes(const void *fdt);

#endif
