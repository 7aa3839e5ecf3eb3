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
 * What is reserved are blocks too, of which not all pages have been made: each has
 * a run of slots for them, so that to make one later needs nothing that others
 * could have taken.
 */
#include "account.h"

#include "blocks.h"
#include "slots.h"

void broker_account_open(struct broker_account *account, unsigned int owner)
{
	*account = (struct broker_account){
		.owner = (uint16_t)owner,
		.blocks = BROKER_BLOCK_NONE,
	};
}

void broker_account_close(struct broker_account *account)
{
	while (account->blocks != BROKER_BLOCK_NONE) {
		int block = account->blocks;

		account->blocks = broker_block(block)->next;
		broker_block_give(block);
	}
	broker_blocks_promise(-(int64_t)account->reserved);
	broker_slots_sweep(account->owner);
	broker_account_open(account, account->owner);
}

void broker_account_empty(struct broker_account *account)
{
	int block = account->blocks;

	for (; block != BROKER_BLOCK_NONE; block = broker_block(block)->next)
		glue_cnode_revoke(broker_slot(broker_block(block)->slot));
	broker_slots_empty(account->owner);
}

static uint32_t block_pages(int block)
{
	return 1u << (broker_block(block)->bits - BROKER_PAGE_BITS);
}

/* Put a block on the account's list, with slots for its pages, of which so many
 * are used from now on. */
static void account_add(struct broker_account *account, int block, uint32_t run,
			uint32_t begun)
{
	broker_block(block)->run = run;
	broker_block(block)->begun = begun;
	broker_block(block)->next = account->blocks;
	account->blocks = (int16_t)block;
	account->bytes += (uint64_t)begun * BROKER_PAGE_BYTES;
}

/* The kernel makes at most ABI_RETYPE_MAX objects at a time. */
static enum k_err retype_many(int block, enum abi_object_type type,
			      uint32_t slot, uint32_t count)
{
	struct glue_slot root = { ABI_SLOT_CNODE, 0, 0 };

	while (count > 0) {
		uint32_t part = count < ABI_RETYPE_MAX ? count : ABI_RETYPE_MAX;

		if (glue_untyped_retype(broker_block(block)->slot, type, 0,
					root, slot, part))
			return K_ERR_NOMEM;
		slot += part;
		count -= part;
	}
	return K_OK;
}

/*
 * A block of at most so many pages, the largest that there is: one for each
 * binary digit of a size if memory is not in pieces, and nothing is wasted.
 */
static int take_largest(uint32_t pages)
{
	unsigned int order = 0;
	int block;

	while (pages >> (order + 1) != 0)
		order++;
	do
		block = broker_block_take(BROKER_PAGE_BITS + order, true);
	while (block == BROKER_BLOCK_NONE && order-- > 0);
	return block;
}

/* So many pages more, or less, are in reserve. */
static void account_hold(struct broker_account *account, int64_t pages)
{
	account->reserved += (uint64_t)(pages * BROKER_PAGE_BYTES);
	broker_blocks_promise(pages * BROKER_PAGE_BYTES);
}

/* A page of a block of which not all have been made. There is one. */
static enum k_err reserve_use(struct broker_account *account,
			      enum abi_object_type type, uint32_t *slot)
{
	int block = account->blocks;

	while (broker_block(block)->begun == block_pages(block))
		block = broker_block(block)->next;
	*slot = broker_block(block)->run + broker_block(block)->begun;
	if (retype_many(block, type, *slot, 1))
		return K_ERR_NOMEM;
	broker_block(block)->begun++;
	account->bytes += BROKER_PAGE_BYTES;
	account_hold(account, -1);
	return K_OK;
}

enum k_err broker_account_reserve(struct broker_account *account,
				  uint32_t pages)
{
	while (pages > 0) {
		int block = take_largest(pages);
		uint32_t here, run;

		if (block == BROKER_BLOCK_NONE)
			return K_ERR_NOMEM;
		here = block_pages(block);
		run = broker_slots_take(account->owner, here);
		if (run == 0) {
			broker_block_give(block);
			return K_ERR_NOMEM;
		}
		account_add(account, block, run, 0);
		account_hold(account, here);
		pages -= here;
	}
	return K_OK;
}

