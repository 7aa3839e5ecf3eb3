/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * untyped.c - hands all memory to the root task as untyped capabilities.
 *
 * Each range is cut into the fewest aligned powers of two. The boot info has
 * room for 230; so that a ragged device space cannot leave RAM without room,
 * devices get at most DEVICES_MAX of them. What finds no room is lost, counted
 * and reported.
 */
#include <abi/bootinfo.h>
#include <boot/root_task.h>
#include <boot/split.h>
#include <object/cap.h>
#include <object/cdt.h>

#define DEVICES_MAX 130u

/*
 * RAM starts marked full: the first retype then finds no children, starts
 * again from 0 and clears the whole of it (abi.md section 13).
 */
static void add_untyped(struct root *root, uint64_t paddr, unsigned int bits,
			bool device)
{
	struct abi_boot_info *info = root->info;
	uint64_t index = root->next_slot - info->untyped.start;

	cdt_insert_root(&root->cnode[root->next_slot++],
			cap_untyped(paddr, bits, device, 1ull << bits));
	info->untyped_list[index] = (struct abi_untyped_desc){
		.paddr = paddr,
		.size_bits = (uint8_t)bits,
		.is_device = device,
	};
	info->untyped.end = root->next_slot;
}

static void hand_on_range(struct root *root, struct range range, bool device,
			  uint64_t slot_limit)
{
	unsigned int bits;

	while ((bits = split_bits(range.start, range.end))) {
		if (root->next_slot < slot_limit)
			add_untyped(root, range.start, bits, device);
		else if (!device)
			root->lost_bytes += 1ull << bits;
		range.start += 1ull << bits;
	}
}

void root_hand_on(struct root *root, const struct ranges *devices,
		  const struct ranges *memory)
{
	uint64_t first = root->next_slot;
	unsigned int i;

	root->info->untyped.start = first;
	root->info->untyped.end = first;
	for (i = 0; i < devices->count; i++)
		hand_on_range(root, devices->list[i], true,
			      first + DEVICES_MAX);
	for (i = 0; i < memory->count; i++)
		hand_on_range(root, memory->list[i], false,
			      first + ABI_BOOT_UNTYPEDS_MAX);
}
