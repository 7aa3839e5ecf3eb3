// SPDX-License-Identifier: GPL-2.0-only
/*
 * open.c - what drivers do with open files, of which there are none.
 *
 * Stands for fs/{fcntl,open,pipe,splice}.c and mm/filemap.c: the functions that
 * a driver's file operations call. They are linked with those operations, but
 * nobody opens a device file in a driver process (char_dev.c).
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/pipe_fs_i.h>
#include <linux/splice.h>
#include <dde.h>

int nonseekable_open(struct inode *inode, struct file *file)
{
	return 0;
}
DDE_NOOP(nonseekable_open, "no files in a driver process");

int stream_open(struct inode *inode, struct file *file)
{
	return 0;
}
DDE_NOOP(stream_open, "no files in a driver process");

int fasync_helper(int fd, struct file *file, int on,
		  struct fasync_struct **list)
{
	return 0;
}
DDE_NOOP(fasync_helper, "no files in a driver process");

void kill_fasync(struct fasync_struct **list, int signal, int band)
{
}
DDE_NOOP(kill_fasync, "nobody asked for a signal: no files");

void pipe_lock(struct pipe_inode_info *pipe)
{
}
DDE_NOOP(pipe_lock, "no pipes in a driver process");

void pipe_unlock(struct pipe_inode_info *pipe)
{
}
DDE_NOOP(pipe_unlock, "no pipes in a driver process");

ssize_t __splice_from_pipe(struct pipe_inode_info *pipe, struct splice_desc *sd,
			   splice_actor *actor)
{
	return -EINVAL;
}
DDE_NOOP(__splice_from_pipe, "no pipes in a driver process");

void unlock_page(struct page *page)
{
}
DDE_NOOP(unlock_page, "no page cache, whose pages could be locked");
