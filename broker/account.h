/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * account.h - the memory and slots of one process, arena or channel.
 *
 * An account is a list of blocks plus an owner number for slots. Closing it
 * revokes the blocks, so that all kernel objects made from them are gone, and
 * gives back every slot. Half-finished work needs no other clean-up than that:
 * whoever fails in the middle closes the account.
 */
#ifndef BROKER_ACCOUNT_H
#define BROKER_ACCOUNT_H

#include <stdint.h>
#include <glue/err.h>
#include <glue/sys.h>

struct broker_account {
	uint16_t owner;	   /* of slots, enum broker_owner plus index */
	int16_t blocks;	   /* first block, linked; -1 none */
	uint64_t bytes;	   /* all that was made */
	uint64_t reserved; /* beside them */
	uint64_t promised; /* of these, so that nothing else may have them */
};

void broker_account_open(struct broker_account *account, unsigned int owner);
void broker_account_close(struct broker_account *account);

/* All that was made is gone, but blocks and slots stay with the account until it
 * is closed: so nobody else gets them meanwhile. */
void broker_account_empty(struct broker_account *account);

/**
 * broker_account_pages - make page-sized objects (small frames, page tables).
 * @type:  ABI_OBJ_FRAME_SMALL, ABI_OBJ_PAGE_TABLE or ABI_OBJ_VSPACE
 * @first: out: the first of @count consecutive root slots
 *
 * The pages need not be contiguous in physical memory.
 *
 * Return: K_OK; K_ERR_NOMEM if memory or slots are used up (what was made stays
 *         with the account until it is closed).
 */
enum k_err broker_account_pages(struct broker_account *account,
				enum abi_object_type type, uint32_t count,
				uint32_t *first);

/**
 * broker_account_region - make frames of one contiguous, aligned region.
 * @bytes: whole pages; what a power of two is more than that stays free
 * @paddr: out: where it begins, aligned to that power of two
 * @first: out: first slot of bytes / 4 KiB small frames in ascending order
 */
enum k_err broker_account_region(struct broker_account *account, uint64_t bytes,
				 uint64_t *paddr, uint32_t *first);

/* The same frames in the same slots, of an account that has this region and
 * nothing else, and was emptied. K_ERR_NOMEM: it has to be emptied again. */
enum k_err broker_account_region_again(const struct broker_account *account,
				       uint64_t bytes, uint64_t paddr,
				       uint32_t *first);

/**
 * broker_account_block - take one block for objects the caller makes itself.
 * @untyped: out: root slot of the untyped capability
 */
enum k_err broker_account_block(struct broker_account *account,
				unsigned int bits, uint32_t *untyped);

/**
 * broker_account_reserve - hold memory and slots for pages to be made later.
 *
 * broker_account_pages makes single pages of it first, but for those that were
 * promised.
 *
 * Return: K_ERR_NOMEM: what was reserved stays so until the account is closed.
 */
enum k_err broker_account_reserve(struct broker_account *account,
				  uint32_t pages);

/* The same, and promise them: then broker_account_promised cannot fail so often. */
enum k_err broker_account_promise(struct broker_account *account,
				  uint32_t pages);
/* A small frame that was promised. K_ERR_NOMEM: none was. */
enum k_err broker_account_promised(struct broker_account *account,
				   uint32_t *frame);

/* One slot of this account for a capability that is copied or minted. */
uint32_t broker_account_foreign_slot(struct broker_account *account);

#endif
