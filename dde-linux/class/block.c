// SPDX-License-Identifier: GPL-2.0-only
/*
 * block.c - a Linux disk behind the block class protocol.
 *
 * Every request arrives checked by dddk (range, alignment, features) with the
 * address of the client's own pages. It becomes one struct request with one
 * bio of one bio_vec over those very pages: nothing is copied and nothing is
 * allocated. A request beyond the driver's limits is cut into several; the
 * client's request ends with the last of them, with the first error.
 *
 * All functions run in the event loop, but reading the serial number, which
 * asks the device and therefore sleeps (it runs in the init fiber).
 * Read next: emul/block/blk-mq.c, dddk/block_service.h
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kit_block.h>
#include <dde.h>
#include <block/dde_block.h>
#include "class_block.h"

#define MAX_SECTORS 32768u /* 16 MiB: a client's request, before cutting */

/* One client request, named by its token. */
struct io {
	unsigned int pieces; /* struct requests that have not ended */
	blk_status_t status; /* the first error */
};

static struct {
	struct gendisk *disk;
	struct request_queue *q;
	struct dde_blk_tags *tags;
	const struct attribute_group **groups;
	unsigned int piece_sectors; /* one struct request carries */
	struct io io[KIT_BLOCK_TOKENS];
	struct dde_watch watch;
	char serial[24];
	bool started;
} block;

/*
 * Clients know fewer reasons than Linux. What is not listed is the device's
 * fault as far as a client can tell, so it becomes an I/O error.
 */
static enum kit_err err_from_status(blk_status_t status)
{
	switch (status) {
	case BLK_STS_OK:
		return KIT_OK;
	case BLK_STS_NOTSUPP:
		return KIT_ERR_UNSUPPORTED;
	case BLK_STS_TIMEOUT:
		return KIT_ERR_TIMEOUT;
	case BLK_STS_NOSPC:
		return KIT_ERR_NOSPACE;
	case BLK_STS_RESOURCE:
		return KIT_ERR_NOMEM;
	case BLK_STS_OFFLINE:
		return KIT_ERR_GONE;
	case BLK_STS_INVAL:
		return KIT_ERR_INVALID;
	default:
		return KIT_ERR_IO;
	}
}

/*
 * The end of one struct request. bi_private was set by piece_start. A request
 * that fails in several pieces reports the first error, as a disk would.
 */
static void piece_ended(struct bio *bio)
{
	struct io *io = bio->bi_private;
	unsigned int token = io - block.io;

	if (unlikely(bio->bi_status)) {
		dde_watch_failure(&block.watch);
		if (!io->status)
			io->status = bio->bi_status;
	}
	if (--io->pieces)
		return;
	kit_trace(KIT_TRACE_DONE, token);
	kit_block_complete(token, err_from_status(io->status));
}

static const blk_opf_t linux_op[] = {
	[KIT_BLOCK_READ] = REQ_OP_READ,
	[KIT_BLOCK_WRITE] = REQ_OP_WRITE,
	[KIT_BLOCK_FLUSH] = REQ_OP_FLUSH,
	[KIT_BLOCK_DISCARD] = REQ_OP_DISCARD,
	[KIT_BLOCK_WRITE_ZEROES] = REQ_OP_WRITE_ZEROES,
};

/* FUA never arrives here: dddk turns it into a write and a flush. */
static blk_opf_t opf_of(const struct kit_block_req *req)
{
	blk_opf_t opf = linux_op[req->op];

	if (unlikely(req->flags & KIT_BLOCK_NO_UNMAP))
		opf |= REQ_NOUNMAP;
	return opf;
}

/*
 * The client's pages are mapped in the linear window like our own, so their
 * struct pages and bus addresses are computed, not looked up.
 */
static void rq_set_data(struct request *rq, void *data, unsigned int bytes)
{
	struct dde_blk_slot *slot = dde_blk_slot_of(rq);

	bvec_set_page(&slot->vec, virt_to_page(data), bytes,
		      offset_in_page(data));
	slot->bio.bi_vcnt = 1;
	rq->nr_phys_segments = dde_blk_segments(&block.q->limits,
						virt_to_phys(data), bytes);
}

/*
 * Fill @rq with @count sectors of the client's request, from @skip sectors into
 * it, and give it to the driver. Every field a driver reads is written here.
 */
