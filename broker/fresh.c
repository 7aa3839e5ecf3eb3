/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fresh.c - pages that begin as zeros come when they are first touched.
 *
 * A program's tables are as large as the most clients and requests need that it
 * may have; of what none has come to use nobody has to pay. All of it is promised
 * when the process starts: the broker gives to others only what is left beside
 * reserved blocks (account.c), so no process ends later because others were
 * quicker.
 * The first touch is a fault like any other, and the answer to it lets the
 * process go on. It can forge such messages: they bring it no more than that.
 */
#include "loader.h"

#include <glue/fault_text.h>

#include "blocks.h"

#define TABLE_BYTES ((uint64_t)1 << 21) /* that one page table covers */

static enum k_err page_make(struct broker_process *process, uint64_t page)
{
	uint32_t frame;
	enum k_err err = broker_account_promised(&process->memory, &frame);

	return err ? err :
		     broker_vspace_map(&process->vspace, frame, page,
				       BROKER_RW);
}

enum k_err broker_fresh_promise(struct broker_process *process, uint64_t start,
				uint32_t pages)
{
	uint64_t end = start + (uint64_t)pages * BROKER_PAGE_BYTES;
	struct broker_fresh *fresh = process->fresh;
	enum k_err err;

	if (pages == 0)
		return K_OK;
	while (fresh->end != 0)
		if (++fresh == process->fresh + BROKER_FRESH_MAX)
			return broker_load_pages(process, start, pages,
						 BROKER_RW);
	err = broker_account_promise(&process->memory, pages);
	*fresh = (struct broker_fresh){ start, end };
	/* Page tables are not promised: the first page of each comes at once. */
	start = (start + TABLE_BYTES - 1) & ~(TABLE_BYTES - 1);
	for (; !err && start < end; start += TABLE_BYTES)
		err = page_make(process, start);
	return err;
}

int broker_fresh_touched(struct broker_process *process,
			 const struct broker_fault *fault)
{
	uint64_t page = fault->word[1] & ~(uint64_t)(BROKER_PAGE_BYTES - 1);

	if (!glue_fault_is_unmapped(fault->label, fault->word))
		return 0;
	for (unsigned int i = 0; i < BROKER_FRESH_MAX; i++) {
		const struct broker_fresh *fresh = &process->fresh[i];

		if (page >= fresh->start && page < fresh->end)
			return page_make(process, page) == K_OK;
	}
	return 0;
}
