/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block_check.h - the rules of a block request, checked by both ends.
 */
#ifndef GLUE_BLOCK_CHECK_H
#define GLUE_BLOCK_CHECK_H

#include <stdint.h>
#include <glue/block.h>
#include <glue/err.h>

#define GLUE_BLOCK_LOGICAL_MAX	4096u
/* Most sectors of any request: its bytes still fit 32 bits. */
#define GLUE_BLOCK_COUNT_MAX	0x7fffffu

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

/* Are a disk's properties usable at all? Return: K_OK or K_ERR_INVALID. */
enum k_err glue_block_check_info(const struct glue_block_info *info);

#endif
