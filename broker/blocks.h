/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * blocks.h - physical memory as power-of-two blocks, each one untyped object.
 *
 * A buddy allocator whose blocks are kernel untypeds: splitting a block makes
 * two smaller untypeds in it, merging deletes them again. Because everything
 * a process gets is carved from blocks that only it holds, revoking them gives
 * its memory back completely, whatever the process did with it.
 * Device memory uses the same tree, but is taken by address.
 * Read next: broker/account.h (what a process or channel holds).
 */
#ifndef BROKER_BLOCKS_H
#define BROKER_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>
#include <abi/bootinfo.h>

#define BROKER_PAGE_BITS  12u
#define BROKER_PAGE_BYTES 4096u
#define BROKER_BLOCK_NONE (-1)

static inline uint32_t broker_pages_of(uint64_t bytes)
{
	return (uint32_t)((bytes + BROKER_PAGE_BYTES - 1) / BROKER_PAGE_BYTES);
}

/* Take over the untypeds of the boot information. Called once. */
void broker_blocks_init(const struct abi_boot_info *info);

/**
 * broker_block_take - take a free block of 2^bits bytes.
 * @bits: BROKER_PAGE_BITS or more; a larger block is split down to exactly this
 * @high: 0: at the lowest address there is, for what devices see; 1: at the
 *        highest. So a region lies where it lay before, whatever else came
 *        and went, and its driver needs no new tables for it.
 *
 * Its memory is not zeroed here: the kernel zeroes what is made from it.
 *
 * Return: a block id, or BROKER_BLOCK_NONE if there is no such memory (or no
 *         slot or record to split it with).
 */
int broker_block_take(unsigned int bits, bool high);

/* Revoke everything made from the block, and make it free again. */
void broker_block_give(int block);

/**
 * broker_block_halve - hold two blocks instead of one, from which nothing was made.
 *
 * Return: the lower half, the upper one is + 1; BROKER_BLOCK_NONE if slots or
 *         records are used up: then the block is as it was.
 */
int broker_block_halve(int block);

/* A block. The holder owns `next`, for a list of its own, `run`: slots that it has
 * taken for what is made from the block, and `begun`. All else is blocks.c's. */
struct broker_block {
	uint64_t paddr;
	uint32_t slot; /* of the untyped capability */
	uint32_t run; /* slots for what is made of it; device page: its frame */
	uint32_t begun; /* so many pages of it are the holder's to use */
	int16_t parent; /* -1: came from the kernel at boot */
	int16_t half;	/* split: the lower half; the other is + 1 */
	int16_t next;	/* free list, or the holder's list */
	uint8_t bits;
	uint8_t state;
	bool device;
};
struct broker_block *broker_block(int block);

/**
 * broker_block_device_frame - the frame capability of registers.
 * @paddr: aligned to the size
 * @bits:  BROKER_PAGE_BITS, or ABI_FRAME_LARGE_BITS: that may be mapped once
 *
 * Made on first use, then kept: users get copies of it, never this one.
 *
 * Return: a root slot; 0 if no device untyped covers it all (the kernel keeps a
 *         part, or it is RAM), if it is in use in pieces, or slots are used up.
 */
uint32_t broker_block_device_frame(uint64_t paddr, unsigned int bits);

/* Are all these addresses device untypeds' (not RAM, not the kernel's)? */
bool broker_block_covers_device(uint64_t paddr, uint64_t bytes);

/* RAM in bytes: all that the kernel handed on, and what nobody uses now. */
uint64_t broker_blocks_total(void);
uint64_t broker_blocks_free(void);

/* So much more, or less, of what is held counts as free, but is promised. */
void broker_blocks_promise(int64_t bytes);
uint64_t broker_blocks_promised(void);

#endif
