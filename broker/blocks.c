/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * blocks.c - buddy trees over the boot untypeds.
 *
 * A record is one untyped: free (on the list of its size), split (has two
 * halves), or held. Two halves of RAM that are both free become one block at
 * once, so that splitting can never use up records and slots.
 */
#include "blocks.h"

#include <stddef.h>
#include <glue/sys.h>

#include "log.h"
#include "slots.h"

#define BLOCKS_MAX     1536
#define BLOCK_BITS_MAX 48

enum block_state {
	BLOCK_UNUSED = 0, /* the record itself is free */
	BLOCK_FREE,
	BLOCK_SPLIT,
	BLOCK_HELD,
};

static struct broker_block blocks[BLOCKS_MAX];
static int16_t free_list[BLOCK_BITS_MAX]; /* RAM only, by size in bits */
static uint64_t total_bytes;
static uint64_t free_bytes;
static uint64_t promised_bytes; /* beside the free ones */

static uint64_t block_bytes(const struct broker_block *b)
{
	return (uint64_t)1 << b->bits;
}

/* A free block of RAM waits on the list of its size, by address, so that the
 * same wishes get the same memory again; device blocks are looked up by address
 * instead, and are on no list. */
static void list_push(int id)
{
	struct broker_block *b = &blocks[id];
	int16_t *link = &free_list[b->bits];

	b->state = BLOCK_FREE;
	if (b->device)
		return;
	while (*link >= 0 && blocks[*link].paddr < b->paddr)
		link = &blocks[*link].next;
	b->next = *link;
	*link = (int16_t)id;
	free_bytes += block_bytes(b);
}

/* Lists are short (few sizes are ever split twice), so a search will do. */
static void list_remove(int id)
{
	struct broker_block *b = &blocks[id];
	int16_t *link = &free_list[b->bits];

	if (b->device)
		return;
	while (*link != id) {
		broker_check(*link >= 0);
		link = &blocks[*link].next;
	}
	*link = b->next;
	b->next = BROKER_BLOCK_NONE;
	free_bytes -= block_bytes(b);
}

/* A free block goes to whoever asked for it. */
static void block_hold(int id)
{
	list_remove(id);
	blocks[id].state = BLOCK_HELD;
}

/* Two neighbouring unused records, so that one index names both halves. */
static int records_find_pair(void)
{
	for (int i = 0; i + 1 < BLOCKS_MAX; i += 2) {
		if (blocks[i].state == BLOCK_UNUSED &&
		    blocks[i + 1].state == BLOCK_UNUSED)
			return i;
	}
	return BROKER_BLOCK_NONE;
}

/* One untyped from the kernel. Pieces smaller than a page are of no use. */
static void block_add_boot(const struct abi_untyped_desc *desc, uint32_t slot,
			   int id)
{
	if (desc->size_bits < BROKER_PAGE_BITS)
		return;
	blocks[id] = (struct broker_block){
		.paddr = desc->paddr,
		.slot = slot,
		.parent = BROKER_BLOCK_NONE,
		.half = BROKER_BLOCK_NONE,
		.next = BROKER_BLOCK_NONE,
		.bits = desc->size_bits,
		.device = desc->is_device != 0,
	};
	if (!blocks[id].device)
		total_bytes += block_bytes(&blocks[id]);
	list_push(id);
}

void broker_blocks_init(const struct abi_boot_info *info)
{
	int count = (int)(info->untyped.end - info->untyped.start);

	for (size_t i = 0; i < BLOCKS_MAX; i++)
		blocks[i] = (struct broker_block){ .state = BLOCK_UNUSED };
	for (size_t i = 0; i < BLOCK_BITS_MAX; i++)
		free_list[i] = BROKER_BLOCK_NONE;
	total_bytes = 0;
	free_bytes = 0;
	promised_bytes = 0;
	/* From the end: halves come in pairs, from the front. */
	for (int i = 0; i < count; i++)
		block_add_boot(&info->untyped_list[i],
			       (uint32_t)info->untyped.start + (uint32_t)i,
			       BLOCKS_MAX - 1 - i);
}

/* Make the records of both halves; the untypeds exist already. */
static void block_link_halves(int id, int half, uint32_t slot)
{
	struct broker_block *b = &blocks[id];

	for (int i = 0; i < 2; i++) {
		blocks[half + i] = (struct broker_block){
			.paddr = b->paddr + ((uint64_t)i << (b->bits - 1)),
			.slot = slot + (uint32_t)i,
			.parent = (int16_t)id,
			.half = BROKER_BLOCK_NONE,
			.next = BROKER_BLOCK_NONE,
			.bits = b->bits - 1,
			.device = b->device,
		};
	}
	b->half = (int16_t)half;
	b->state = BLOCK_SPLIT;
	list_push(half + 1);
	list_push(half);
}

