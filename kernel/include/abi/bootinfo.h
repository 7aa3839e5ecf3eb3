/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bootinfo.h - what the kernel tells the root task about the machine.
 *
 * The page's address arrives in x0. Extra boot info (the device tree) follows
 * one page later. Source: shared/abi.md section 17.
 */
#ifndef ABI_BOOTINFO_H
#define ABI_BOOTINFO_H

#include <stddef.h>
#include <stdint.h>

#define ABI_BOOT_UNTYPEDS_MAX  230
#define ABI_BOOT_EXTRA_PADDING 0
#define ABI_BOOT_EXTRA_FDT     6

struct abi_slot_region {
	uint64_t start;
	uint64_t end; /* one past the last */
};

struct abi_untyped_desc {
	uint64_t paddr;
	uint8_t size_bits;
	uint8_t is_device;
	uint8_t pad[6];
};

struct abi_boot_info {
	uint64_t extra_len;
	uint64_t node_id;
	uint64_t num_nodes;
	uint64_t num_iopt_levels;
	uint64_t ipc_buffer; /* vaddr */
	struct abi_slot_region empty;
	struct abi_slot_region shared_frames;
	struct abi_slot_region user_image_frames;
	struct abi_slot_region user_image_paging;
	struct abi_slot_region io_space_caps;
	struct abi_slot_region extra_bi_pages;
	uint64_t cnode_size_bits;
	uint64_t init_domain;
	struct abi_slot_region untyped;
	struct abi_untyped_desc untyped_list[ABI_BOOT_UNTYPEDS_MAX];
};

struct abi_boot_extra {
	uint64_t id;
	uint64_t len; /* this header included */
};

_Static_assert(offsetof(struct abi_boot_info, empty) == 40, "abi.md 17");
_Static_assert(offsetof(struct abi_boot_info, cnode_size_bits) == 136, "17");
_Static_assert(offsetof(struct abi_boot_info, untyped_list) == 168, "17");
_Static_assert(sizeof(struct abi_boot_info) == 3848, "abi.md section 17");

#endif