enum k_err broker_account_promise(struct broker_account *account,
				  uint32_t pages)
{
	enum k_err err = broker_account_reserve(account, pages);

	if (!err)
		account->promised += (uint64_t)pages * BROKER_PAGE_BYTES;
	return err;
}

enum k_err broker_account_promised(struct broker_account *account,
				   uint32_t *frame)
{
	if (account->promised == 0)
		return K_ERR_NOMEM;
	account->promised -= BROKER_PAGE_BYTES;
	return reserve_use(account, ABI_OBJ_FRAME_SMALL, frame);
}

static enum k_err pages_make(struct broker_account *account,
			     enum abi_object_type type, uint32_t count,
			     uint32_t slot)
{
	while (count > 0) {
		int block = take_largest(count);
		uint32_t here;

		if (block == BROKER_BLOCK_NONE)
			return K_ERR_NOMEM;
		here = block_pages(block);
		account_add(account, block, slot, here);
		if (retype_many(block, type, slot, here))
			return K_ERR_NOMEM;
		slot += here;
		count -= here;
	}
	return K_OK;
}

enum k_err broker_account_pages(struct broker_account *account,
				enum abi_object_type type, uint32_t count,
				uint32_t *first)
{
	if (count == 1 && account->reserved > account->promised)
		return reserve_use(account, type, first);
	*first = broker_slots_take(account->owner, count);
	return *first ? pages_make(account, type, count, *first) : K_ERR_NOMEM;
}

/*
 * Frames of the first pages of a block that is on no list yet. It is halved
 * until nothing is left over: halves that are not needed go back.
 */
static enum k_err region_make(struct broker_account *account, int block,
			      uint32_t slot, uint32_t pages)
{
	uint32_t here = block_pages(block);
	int half = pages < here ? broker_block_halve(block) : BROKER_BLOCK_NONE;
	enum k_err err;

	if (half == BROKER_BLOCK_NONE) {
		account_add(account, block, slot, here);
		return retype_many(block, ABI_OBJ_FRAME_SMALL, slot, pages);
	}
	here = pages < here / 2 ? pages : here / 2;
	err = region_make(account, half, slot, here);
	if (!err && here < pages)
		return region_make(account, half + 1, slot + here,
				   pages - here);
	broker_block_give(half + 1);
	return err;
}

enum k_err broker_account_region(struct broker_account *account, uint64_t bytes,
				 uint64_t *paddr, uint32_t *first)
{
	uint32_t pages = broker_pages_of(bytes);
	unsigned int bits = BROKER_PAGE_BITS;
	int block;

	while ((uint64_t)1 << bits < bytes)
		bits++;
	*first = broker_slots_take(account->owner, pages);
	if (*first == 0)
		return K_ERR_NOMEM;
	block = broker_block_take(bits, false);
	if (block == BROKER_BLOCK_NONE)
		return K_ERR_NOMEM;
	*paddr = broker_block(block)->paddr;
	return region_make(account, block, *first, pages);
}

enum k_err broker_account_region_again(const struct broker_account *account,
				       uint64_t bytes, uint64_t paddr,
				       uint32_t *first)
{
	int block = account->blocks;

	for (; block != BROKER_BLOCK_NONE; block = broker_block(block)->next) {
		uint64_t offset = broker_block(block)->paddr - paddr;
		uint64_t left = (bytes - offset) >> BROKER_PAGE_BITS;
		uint32_t here = block_pages(block);

		if (offset == 0)
			*first = broker_block(block)->run;
		if (retype_many(block, ABI_OBJ_FRAME_SMALL,
				broker_block(block)->run,
				here < left ? here : (uint32_t)left))
			return K_ERR_NOMEM;
	}
	return K_OK;
}

enum k_err broker_account_block(struct broker_account *account,
				unsigned int bits, uint32_t *untyped)
{
	int block = broker_block_take(bits, true);

	if (block == BROKER_BLOCK_NONE)
		return K_ERR_NOMEM;
	account_add(account, block, 0, block_pages(block));
	*untyped = broker_block(block)->slot;
	return K_OK;
}

uint32_t broker_account_foreign_slot(struct broker_account *account)
{
	return broker_slots_take(account->owner | BROKER_SLOT_FOREIGN, 1);
}
