/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kit_block.h - the waist's half for disks: requests down, completions up.
 *
 * Mirrors dddk/block_service.h with plain C types; kit_block.c proves that the
 * structures are the same bytes. What a request promises to the driver (range,
 * alignment, features already checked) is said there.
 */
#ifndef KIT_BLOCK_H
#define KIT_BLOCK_H

#include "kit.h"

/* Memory that a client lends, announced when its channel opens and closes. */
typedef void kit_region_fn(void *data, unsigned long bus, unsigned long bytes,
			   int opened);

enum kit_block_op {
	KIT_BLOCK_READ = 1,
	KIT_BLOCK_WRITE = 2,
	KIT_BLOCK_FLUSH = 3,
	KIT_BLOCK_DISCARD = 4,
	KIT_BLOCK_WRITE_ZEROES = 5,
};
#define KIT_BLOCK_NO_UNMAP 2
#define KIT_BLOCK_TOKENS   256

struct kit_block_req {
	unsigned char op;
	unsigned char flags;
	unsigned int token;
	unsigned long sector;
	unsigned int count;
	unsigned int bytes;
	void *data;
	unsigned long bus;
};

#define KIT_BLOCK_F_READONLY 1u
#define KIT_BLOCK_F_FLUSH    2u
#define KIT_BLOCK_F_DISCARD  4u
#define KIT_BLOCK_F_ZEROES   8u

struct kit_block_info {
	unsigned long sectors;
	unsigned int logical_bytes;
	unsigned int physical_bytes;
	unsigned int max_sectors;
	unsigned int features;
	unsigned int max_discard_sectors;
	unsigned int max_zeroes_sectors;
	char serial[24];
	char driver[32];
};

struct kit_block_ops {
	enum kit_err (*submit)(void *drv, const struct kit_block_req *req);
	void (*commit)(void *drv);
};

/* Begin to serve. @region may be called before the first request. */
enum kit_err kit_block_start(const struct kit_block_ops *ops, void *drv,
			     const struct kit_block_info *info,
			     kit_region_fn *region);
/* The disk has changed (size, read-only); later requests are checked anew. */
enum kit_err kit_block_set_info(const struct kit_block_info *info);
/* Take what clients have submitted; calls ops->submit and ops->commit. */
void kit_block_poll(unsigned long events);
/* A request has ended, in any order; also from inside ops->submit. */
void kit_block_complete(unsigned int token, enum kit_err status);

#endif
