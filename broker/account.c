/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * account.c - carve pages and regions out of blocks, and give all of it back.
 *
 * Why so simple: the kernel's derivation tree is the real book-keeping. All
 * that a process was given descends from the untypeds of its account, so one
 * revoke per block takes it back, whatever it had been turned into: mapped
 * frames, page tables, the thread itself, its CNode with all that is in it.
 * The account only has to know its blocks, and which root slots to call empty.
 * A request is met with one block per binary digit of its size, so 75 pages
 * are blocks of 64, 8, 2 and 1 pages, and no memory is lost to rounding.
 */
#include "account.h"

#include "blocks.h"
#include "check.h"
#include "slots.h"

void broker_account_open(struct broker_account *account, unsigned int owner,
			 uint64_t limit)
{
	account->owner = (uint16_t)owner;
	account->blocks = BROKER_BLOCK_NONE;
	account->bytes = 0;
	account->promised = 0;
	account->limit = limit;
}

void broker_account_close(struct broker_account *account)
{
	while (account->blocks != BROKER_BLOCK_NONE) {
		int block = account->blocks;

		account->blocks = (int16_t)broker_block_next(block);
		broker_block_give(block);
	}
	account->bytes = 0;
	broker_account_redeem(account, account->promised);
	broker_slots_sweep(account->owner);
}

enum k_err broker_account_promise(struct broker_account *account,
				  uint64_t bytes)
{
	if (!broker_blocks_promise(bytes))
		return K_ERR_NOMEM;
	account->promised += bytes;
	return K_OK;
}

void broker_account_redeem(struct broker_account *account, uint64_t bytes)
{
	broker_check(bytes <= account->promised);
	account->promised -= bytes;
	broker_blocks_redeem(bytes);
}

/* Put a block on the account's list. */
static void account_add(struct broker_account *account, int block)
{
	broker_block_set_next(block, account->blocks);
	account->blocks = (int16_t)block;
	account->bytes += (uint64_t)1 << broker_block_bits(block);
}

/* Take one block within the limit. */
static int account_take(struct broker_account *account, unsigned int bits)
{
	int block;

	if ((uint64_t)1 << bits > account->limit - account->bytes)
		return BROKER_BLOCK_NONE;
	block = broker_block_take(bits, true);
	if (block != BROKER_BLOCK_NONE)
		account_add(account, block);
	return block;
}

/* The kernel makes at most ABI_RETYPE_MAX objects at a time. */
static enum abi_error retype_many(int block, enum abi_object_type type,
				  uint32_t slot, uint32_t count)
{
	struct glue_slot root = { ABI_SLOT_CNODE, 0, 0 };

	while (count > 0) {
		uint32_t part = count < ABI_RETYPE_MAX ? count : ABI_RETYPE_MAX;
		enum abi_error err;

		err = glue_untyped_retype(broker_block_slot(block), type, 0,
					  root, slot, part);
		if (err)
			return err;
		slot += part;
		count -= part;
	}
	return ABI_OK;
}

/*
 * Largest power of two not above count, as a number of bits; the kernel needs
 * one block for each binary digit of a size, and nothing is wasted.
 */
static unsigned int order_below(uint32_t count)
{
	unsigned int bits = 0;

	while (count >> (bits + 1) != 0)
		bits++;
	return bits;
}

enum k_err broker_account_pages(struct broker_account *account,
				enum abi_object_type type, uint32_t count,
				uint32_t *first)
{
	uint32_t slot = broker_slots_take(account->owner, count);
	unsigned int order = 31;

	if (slot == 0)
		return K_ERR_NOMEM;
	*first = slot;
	while (count > 0) {
		int block;

		if (order > order_below(count))
			order = order_below(count);
		block = account_take(account, BROKER_PAGE_BITS + order);
		if (block == BROKER_BLOCK_NONE) {
			/* Fragmented: make do with smaller blocks. */
			if (order-- == 0)
				return K_ERR_NOMEM;
			continue;
		}
		if (retype_many(block, type, slot, 1u << order))
			return K_ERR_NOMEM;
		slot += 1u << order;
		count -= 1u << order;
	}
	return K_OK;
}

/*
 * Frames of the first pages of a block that is on no list yet. It is halved
 * until nothing is left over: halves that are not needed go back.
 */
static enum k_err region_make(struct broker_account *account, int block,
			      uint32_t slot, uint32_t pages)
{
	while (pages > 0) {
		unsigned int order = broker_block_bits(block) -
				     BROKER_PAGE_BITS;
		int half = pages >> order ? BROKER_BLOCK_NONE :
					    broker_block_halve(block);
		uint32_t here = 1u << order;

		if (half != BROKER_BLOCK_NONE) {
			here >>= 1;
			block = half;
			if (pages <= here) {
				broker_block_give(half + 1);
				continue;
			}
		}
		here = here < pages ? here : pages;
		account_add(account, block);
		if (retype_many(block, ABI_OBJ_FRAME_SMALL, slot, here)) {
			if (half != BROKER_BLOCK_NONE)
				broker_block_give(half + 1);
			return K_ERR_NOMEM;
		}
		slot += here;
		pages -= here;
		block = half + 1;
	}
	return K_OK;
}

enum k_err broker_account_region(struct broker_account *account, uint64_t bytes,
				 uint64_t *paddr, uint32_t *first)
{
	uint64_t pages = bytes >> BROKER_PAGE_BITS;
	unsigned int bits = BROKER_PAGE_BITS;
	int block;

	if (pages == 0 || pages > BROKER_SLOTS_MAX ||
	    bytes > account->limit - account->bytes)
		return K_ERR_NOMEM;
	while ((uint64_t)1 << bits < bytes)
		bits++;
	*first = broker_slots_take(account->owner, (uint32_t)pages);
	if (*first == 0)
		return K_ERR_NOMEM;
	block = broker_block_take(bits, false);
	if (block == BROKER_BLOCK_NONE)
		return K_ERR_NOMEM;
	*paddr = broker_block_paddr(block);
	return region_make(account, block, *first, (uint32_t)pages);
}

enum k_err broker_account_block(struct broker_account *account,
				unsigned int bits, uint32_t *untyped)
{
	int block = account_take(account, bits);

	if (block == BROKER_BLOCK_NONE)
		return K_ERR_NOMEM;
	*untyped = broker_block_slot(block);
	return K_OK;
}

uint32_t broker_account_foreign_slot(struct broker_account *account)
{
	return broker_slots_take(account->owner | BROKER_SLOT_FOREIGN, 1);
}