static void piece_start(struct request *rq, const struct kit_block_req *req,
			unsigned int skip, unsigned int count)
{
	struct bio *bio = &dde_blk_slot_of(rq)->bio;
	blk_opf_t opf = opf_of(req);

	rq->cmd_flags = opf;
	rq->rq_flags = 0;
	rq->__data_len = count << SECTOR_SHIFT;
	rq->__sector = req->sector + skip;
	rq->bio = bio;
	rq->biotail = bio;
	rq->end_io = NULL;
	bio->bi_opf = opf;
	bio->bi_status = BLK_STS_OK;
	bio->bi_iter.bi_sector = rq->__sector;
	bio->bi_iter.bi_size = rq->__data_len;
	bio->bi_iter.bi_idx = 0;
	bio->bi_iter.bi_bvec_done = 0;
	bio->bi_private = &block.io[req->token];
	bio->bi_end_io = piece_ended;
	if (likely(req->bytes)) {
		rq_set_data(rq, req->data + ((size_t)skip << SECTOR_SHIFT),
			    rq->__data_len);
	} else {
		bio->bi_vcnt = 0;
		rq->nr_phys_segments = req->op == KIT_BLOCK_DISCARD;
	}
	dde_blk_issue(rq);
}

/* Sectors from @sector that one struct request may carry. */
static unsigned int piece_room(u64 sector)
{
	unsigned int chunk = block.q->limits.chunk_sectors;

	if (likely(!chunk))
		return block.piece_sectors;
	return min(block.piece_sectors,
		   blk_boundary_sectors_left(sector, chunk));
}

/*
 * Counted before anything is started, so that a request is never half done for
 * lack of tags.
 */
static unsigned int pieces_needed(const struct kit_block_req *req)
{
	unsigned int skip;
	unsigned int pieces = 0;

	for (skip = 0; skip < req->count; pieces++)
		skip += piece_room(req->sector + skip);
	return pieces;
}

/* All pieces or none: a request that cannot be held whole is retried whole. */
static enum kit_err submit_pieces(const struct kit_block_req *req)
{
	unsigned int pieces = pieces_needed(req);
	unsigned int skip = 0;

	if (pieces > block.tags->free_count)
		return KIT_ERR_BUSY;
	block.io[req->token].pieces = pieces;
	block.io[req->token].status = BLK_STS_OK;
	while (skip < req->count) {
		unsigned int count = min(piece_room(req->sector + skip),
					 req->count - skip);

		piece_start(dde_blk_tags_pop(block.tags), req, skip, count);
		skip += count;
	}
	return KIT_OK;
}

/**
 * block_submit - start one checked request (kit_block_ops.submit).
 * @req: valid only during the call
 *
 * Runs in the loop, never inside the driver. May complete before it returns.
 *
 * Return: KIT_OK; KIT_ERR_BUSY if no tag is free or the queue is frozen: dddk
 * offers the request again after the next completion.
 */
static enum kit_err block_submit(void *drv, const struct kit_block_req *req)
{
	struct request *rq;

	if (unlikely(block.q->mq_freeze_depth))
		return KIT_ERR_BUSY;
	kit_trace(KIT_TRACE_QUEUE_RQ, req->token);
	if (unlikely(req->bytes && req->count > piece_room(req->sector)))
		return submit_pieces(req);
	rq = dde_blk_tags_pop(block.tags);
	if (unlikely(!rq))
		return KIT_ERR_BUSY;
	block.io[req->token].pieces = 1;
	block.io[req->token].status = BLK_STS_OK;
	piece_start(rq, req, 0, req->count);
	return KIT_OK;
}

/* One kick of the device for all that was submitted since the last one. */
static void block_commit(void *drv)
{
	dde_blk_commit(block.q);
	dde_watch(&block.watch);
}

static const struct kit_block_ops block_ops = {
	.submit = block_submit,
	.commit = block_commit,
};

/*
 * A channel opens or closes: its pages get or lose their metadata, which must
 * exist before the first request refers to them.
 */
static void region_changed(void *data, unsigned long bus, unsigned long bytes,
			   int opened)
{
	dde_pages_lend(bus, bytes, opened);
}

/* What one struct request may carry by size and by number of segments. */
static unsigned int piece_sectors_of(const struct queue_limits *lim)
{
	u64 by_segments = (u64)lim->max_segments *
				  rounddown(lim->max_segment_size,
					    lim->logical_block_size) >>
			  SECTOR_SHIFT;
	u64 sectors = min_t(u64, lim->max_hw_sectors, by_segments);

	sectors = min_t(u64, sectors, UINT_MAX >> SECTOR_SHIFT);
	return rounddown(sectors, lim->logical_block_size >> SECTOR_SHIFT);
}

/* discard and write-zeroes exist if the driver gave a limit above 0. */
static unsigned int features_of(struct gendisk *disk)
{
	const struct queue_limits *lim = &disk->queue->limits;
	unsigned int features = 0;

	if (get_disk_ro(disk))
		features |= KIT_BLOCK_F_READONLY;
	if (lim->features & BLK_FEAT_WRITE_CACHE)
		features |= KIT_BLOCK_F_FLUSH;
	if (lim->max_discard_sectors)
		features |= KIT_BLOCK_F_DISCARD;
	if (lim->max_write_zeroes_sectors)
		features |= KIT_BLOCK_F_ZEROES;
	return features;
}

