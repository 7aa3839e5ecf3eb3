/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * class_block.h - between block.c, which serves, and block_watch.c, which looks
 * whether the device still answers.
 */
#ifndef CLASS_BLOCK_H
#define CLASS_BLOCK_H

#include <linux/blkdev.h>
#include <linux/timer.h>

struct block_watch {
	struct timer_list timer;
	struct gendisk *disk; /* NULL: its driver watches the device itself */
	unsigned long ended;  /* pieces, ever */
	unsigned long seen;   /* of them, at the last look */
	unsigned int looks;   /* in a row that saw no end */
	unsigned int round;   /* looks since requests were marked */
};

/* Before the first request. */
void dde_block_watch_init(struct block_watch *watch, struct gendisk *disk);

/* A look is due in a while, because the device may have work now. */
void dde_block_watch_begin(struct block_watch *watch);

/* The driver has failed a request: ends the process if it can do nothing else
 * from now on. */
void dde_block_watch_failure(const struct block_watch *watch);

/* After requests have gone to the driver. */
static inline void dde_block_watch(struct block_watch *watch)
{
	if (unlikely(!timer_pending(&watch->timer)))
		dde_block_watch_begin(watch);
}

#endif
