/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.c - block service: the disk's properties, and the beginning of service.
 */
#include <dddk/log.h>
#include <glue/block_check.h>

#include "internal.h"

/* 0 means no limit; otherwise whole logical blocks, and what 32 bits hold. */
static uint32_t limit_sectors(uint32_t sectors, uint32_t unit)
{
	if (sectors == 0 || sectors > GLUE_BLOCK_COUNT_MAX)
		sectors = GLUE_BLOCK_COUNT_MAX;
	return sectors - sectors % unit;
}

static enum k_err refuse(const struct glue_block_info *info)
{
	dddk_log("the device claims blocks of %u bytes: refused",
		 info->logical_bytes);
	return K_ERR_INVALID;
}

enum k_err dddk_block_set_info(const struct glue_block_info *info)
{
	struct glue_block_info checked = *info;
	uint32_t unit = info->logical_bytes / GLUE_BLOCK_SECTOR_BYTES;

	if (unit == 0)
		return refuse(info);
	checked.max_sectors = limit_sectors(info->max_sectors, unit);
	checked.max_discard_sectors = limit_sectors(info->max_discard_sectors,
						    unit);
	checked.max_zeroes_sectors = limit_sectors(info->max_zeroes_sectors,
						   unit);
	if (glue_block_check_info(&checked))
		return refuse(info);
	dddk_block.info = checked;
	return K_OK;
}

void dddk_block_on_region(void (*changed)(const struct dddk_block_region *,
					  int))
{
	dddk_block.on_region = changed;
}

static void report_region(const struct dddk_channel *client, int opened)
{
	struct dddk_block_region region = {
		.data = client->data,
		.bus = client->data_bus,
		.bytes = client->data_bytes,
	};

	if (dddk_block.on_region)
		dddk_block.on_region(&region, opened);
}

static void client_opened(struct dddk_channel *client)
{
	report_region(client, 1);
}

static void client_closed(struct dddk_channel *client)
{
	report_region(client, 0);
}

static const struct dddk_channels_kind block_kind = {
	.class_id = GLUE_CLASS_BLOCK,
	.sqe_bytes = sizeof(struct glue_block_sqe),
	.cqe_bytes = sizeof(struct glue_block_cqe),
	.opened = client_opened,
	.closed = client_closed,
	.orphaned = dddk_block_orphan_requests,
};

enum k_err dddk_block_start(const struct dddk_block_ops *ops, void *drv,
			    const struct glue_block_info *info)
{
	if (dddk_block_set_info(info))
		return K_ERR_INVALID;
	dddk_block.ops = ops;
	dddk_block.drv = drv;
	dddk_tokens_start(DDDK_BLOCK_TOKENS);
	dddk_channels_start(&block_kind);
	return K_OK;
}
_Static_assert(DDDK_BLOCK_TOKENS <= DDDK_TOKENS_MAX, "all have a number");
