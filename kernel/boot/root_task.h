/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * root_task.h - the first thread and everything it is given.
 */
#ifndef BOOT_ROOT_TASK_H
#define BOOT_ROOT_TASK_H

#include <boot/machine.h>
#include <boot/root_elf.h>
#include <boot/root_plan.h>

struct tcb;
struct cte;
struct abi_boot_info;

/* The root task while it is being made. */
struct root {
	const struct root_plan *plan;
	struct cte *cnode;
	struct abi_boot_info *info;
	uint64_t asid;
	uint64_t next_slot;
	uint64_t lost_bytes; /* RAM that found no place in the list */
};

/**
 * root_make - make CNode, VSpace, image, boot info and thread from the plan.
 * @fdt, @fdt_bytes: device tree to hand on as extra boot info
 */
struct tcb *root_make(struct root *root, const struct root_plan *plan,
		      const struct root_elf *elf, const void *fdt,
		      uint64_t fdt_bytes);

/**
 * root_hand_on - untypeds, into the highest slots: devices, then RAM.
 * @devices: physical space that is neither RAM nor the kernel's
 * @memory:  RAM that nobody uses any more
 */
void root_hand_on(struct root *root, const struct ranges *devices,
		  const struct ranges *memory);

/* root_finish - the boot info's last fields; after it nothing is added. */
void root_finish(struct root *root);

#endif
