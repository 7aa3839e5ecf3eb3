/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.c - block service: the disk's properties, and the beginning of service.
 */
#include <glue/block_check.h>

#include "internal.h"

/* 0 means no limit; otherwise whole logical blocks, and what 32 bits hold. */
static uint32_t limit_sectors(uint32_t sectors, uint32_t unit)
{
	if (sectors == 0 || sectors > GLUE_BLOCK_COUNT_MAX)
		sectors = GLUE_BLOCK_COUNT_MAX;
	return sectors - sectors % unit;
}

enum k_err dddk_block_set_info(const struct glue_block_info *info)
{
	struct glue_block_info checked = *info;
	uint32_t unit = info->logical_bytes / GLUE_BLOCK_SECTOR_BYTES;

	if (unit == 0)
		return K_ERR_INVALID;
	checked.max_sectors = limit_sectors(info->max_sectors, unit);
	checked.max_discard_sectors = limit_sectors(info->max_discard_sectors,
						    unit);
	checked.max_zeroes_sectors = limit_sectors(info->max_zeroes_sectors,
						   unit);
	if (glue_block_check_info(&checked))
		return K_ERR_INVALID;
	dddk_block.info = checked;
	return K_OK;
}

void dddk_block_on_region(void (*changed)(const struct dddk_block_region *,
					  int))
{
	dddk_block.on_region = changed;
}

enum k_err dddk_block_start(const struct dddk_block_ops *ops, void *drv,
			    const struct glue_block_info *info)
{
	uint32_t token;

	if (dddk_block_set_info(info))
		return K_ERR_INVALID;
	dddk_block.ops = ops;
	dddk_block.drv = drv;
	dddk_block.free_token = NO_TOKEN;
	for (token = DDDK_BLOCK_TOKENS; token > 0; token--) {
		dddk_block.token[token - 1].state = TOKEN_FREE;
		dddk_block.token[token - 1].next_free = dddk_block.free_token;
		dddk_block.free_token = (uint16_t)(token - 1);
	}
	dddk_block_update_clients();
	return K_OK;
}
