/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kit_block.c - the block service, seen through the waist.
 *
 * The structures of kit.h and dddk/block_service.h are the same bytes (proved
 * below), so a request passes by pointer and costs one call.
 */
#include <dddk/block_service.h>
#include <kit_block.h>

#include "same.h"

SAME(kit_block_req, dddk_block_req, op);
SAME(kit_block_req, dddk_block_req, flags);
SAME(kit_block_req, dddk_block_req, token);
SAME(kit_block_req, dddk_block_req, sector);
SAME(kit_block_req, dddk_block_req, count);
SAME(kit_block_req, dddk_block_req, bytes);
SAME(kit_block_req, dddk_block_req, data);
SAME(kit_block_req, dddk_block_req, bus);
SAME(kit_block_info, glue_block_info, sectors);
SAME(kit_block_info, glue_block_info, logical_bytes);
SAME(kit_block_info, glue_block_info, physical_bytes);
SAME(kit_block_info, glue_block_info, max_sectors);
SAME(kit_block_info, glue_block_info, features);
SAME(kit_block_info, glue_block_info, max_discard_sectors);
SAME(kit_block_info, glue_block_info, max_zeroes_sectors);
SAME(kit_block_info, glue_block_info, serial);
SAME(kit_block_info, glue_block_info, driver);
_Static_assert(sizeof(struct kit_block_info) == sizeof(struct glue_block_info),
	       "same structure");
_Static_assert((int)KIT_BLOCK_READ == GLUE_BLOCK_READ, "op");
_Static_assert((int)KIT_BLOCK_WRITE == GLUE_BLOCK_WRITE, "op");
_Static_assert((int)KIT_BLOCK_FLUSH == GLUE_BLOCK_FLUSH, "op");
_Static_assert((int)KIT_BLOCK_DISCARD == GLUE_BLOCK_DISCARD, "op");
_Static_assert((int)KIT_BLOCK_WRITE_ZEROES == GLUE_BLOCK_WRITE_ZEROES, "op");
_Static_assert(KIT_BLOCK_NO_UNMAP == GLUE_BLOCK_NO_UNMAP, "flag");
_Static_assert(KIT_BLOCK_TOKENS == DDDK_BLOCK_TOKENS, "token range");
_Static_assert(KIT_BLOCK_F_READONLY == GLUE_BLOCK_F_READONLY, "feature");
_Static_assert(KIT_BLOCK_F_FLUSH == GLUE_BLOCK_F_FLUSH, "feature");
_Static_assert(KIT_BLOCK_F_DISCARD == GLUE_BLOCK_F_DISCARD, "feature");
_Static_assert(KIT_BLOCK_F_ZEROES == GLUE_BLOCK_F_ZEROES, "feature");

static const struct kit_block_ops *linux_ops;
static kit_region_fn *linux_region;

/* The two halves of the waist differ in types only, so this is one jump. */
static enum k_err block_submit(void *drv, const struct dddk_block_req *req)
{
	return (enum k_err)linux_ops->submit(drv,
					     (const struct kit_block_req *)req);
}

static void block_commit(void *drv)
{
	linux_ops->commit(drv);
}

static void region_changed(const struct dddk_block_region *region, int opened)
{
	linux_region(region->data, region->bus, region->bytes, opened);
}

/* The region hook is set first: opening a channel needs it. */
enum kit_err kit_block_start(const struct kit_block_ops *ops, void *drv,
			     const struct kit_block_info *info,
			     kit_region_fn *region)
{
	static const struct dddk_block_ops dddk_ops = {
		.submit = block_submit,
		.commit = block_commit,
	};

	linux_ops = ops;
	linux_region = region;
	dddk_block_on_region(region_changed);
	return (enum kit_err)dddk_block_start(
		&dddk_ops, drv, (const struct glue_block_info *)info);
}

enum kit_err kit_block_set_info(const struct kit_block_info *info)
{
	const struct glue_block_info *same = (const void *)info;

	return (enum kit_err)dddk_block_set_info(same);
}

void kit_block_poll(unsigned long events)
{
	dddk_block_poll(events);
}

void kit_block_complete(unsigned int token, enum kit_err status)
{
	dddk_block_complete(token, (enum k_err)status);
}
