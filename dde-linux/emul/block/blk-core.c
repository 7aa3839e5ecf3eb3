// SPDX-License-Identifier: GPL-2.0-only
/*
 * blk-core.c - block status codes as errno values and back.
 *
 * Stands for block/blk-core.c. The table is the interface's: include/linux/
 * blk_types.h names the codes, Documentation/block says what they mean.
 */
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <dde.h>

static const struct {
	blk_status_t status;
	int error;
} codes[] = {
	{ BLK_STS_OK, 0 },
	{ BLK_STS_NOTSUPP, -EOPNOTSUPP },
	{ BLK_STS_TIMEOUT, -ETIMEDOUT },
	{ BLK_STS_NOSPC, -ENOSPC },
	{ BLK_STS_TRANSPORT, -ENOLINK },
	{ BLK_STS_TARGET, -EREMOTEIO },
	{ BLK_STS_RESV_CONFLICT, -EBADE },
	{ BLK_STS_MEDIUM, -ENODATA },
	{ BLK_STS_PROTECTION, -EILSEQ },
	{ BLK_STS_RESOURCE, -ENOMEM },
	{ BLK_STS_DEV_RESOURCE, -EBUSY },
	{ BLK_STS_AGAIN, -EAGAIN },
	{ BLK_STS_OFFLINE, -ENODEV },
	{ BLK_STS_ZONE_OPEN_RESOURCE, -ETOOMANYREFS },
	{ BLK_STS_ZONE_ACTIVE_RESOURCE, -EOVERFLOW },
	{ BLK_STS_DURATION_LIMIT, -ETIME },
	{ BLK_STS_INVAL, -EINVAL },
};

int blk_status_to_errno(blk_status_t status)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		if (codes[i].status == status)
			return codes[i].error;
	}
	return -EIO;
}
DDE_EMULATED(blk_status_to_errno);

blk_status_t errno_to_blk_status(int error)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		if (codes[i].error == error)
			return codes[i].status;
	}
	return BLK_STS_IOERR;
}
DDE_EMULATED(errno_to_blk_status);
