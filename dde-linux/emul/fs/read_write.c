// SPDX-License-Identifier: GPL-2.0-only
/*
 * read_write.c - positions in character devices.
 *
 * Stands for fs/read_write.c.
 */
#include <linux/fs.h>
#include <dde.h>

/* For devices without positions: seeking succeeds and changes nothing. */
loff_t noop_llseek(struct file *file, loff_t offset, int whence)
{
	return file->f_pos;
}
DDE_EMULATED(noop_llseek);
