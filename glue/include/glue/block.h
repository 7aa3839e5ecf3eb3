/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * block.h - the block class protocol: what client and driver write into the rings.
 *
 * A channel's ring memory holds a submission ring (client writes) and a
 * completion ring (driver writes); the lent region holds the data. A request
 * names bytes of the lent region by offset; the device reads and writes those
 * very pages, nothing is copied. Completions may come in any order. A FLUSH
 * covers every write whose completion the client saw before submitting it.
 * The same for native and Linux drivers. Ring rules: glue/ring.h.
 */
#ifndef GLUE_BLOCK_H
#define GLUE_BLOCK_H

#include <stdint.h>

#define GLUE_BLOCK_SECTOR_BYTES 512u
#define GLUE_BLOCK_DEPTH	128u /* default entries in each ring */
#define GLUE_BLOCK_ALIGN	512u /* of offset; length is whole sectors */

enum glue_block_op {
	GLUE_BLOCK_INFO = 0, /* struct glue_block_info into the data */
	GLUE_BLOCK_READ = 1,
	GLUE_BLOCK_WRITE = 2,
	GLUE_BLOCK_FLUSH = 3,	     /* no data */
	GLUE_BLOCK_DISCARD = 4,	     /* no data */
	GLUE_BLOCK_WRITE_ZEROES = 5, /* no data */
};

#define GLUE_BLOCK_FUA	    1u /* flags: WRITE reaches the medium */
#define GLUE_BLOCK_NO_UNMAP 2u /* flags: WRITE_ZEROES must not unmap */

/* Submission entry, 32 bytes. Written by the client only. */
struct glue_block_sqe {
	uint8_t op; /* enum glue_block_op */
	uint8_t flags;
	uint16_t rsvd;	 /* 0 */
	uint32_t tag;	 /* the client's own, returned unchanged */
	uint64_t sector; /* first sector, 512-byte units */
	uint32_t count;	 /* sectors; READ, WRITE: data bytes / 512 */
	uint32_t rsvd2;	 /* 0 */
	uint64_t offset; /* of the data in the lent region */
};

/* Completion entry, 16 bytes. Written by the driver only. */
struct glue_block_cqe {
	uint32_t tag;
	uint32_t status; /* enum k_err */
	uint64_t rsvd;
};

#define GLUE_BLOCK_F_READONLY (1u << 0)
#define GLUE_BLOCK_F_FLUSH    (1u << 1) /* has a volatile cache */
#define GLUE_BLOCK_F_DISCARD  (1u << 2)
#define GLUE_BLOCK_F_ZEROES   (1u << 3)

/* Answer to GLUE_BLOCK_INFO, written at the request's offset. */
struct glue_block_info {
	uint64_t sectors;	/* capacity in 512-byte sectors */
	uint32_t logical_bytes; /* smallest request */
	uint32_t physical_bytes;
	uint32_t max_sectors; /* of one READ or WRITE */
	uint32_t features;    /* GLUE_BLOCK_F_* */
	uint32_t max_discard_sectors;
	uint32_t max_zeroes_sectors;
	char serial[24]; /* "" if the device has none */
	char driver[32]; /* who serves: "linux virtio_blk" */
};

_Static_assert(sizeof(struct glue_block_sqe) == 32, "ring entry");
_Static_assert(sizeof(struct glue_block_cqe) == 16, "ring entry");

#endif