/* A struct request counts bytes in 32 bits, also for commands without data. */
static unsigned int whole_blocks(unsigned int sectors,
				 const struct queue_limits *lim)
{
	return rounddown(min(sectors, UINT_MAX >> SECTOR_SHIFT),
			 lim->logical_block_size >> SECTOR_SHIFT);
}

/*
 * What a client learns from GLUE_BLOCK_INFO. max_sectors leaves half of the
 * tags to others even for the longest request.
 */
static void info_fill(struct kit_block_info *info)
{
	const struct queue_limits *lim = &block.q->limits;
	u64 most = (u64)block.piece_sectors * (block.q->nr_requests / 2 ?: 1);

	memset(info, 0, sizeof(*info));
	info->sectors = get_capacity(block.disk);
	info->logical_bytes = lim->logical_block_size;
	info->physical_bytes = lim->physical_block_size;
	info->max_sectors = min_t(u64, most, MAX_SECTORS);
	info->features = features_of(block.disk);
	info->max_discard_sectors = whole_blocks(lim->max_discard_sectors, lim);
	info->max_zeroes_sectors = whole_blocks(lim->max_write_zeroes_sectors,
						lim);
	strscpy(info->serial, block.serial, sizeof(info->serial));
	dde_driver_text(info->driver, sizeof(info->driver));
}

/* Attributes live in the groups that the driver handed to device_add_disk. */
static struct device_attribute *attribute_find(const char *name)
{
	const struct attribute_group **group;
	struct attribute **attr;

	for (group = block.groups; group && *group; group++) {
		for (attr = (*group)->attrs; attr && *attr; attr++) {
			if (!strcmp((*attr)->name, name))
				return container_of(*attr,
						    struct device_attribute,
						    attr);
		}
	}
	return NULL;
}

/* Linux offers a disk's serial number as a sysfs attribute; read that. */
static void serial_read(void)
{
	struct device_attribute *attr = attribute_find("serial");
	char *page = (char *)get_zeroed_page(GFP_KERNEL);
	ssize_t bytes = 0;

	if (attr && page)
		bytes = attr->show(disk_to_dev(block.disk), attr, page);
	if (bytes > 0)
		strscpy(block.serial, strim(page), sizeof(block.serial));
	free_page((unsigned long)page);
}

/* Runs in the init fiber after probe: asking for the serial number sleeps. */
static int block_start(void)
{
	struct kit_block_info info;
	enum kit_err err;

	if (!block.disk)
		return -ENODEV;
	dde_block_watch(&block.watch, block.disk);
	dde_watch(&block.watch);
	serial_read();
	info_fill(&info);
	err = kit_block_start(&block_ops, NULL, &info, region_changed);
	if (err)
		return -EINVAL;
	block.started = true;
	return 0;
}

/* First what was put aside (it is older), then new requests. */
static void block_poll(unsigned long events)
{
	dde_blk_poll(block.q);
	kit_block_poll(events);
}

const struct dde_class dde_class_block = {
	.name = "block",
	.start = block_start,
	.poll = block_poll,
};

/**
 * dde_block_disk_added - a driver has announced its disk (device_add_disk).
 * @groups: the disk's sysfs attributes; must stay
 *
 * Only remembers it: the service opens when probe has returned.
 *
 * Return: -EBUSY for a second disk, which this process could not name.
 */
int dde_block_disk_added(struct gendisk *disk,
			 const struct attribute_group **groups)
{
	if (block.disk) {
		pr_err("%s: this process serves %s; one disk a process\n",
		       disk->disk_name, block.disk->disk_name);
		return -EBUSY;
	}
	block.disk = disk;
	block.q = disk->queue;
	block.tags = dde_blk_tags_of(block.q);
	block.groups = groups;
	block.piece_sectors = piece_sectors_of(&disk->queue->limits);
	return 0;
}

/* Size or write protection has changed; in-flight requests are not touched. */
void dde_block_disk_changed(struct gendisk *disk)
{
	struct kit_block_info info;

	if (disk != block.disk || !block.started)
		return;
	info_fill(&info);
	kit_block_set_info(&info);
}

/*
 * A driver removes its disk only if the device has gone for good. Without a
 * disk there is nothing to serve, so the process ends and the broker decides.
 */
void dde_block_disk_removed(struct gendisk *disk)
{
	if (disk == block.disk)
		dde_fatal("disk %s was removed by its driver", disk->disk_name);
}
