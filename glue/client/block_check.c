/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block_check.c - does a block request make sense for this disk and region?
 *
 * One truth for both ends: the client asks before it sends, and the service in
 * the driver's process asks again, since it trusts no client.
 */
#include <glue/block_check.h>

static enum k_err check_place(const struct glue_block_info *info,
			      const struct glue_block_sqe *sqe)
{
	uint32_t unit_mask = info->logical_bytes / GLUE_BLOCK_SECTOR_BYTES - 1;

	if (sqe->count == 0)
		return K_ERR_INVALID;
	if (sqe->sector > info->sectors ||
	    sqe->count > info->sectors - sqe->sector)
		return K_ERR_RANGE;
	if ((sqe->sector | sqe->count) & unit_mask)
		return K_ERR_ALIGN;
	return K_OK;
}

/* The data must lie in the lent region; no sum here can overflow. */
static enum k_err check_data(uint64_t data_bytes,
			     const struct glue_block_sqe *sqe)
{
	uint64_t bytes = (uint64_t)sqe->count * GLUE_BLOCK_SECTOR_BYTES;

	if (sqe->offset % GLUE_BLOCK_ALIGN)
		return K_ERR_ALIGN;
	if (sqe->offset > data_bytes || bytes > data_bytes - sqe->offset)
		return K_ERR_RANGE;
	return K_OK;
}

static enum k_err check_transfer(const struct glue_block_info *info,
				 uint64_t data_bytes,
				 const struct glue_block_sqe *sqe)
{
	enum k_err err = check_place(info, sqe);

	if (err)
		return err;
	if (sqe->count > info->max_sectors)
		return K_ERR_INVALID;
	return check_data(data_bytes, sqe);
}

/* DISCARD and WRITE_ZEROES: no data, a feature and a limit of their own. */
static enum k_err check_clear(const struct glue_block_info *info,
			      const struct glue_block_sqe *sqe,
			      uint32_t feature, uint32_t max_sectors)
{
	enum k_err err;

	if (info->features & GLUE_BLOCK_F_READONLY)
		return K_ERR_READONLY;
	if (!(info->features & feature))
		return K_ERR_UNSUPPORTED;
	err = check_place(info, sqe);
	if (err)
		return err;
	return sqe->count > max_sectors ? K_ERR_INVALID : K_OK;
}

static enum k_err check_info(uint64_t data_bytes,
			     const struct glue_block_sqe *sqe)
{
	return sqe->count ? check_data(data_bytes, sqe) : K_ERR_INVALID;
}

/* Flags that an operation knows. */
static uint8_t known_flags(uint8_t op)
{
	switch (op) {
	case GLUE_BLOCK_WRITE:
		return GLUE_BLOCK_FUA;
	case GLUE_BLOCK_WRITE_ZEROES:
		return GLUE_BLOCK_NO_UNMAP;
	default:
		return 0;
	}
}

enum k_err glue_block_check(const struct glue_block_info *info,
			    uint64_t data_bytes,
			    const struct glue_block_sqe *sqe)
{
	if ((sqe->flags & ~known_flags(sqe->op)) || sqe->rsvd || sqe->rsvd2)
		return K_ERR_INVALID;
	switch (sqe->op) {
	case GLUE_BLOCK_READ:
		return check_transfer(info, data_bytes, sqe);
	case GLUE_BLOCK_WRITE:
		if (info->features & GLUE_BLOCK_F_READONLY)
			return K_ERR_READONLY;
		return check_transfer(info, data_bytes, sqe);
	case GLUE_BLOCK_FLUSH:
		return K_OK;
	case GLUE_BLOCK_DISCARD:
		return check_clear(info, sqe, GLUE_BLOCK_F_DISCARD,
				   info->max_discard_sectors);
	case GLUE_BLOCK_WRITE_ZEROES:
		return check_clear(info, sqe, GLUE_BLOCK_F_ZEROES,
				   info->max_zeroes_sectors);
	case GLUE_BLOCK_INFO:
		return check_info(data_bytes, sqe);
	default:
		return K_ERR_UNSUPPORTED;
	}
}

enum k_err glue_block_check_info(const struct glue_block_info *info)
{
	uint32_t unit = info->logical_bytes;

	if (unit < GLUE_BLOCK_SECTOR_BYTES || unit > GLUE_BLOCK_LOGICAL_MAX ||
	    (unit & (unit - 1)))
		return K_ERR_INVALID;
	if (info->max_sectors < unit / GLUE_BLOCK_SECTOR_BYTES ||
	    info->max_sectors > GLUE_BLOCK_COUNT_MAX)
		return K_ERR_INVALID;
	return K_OK;
}