/* Split a free block into two free halves. */
static bool block_split(int id)
{
	struct glue_slot root = { ABI_SLOT_CNODE, 0, 0 };
	int half = records_find_pair();
	uint32_t slot;

	if (half < 0)
		return false;
	slot = broker_slots_take(BROKER_OWNER_BROKER, 2);
	if (slot == 0)
		return false;
	if (glue_untyped_retype(blocks[id].slot, ABI_OBJ_UNTYPED,
				blocks[id].bits - 1u, root, slot, 2)) {
		broker_slots_give(slot, 2);
		return false;
	}
	list_remove(id);
	block_link_halves(id, half, slot);
	return true;
}

/* Delete two free halves; their parent is one free block again. */
static void block_merge(int id)
{
	int half = blocks[id].half;

	list_remove(half);
	list_remove(half + 1);
	broker_slots_delete(blocks[half].slot, 2);
	blocks[half].state = BLOCK_UNUSED;
	blocks[half + 1].state = BLOCK_UNUSED;
	blocks[id].half = BROKER_BLOCK_NONE;
	list_push(id);
}

/* Merge a free block with its other half, and so on upwards. */
static void block_merge_up(int id)
{
	int up;

	for (up = blocks[id].parent; up >= 0; up = blocks[up].parent) {
		int half = blocks[up].half;

		if (blocks[half].state != BLOCK_FREE ||
		    blocks[half + 1].state != BLOCK_FREE)
			return;
		block_merge(up);
	}
}

/* The free block at the lowest or highest address that is large enough. */
static int blocks_find(unsigned int bits, bool high)
{
	int best = BROKER_BLOCK_NONE;

	for (unsigned int size = bits; size < BLOCK_BITS_MAX; size++) {
		int id = free_list[size];

		while (high && id >= 0 && blocks[id].next >= 0)
			id = blocks[id].next;
		if (id >= 0 && (best < 0 || (blocks[id].paddr >
					     blocks[best].paddr) == high))
			best = id;
	}
	return best;
}

int broker_block_take(unsigned int bits, bool high)
{
	int id = blocks_find(bits, high);

	if (id < 0)
		return BROKER_BLOCK_NONE;
	while (blocks[id].bits > bits) {
		if (!block_split(id)) {
			block_merge_up(id);
			return BROKER_BLOCK_NONE;
		}
		id = blocks[id].half + high;
	}
	block_hold(id);
	return id;
}

void broker_block_give(int block)
{
	broker_check(blocks[block].state == BLOCK_HELD);
	glue_cnode_revoke(broker_slot(blocks[block].slot));
	list_push(block);
	block_merge_up(block);
}

int broker_block_halve(int block)
{
	int half = BROKER_BLOCK_NONE;

	list_push(block);
	if (block_split(block)) {
		half = blocks[block].half;
		block_hold(half);
		block_hold(half + 1);
	} else {
		block_hold(block);
	}
	return half;
}

struct broker_block *broker_block(int block)
{
	return &blocks[block];
}

/* The smallest device block that covers an address. */
static int device_find(uint64_t paddr)
{
	for (int i = 0; i < BLOCKS_MAX; i++) {
		const struct broker_block *b = &blocks[i];

		if (b->device && paddr - b->paddr < block_bytes(b) &&
		    (b->state == BLOCK_FREE || b->state == BLOCK_HELD))
			return i;
	}
	return BROKER_BLOCK_NONE;
}

bool broker_block_covers_device(uint64_t paddr, uint64_t bytes)
{
	uint64_t end = paddr + bytes;

	while (paddr < end) {
		int id = device_find(paddr);

		if (id < 0)
			return false;
		paddr = blocks[id].paddr + block_bytes(&blocks[id]);
	}
	return true;
}

/* Split device blocks until one of @bits is left. */
static int device_narrow(uint64_t paddr, unsigned int bits)
{
	int id = device_find(paddr);

	while (id >= 0 && blocks[id].bits > bits) {
		if (!block_split(id))
			return BROKER_BLOCK_NONE;
		id = blocks[id].half;
		if (paddr - blocks[id].paddr >= block_bytes(&blocks[id]))
			id++;
	}
	return id;
}

uint32_t broker_block_device_frame(uint64_t paddr, unsigned int bits)
{
	struct glue_slot root = { ABI_SLOT_CNODE, 0, 0 };
	uint32_t type = bits == BROKER_PAGE_BITS ? ABI_OBJ_FRAME_SMALL :
						   ABI_OBJ_FRAME_LARGE;
	int id = device_narrow(paddr, bits);
	uint32_t slot;

	if (id < 0 || blocks[id].bits != bits)
		return 0;
	if (blocks[id].run != 0)
		return blocks[id].run;
	slot = broker_slots_take(BROKER_OWNER_BROKER, 1);
	if (slot != 0 && glue_untyped_retype(blocks[id].slot, type, 0, root,
					     slot, 1) == ABI_OK) {
		blocks[id].run = slot;
		blocks[id].state = BLOCK_HELD;
		return slot;
	}
	broker_slots_give(slot, slot != 0);
	return 0;
}

uint64_t broker_blocks_total(void)
{
	return total_bytes;
}

uint64_t broker_blocks_free(void)
{
	return free_bytes + promised_bytes;
}

void broker_blocks_promise(int64_t bytes)
{
	promised_bytes += (uint64_t)bytes;
}

uint64_t broker_blocks_promised(void)
{
	return promised_bytes;
}
