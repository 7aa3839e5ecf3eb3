/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block_check.h - the rules of a block request, checked by both ends.
 */
#ifndef GLUE_BLOCK_CHECK_H
#define GLUE_BLOCK_CHECK_H

#include <stdint.h>
#include <glue/block.h>
#include <glue/err.h>

#define GLUE_BLOCK_LOGICAL_MAX 4096u
/* Most sectors of any request: its bytes still fit 32 bits. */
#define GLUE_BLOCK_COUNT_MAX   0x7fffffu

/**
 * glue_block_check - is a request one that this disk can be asked?
 * @info:       of the disk, itself checked by glue_block_check_info
 * @data_bytes: size of the lent region
 * @sqe:        private copy of the ring entry
 *
 * Return: K_OK; K_ERR_INVALID unknown flag, used reserved field, count 0 or
 *         above the limit; K_ERR_RANGE past the disk or the region;
 *         K_ERR_ALIGN not whole logical blocks, or offset; K_ERR_READONLY;
 *         K_ERR_UNSUPPORTED unknown operation or missing feature.
 */
enum k_err glue_block_check(const struct glue_block_info *info,
			    uint64_t data_bytes,
			    const struct glue_block_sqe *sqe);

/*
 * The fast path of the same rules: 1 if a READ or WRITE without flags is good.
 * 0 means: ask glue_block_check, which says what is wrong, or that it is good
 * after all. A count of 0 wraps to the largest number, so that one comparison
 * refuses it too.
 */
static inline int glue_block_fits(const struct glue_block_info *info,
				  uint64_t data_bytes, uint8_t op,
				  uint64_t sector, uint32_t count,
				  uint64_t offset)
{
	uint32_t unit_mask = info->logical_bytes / GLUE_BLOCK_SECTOR_BYTES - 1;
	uint64_t bytes = (uint64_t)count * GLUE_BLOCK_SECTOR_BYTES;

	return (op == GLUE_BLOCK_READ ||
		(op == GLUE_BLOCK_WRITE &&
		 !(info->features & GLUE_BLOCK_F_READONLY))) &&
	       count - 1 < info->max_sectors && sector <= info->sectors &&
	       count <= info->sectors - sector &&
	       !((sector | count) & unit_mask) &&
	       !(offset % GLUE_BLOCK_ALIGN) && offset <= data_bytes &&
	       bytes <= data_bytes - offset;
}

/* Are a disk's properties usable at all? Return: K_OK or K_ERR_INVALID. */
enum k_err glue_block_check_info(const struct glue_block_info *info);

#endif
