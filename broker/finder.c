/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * finder.c - what the program that finds the devices is shown.
 *
 * It reads what firmware and devices say, so that nobody has to trust what reads
 * that. It holds nothing but a view of things: when it has ended, and only then,
 * what it wrote is looked at (devices.c). Read next: glue/found.h
 */
#include "boot.h"

#include <glue/found.h>
#include <glue/print.h>
#include <glue/string.h>

#include "blocks.h"
#include "calls.h"
#include "devices.h"
#include "life.h"
#include "loader.h"
#include "log.h"
#include "machine.h"
#include "pci.h"
#include "process.h"
#include "slots.h"
#include "supervisor.h"

#define NAME "finder" /* mk/archive.py puts it into every archive */

#define TABLE_PAGES (BROKER_FOUND_BYTES / BROKER_PAGE_BYTES)

/* What the finder writes to, until it has been taken. */
static struct broker_account room;
static uint32_t room_frames;

/* The table to write; the manifest and the device tree to read. */
static enum k_err show_all(struct broker_process *finder,
			   const struct abi_boot_info *info)
{
	const struct broker_archive *archive =
		(const void *)broker_archive_start;
	uint32_t records = broker_pages_of(archive->texts_end);
	uint64_t tree = info->extra_bi_pages.end - info->extra_bi_pages.start;
	enum k_err err;

	if (records > FIND_ARCHIVE_PAGES || tree > FIND_TREE_PAGES)
		return K_ERR_RANGE;
	err = broker_account_pages(&room, ABI_OBJ_FRAME_SMALL, TABLE_PAGES,
				   &room_frames);
	if (!err)
		err = broker_vspace_map_run(&finder->vspace, room_frames,
					    TABLE_PAGES, FIND_TABLE_VADDR,
					    BROKER_RW);
	if (!err)
		err = broker_load_shown(finder, broker_image_frame(archive),
					records, FIND_ARCHIVE_VADDR, BROKER_RO);
	if (!err)
		err = broker_load_shown(finder,
					(uint32_t)info->extra_bi_pages.start,
					(uint32_t)tree, FIND_TREE_VADDR,
					BROKER_RO);
	return err;
}

struct broker_process *broker_finder_start(const struct abi_boot_info *info)
{
	const struct broker_program *program = broker_policy_find(NAME);
	struct broker_process *finder;
	char args[24];
	enum k_err err;

	broker_account_open(&room, BROKER_OWNER_FINDER);
	glue_snprintf(args, sizeof(args), "%lu", info->extra_len);
	if (!program || broker_process_start(program, NULL, "", args, &finder))
		return NULL;
	err = show_all(finder, info);
	if (err)
		broker_supervise_exit(finder, (int32_t)err);
	return finder;
}

/* As much of it as is used, in pages of our own; as it is if that makes no
 * sense, which is told then; NULL: no memory. */
static struct broker_found *table_keep(void)
{
	struct broker_found *seen = (void *)BROKER_WINDOW_LOAD;
	struct broker_found *kept = (void *)BROKER_WINDOW_TABLE;
	struct broker_vspace *own = broker_vspace_own();
	uint32_t copies = 0, frame;

	if (broker_vspace_map_copy(own, BROKER_OWNER_FINDER, room_frames,
				   TABLE_PAGES, (uint64_t)seen, BROKER_RO,
				   &copies))
		return NULL;
	if (seen->bytes == 0 || seen->bytes > BROKER_FOUND_BYTES)
		return seen;
	if (broker_account_pages(own->account, ABI_OBJ_FRAME_SMALL,
				 broker_pages_of(seen->bytes), &frame) ||
	    broker_vspace_map_run(own, frame, broker_pages_of(seen->bytes),
				  (uint64_t)kept, BROKER_RW))
		return NULL;
	memcpy(kept, seen, seen->bytes);
	return kept;
}

/* Return: why there is no table; NULL: there is one. */
static const char *table_get(const struct broker_process *finder,
			     struct broker_found **table)
{
	if (!finder)
		return "it was not started";
	if (finder->state != GLUE_PROC_ENDED)
		return "see above";
	if (finder->status != 0)
		return k_err_text((enum k_err)finder->status);
	*table = table_keep();
	return *table ? NULL : k_err_text(K_ERR_NOMEM);
}

unsigned int broker_finder_take(const struct broker_process *finder)
{
	struct broker_found *table;
	const char *why = table_get(finder, &table);
	unsigned int devices = 0;

	if (!why)
		devices = broker_devices_take(table);
	else
		broker_log(
			"the " NAME
			" has not done its work (%s): no devices can be used",
			why);
	broker_account_close(&room);
	return devices;
}

int broker_call_find_look(const struct broker_call *c)
{
	uint64_t page = c->word[0], place = c->word[1];
	uint32_t frame;

	if (page % BROKER_PAGE_BYTES != 0 || place >= FIND_LOOKS)
		return K_ERR_INVALID;
	frame = broker_block_device_frame(page, BROKER_PAGE_BITS);
	if (frame == 0)
		return K_ERR_NOTFOUND;
	return broker_load_shown(c->from, frame, 1,
				 FIND_LOOK_VADDR + place * BROKER_PAGE_BYTES,
				 BROKER_DEVICE_RO);
}

int broker_call_find_pci(const struct broker_call *c)
{
	uint32_t frame = broker_pci_config_map(c->word[0]);

	if (frame == 0)
		return K_ERR_NOTFOUND;
	return broker_load_shown(c->from, frame, 1, FIND_PCI_VADDR,
				 BROKER_DEVICE_RO);
}

int broker_call_find_bar(const struct broker_call *c)
{
	uint64_t devfn = c->word[0], bar = c->word[1];

	if (!broker_pci_bar_is(devfn, bar))
		return K_ERR_INVALID;
	broker_reply_word(c->reply, broker_pci_bar_size((unsigned int)devfn,
							(unsigned int)bar));
	return K_OK;
}
