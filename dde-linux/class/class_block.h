/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * class_block.h - between block.c, which serves, and block_watch.c, which says
 * what its device owes.
 */
#ifndef CLASS_BLOCK_H
#define CLASS_BLOCK_H

#include <linux/blkdev.h>

#include "watch.h"

/* Before the first request; unless its driver watches the disk itself. */
void dde_block_watch(struct dde_watch *watch, struct gendisk *disk);

#endif
