// SPDX-License-Identifier: BSD-2-Clause
/*
 * block.c - the block layer and the class glue over a driver made for the test.
 *
 * The driver keeps requests until it is told to finish them; it can refuse them
 * for lack of resources, stop its queue, or fail them.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/delay.h>
#include <linux/scatterlist.h>
#include <dde.h>
#include "check.h"

#define DATA ((void *)(KIT_DMA_BASE + LENT_BUS))

static struct request *taken[64];
static unsigned int n_taken, room, asked;
static blk_status_t refusal;
static bool finish_at_once, sleepy;
static unsigned int timeouts;
static enum blk_eh_timer_return verdict = BLK_EH_RESET_TIMER;

static blk_status_t queue_rq(struct blk_mq_hw_ctx *hctx,
			     const struct blk_mq_queue_data *bd)
{
	asked++;
	if (sleepy)
		msleep(5);
	if (n_taken == room) {
		if (refusal == BLK_STS_DEV_RESOURCE)
			blk_mq_stop_hw_queue(hctx);
		return refusal;
	}
	blk_mq_start_request(bd->rq);
	if (finish_at_once)
		blk_mq_end_request(bd->rq, BLK_STS_OK);
	else
		taken[n_taken++] = bd->rq;
	return BLK_STS_OK;
}

static void commit_rqs(struct blk_mq_hw_ctx *hctx)
{
	fake_commits++;
}

static void complete_rq(struct request *rq)
{
	blk_mq_end_request(rq, *(blk_status_t *)blk_mq_rq_to_pdu(rq));
}

/* What a driver does about a silent device: wait on, or give up. */
static enum blk_eh_timer_return timeout_rq(struct request *rq)
{
	timeouts++;
	if (verdict == BLK_EH_DONE) {
		n_taken = 0;
		blk_mq_end_request(rq, BLK_STS_TIMEOUT);
	}
	return verdict;
}

static const struct blk_mq_ops ops = {
	.timeout = timeout_rq,
	.queue_rq = queue_rq,
	.commit_rqs = commit_rqs,
	.complete = complete_rq,
};
static struct blk_mq_tag_set set = {
	.ops = &ops,
	.nr_hw_queues = 1,
	.nr_maps = 1,
	.queue_depth = 8,
	.timeout = HZ / 5,
	.cmd_size = sizeof(blk_status_t),
};
static const struct block_device_operations fops;
static struct gendisk *disk;

static void finish_all(blk_status_t status)
{
	unsigned int i;

	for (i = 0; i < n_taken; i++) {
		*(blk_status_t *)blk_mq_rq_to_pdu(taken[i]) = status;
		blk_mq_complete_request(taken[i]);
	}
	n_taken = 0;
	blk_mq_start_stopped_hw_queues(disk->queue, true);
}

static void disk_make(void)
{
	struct queue_limits lim = {
		.features = BLK_FEAT_WRITE_CACHE,
		.logical_block_size = 512,
		.max_segments = 4,
		.max_segment_size = 8192,
		.max_hw_sectors = 64,
		.max_hw_discard_sectors = 1024,
	};

	CHECK(dde_class_start() == -ENODEV);
	CHECK(!blk_mq_alloc_tag_set(&set));
	disk = blk_mq_alloc_disk(&set, &lim, NULL);
	CHECK(!IS_ERR(disk));
	disk->fops = &fops;
	strscpy(disk->disk_name, "check");
	set_capacity(disk, 10000);
	CHECK(!device_add_disk(NULL, disk, NULL));
	CHECK(!dde_class_start());
	CHECK(fake_info.sectors == 10000 && fake_info.logical_bytes == 512);
	CHECK(fake_info.features == (KIT_BLOCK_F_FLUSH | KIT_BLOCK_F_DISCARD));
	CHECK(fake_info.max_discard_sectors == 1024);
	CHECK(!strcmp(fake_info.driver, "linux check"));
	room = 64;
}

static struct kit_block_req request(unsigned int token, unsigned int op,
				    unsigned int count)
{
	return (struct kit_block_req){
		.op = op,
		.token = token,
		.sector = 100,
		.count = count,
		.bytes = op <= KIT_BLOCK_WRITE ? count * 512 : 0,
		.data = op <= KIT_BLOCK_WRITE ? DATA : NULL,
	};
}

static enum kit_err submit(unsigned int token, unsigned int op,
			   unsigned int count)
{
	struct kit_block_req req = request(token, op, count);

	return fake_submit(&req);
}

/* The data is the client's own page, and arrives as one piece. */
static void one_read(void)
{
	struct scatterlist sg[4];

	CHECK(submit(1, KIT_BLOCK_READ, 8) == KIT_OK);
	fake_commit();
	CHECK(n_taken == 1 && fake_commits == 1 && fake_status[1] == -1);
	CHECK(req_op(taken[0]) == REQ_OP_READ && blk_rq_pos(taken[0]) == 100);
	CHECK(blk_rq_bytes(taken[0]) == 4096);
	CHECK(blk_rq_nr_phys_segments(taken[0]) == 1);
	sg_init_table(sg, 4);
	CHECK(blk_rq_map_sg(disk->queue, taken[0], sg) == 1);
	CHECK(sg_phys(sg) == LENT_BUS && sg->length == 4096);
	finish_all(BLK_STS_OK);
	CHECK(fake_status[1] == KIT_OK);
}

static void segments(void)
{
	struct scatterlist sg[4];

	CHECK(submit(1, KIT_BLOCK_WRITE, 40) == KIT_OK);
	CHECK(n_taken == 1 && blk_rq_nr_phys_segments(taken[0]) == 3);
	sg_init_table(sg, 3);
	CHECK(blk_rq_map_sg(disk->queue, taken[0], sg) == 3);
	CHECK(sg_phys(&sg[2]) == LENT_BUS + 16384 && sg[2].length == 4096);
	CHECK(sg_is_last(&sg[2]));
	finish_all(BLK_STS_OK);
}

/* 200 sectors do not fit 64: four requests, one answer, the first error. */
static void splitting(void)
{
	CHECK(submit(2, KIT_BLOCK_WRITE, 200) == KIT_OK);
	CHECK(n_taken == 4 && blk_rq_pos(taken[3]) == 100 + 192);
	CHECK(blk_rq_sectors(taken[3]) == 8);
	*(blk_status_t *)blk_mq_rq_to_pdu(taken[0]) = BLK_STS_NOSPC;
	blk_mq_complete_request(taken[0]);
	CHECK(fake_status[2] == -1);
	memmove(taken, taken + 1, 3 * sizeof(taken[0]));
	n_taken = 3;
	finish_all(BLK_STS_OK);
	CHECK(fake_status[2] == KIT_ERR_NOSPACE);
}

/* Tables that do not fit the driver's own two entries are chained. */
static void chained_tables(void)
{
	struct scatterlist first[2], *sg;
	struct sg_table table = { .sgl = first };
	unsigned int length, i;

	for (length = 1; length < 300; length += 37) {
		table.sgl = first;
		CHECK(!sg_alloc_table_chained(&table, length, first, 2));
		for_each_sg(table.sgl, sg, length, i)
			sg_set_page(sg, virt_to_page(DATA), i + 1, 0);
		CHECK(sg_nents(table.sgl) == length);
		sg_free_table_chained(&table, 2);
	}
}

static void out_of_tags(void)
{
	unsigned int i;

	for (i = 0; i < 8; i++)
		CHECK(submit(i, KIT_BLOCK_READ, 1) == KIT_OK);
	CHECK(submit(8, KIT_BLOCK_READ, 1) == KIT_ERR_BUSY);
	finish_all(BLK_STS_OK);
	CHECK(submit(9, KIT_BLOCK_READ, 64 * 9) == KIT_ERR_BUSY);
	CHECK(n_taken == 0);
}

static void commands_without_data(void)
{
	CHECK(submit(1, KIT_BLOCK_FLUSH, 0) == KIT_OK);
	CHECK(req_op(taken[0]) == REQ_OP_FLUSH);
	CHECK(blk_rq_nr_phys_segments(taken[0]) == 0);
	CHECK(submit(2, KIT_BLOCK_DISCARD, 1024) == KIT_OK);
	CHECK(n_taken == 2 && blk_rq_sectors(taken[1]) == 1024);
	CHECK(blk_rq_nr_discard_segments(taken[1]) == 1);
	finish_all(BLK_STS_IOERR);
	CHECK(fake_status[1] == KIT_ERR_IO && fake_status[2] == KIT_ERR_IO);
}

/* Refused with "no resources": offered again after a while, in order. */
static void no_resources(void)
{
	refusal = BLK_STS_RESOURCE;
	room = 1;
	asked = 0;
	CHECK(submit(1, KIT_BLOCK_READ, 1) == KIT_OK);
	CHECK(submit(2, KIT_BLOCK_READ, 2) == KIT_OK);
	CHECK(submit(3, KIT_BLOCK_READ, 3) == KIT_OK);
	CHECK(n_taken == 1 && asked == 2);
	finish_all(BLK_STS_OK);
	room = 64;
	msleep(20);
	CHECK(n_taken == 2 && blk_rq_sectors(taken[0]) == 2);
	finish_all(BLK_STS_OK);
	CHECK(fake_status[2] == KIT_OK && fake_status[3] == KIT_OK);
}

static void stopped_queue(void)
{
	refusal = BLK_STS_DEV_RESOURCE;
	room = 1;
	submit(1, KIT_BLOCK_READ, 1);
	submit(2, KIT_BLOCK_READ, 1);
	room = 64;
	msleep(20);
	CHECK(n_taken == 1);
	finish_all(BLK_STS_OK);
	msleep(20);
	CHECK(n_taken == 1 && fake_status[1] == KIT_OK);
	finish_all(BLK_STS_OK);
	CHECK(fake_status[2] == KIT_OK);
}

static void ends_inside_submit(void)
{
	finish_at_once = true;
	CHECK(submit(1, KIT_BLOCK_READ, 200) == KIT_OK);
	CHECK(fake_status[1] == KIT_OK);
	finish_at_once = false;
	room = 0;
	refusal = BLK_STS_NOTSUPP;
	CHECK(submit(2, KIT_BLOCK_READ, 1) == KIT_OK);
	CHECK(fake_status[2] == KIT_ERR_UNSUPPORTED);
	room = 64;
}

static void freezing(void)
{
	blk_mq_freeze_queue(disk->queue);
	CHECK(submit(1, KIT_BLOCK_READ, 1) == KIT_ERR_BUSY);
	CHECK(blk_mq_alloc_request(disk->queue, REQ_OP_DRV_IN,
				   BLK_MQ_REQ_NOWAIT) == ERR_PTR(-EWOULDBLOCK));
	blk_mq_unfreeze_queue(disk->queue);
	set_capacity_and_notify(disk, 20000);
	set_disk_ro(disk, true);
	CHECK(fake_info.sectors == 20000);
	CHECK(fake_info.features & KIT_BLOCK_F_READONLY);
}

static void own_request(void)
{
	char *buffer = kmalloc(20, GFP_KERNEL);
	struct request *rq;

	rq = blk_mq_alloc_request(disk->queue, REQ_OP_DRV_IN, 0);
	CHECK(blk_rq_map_kern(disk->queue, rq, &refusal, 20, GFP_KERNEL) < 0);
	CHECK(!blk_rq_map_kern(disk->queue, rq, buffer, 20, GFP_KERNEL));
	finish_at_once = true;
	CHECK(blk_execute_rq(rq, false) == BLK_STS_OK);
	finish_at_once = false;
	blk_mq_free_request(rq);
	kfree(buffer);
}

/* Asked once a time-out; "reset" gives the same time again. */
static void silent_device(void)
{
	CHECK(submit(1, KIT_BLOCK_READ, 1) == KIT_OK);
	msleep(150);
	CHECK(!timeouts);
	msleep(100);
	CHECK(timeouts == 1 && fake_status[1] == -1);
	verdict = BLK_EH_DONE;
	msleep(300);
	CHECK(timeouts == 2 && fake_status[1] == KIT_ERR_TIMEOUT);
	CHECK(submit(2, KIT_BLOCK_READ, 1) == KIT_OK);
	blk_abort_request(taken[0]);
	msleep(10);
	CHECK(timeouts == 3 && fake_status[2] == KIT_ERR_TIMEOUT);
	CHECK(submit(3, KIT_BLOCK_READ, 1) == KIT_OK);
	finish_all(BLK_STS_OK);
	msleep(300);
	CHECK(timeouts == 3 && fake_status[3] == KIT_OK);
}

static bool count_busy(struct request *rq, void *count)
{
	return ++*(unsigned int *)count < 2;
}

/* Only started requests are shown, and no more than the caller wants. */
static void busy_requests(void)
{
	unsigned int count = 0;

	blk_mq_tagset_busy_iter(&set, count_busy, &count);
	CHECK(count == 0);
	submit(1, KIT_BLOCK_READ, 1);
	blk_mq_tagset_busy_iter(&set, count_busy, &count);
	CHECK(count == 1);
	submit(2, KIT_BLOCK_READ, 1);
	submit(3, KIT_BLOCK_READ, 1);
	count = 0;
	blk_mq_tagset_busy_iter(&set, count_busy, &count);
	CHECK(count == 2);
	finish_all(BLK_STS_OK);
}

/* queue_rq may sleep: it is called in a fiber, in order, also after BUSY. */
static void sleeping_driver(void)
{
	struct blk_mq_hw_ctx *hctx = xa_load(&disk->queue->hctx_table, 0);

	hctx->flags |= BLK_MQ_F_BLOCKING;
	sleepy = true;
	CHECK(submit(1, KIT_BLOCK_READ, 1) == KIT_OK);
	CHECK(submit(2, KIT_BLOCK_READ, 2) == KIT_OK);
	CHECK(n_taken == 0);
	msleep(50);
	CHECK(n_taken == 2 && blk_rq_sectors(taken[0]) == 1);
	finish_all(BLK_STS_OK);
	room = 0;
	refusal = BLK_STS_RESOURCE;
	CHECK(submit(3, KIT_BLOCK_READ, 3) == KIT_OK);
	msleep(50);
	asked = 0;
	msleep(50);
	CHECK(n_taken == 0 && asked > 0);
	room = 64;
	msleep(50);
	CHECK(n_taken == 1);
	finish_all(BLK_STS_OK);
	CHECK(fake_status[3] == KIT_OK);
	sleepy = false;
	hctx->flags &= ~BLK_MQ_F_BLOCKING;
}

/* A second disk comes and goes; the one that clients have ends the process. */
static void disks_that_go(void)
{
	struct blk_mq_tag_set other = set;
	struct gendisk *second;
	unsigned int pages;

	CHECK(!blk_mq_alloc_tag_set(&other));
	pages = check_pages_left();
	second = blk_mq_alloc_disk(&other, NULL, NULL);
	CHECK(!IS_ERR(second));
	put_disk(second);
	put_disk(NULL);
	CHECK(check_pages_left() == pages);
	blk_mq_free_tag_set(&other);
	fake_log_clear();
	CHECK_ENDS(del_gendisk(disk));
	CHECK(strstr(fake_log, "was removed by its driver"));
}

static void check_block(void)
{
	disk_make();
	one_read();
	segments();
	splitting();
	chained_tables();
	out_of_tags();
	commands_without_data();
	no_resources();
	stopped_queue();
	ends_inside_submit();
	silent_device();
	busy_requests();
	sleeping_driver();
	own_request();
	freezing();
	dde_pages_lend(LENT_BUS, LENT_BYTES, false);
	CHECK(disk_live(disk));
	blk_mark_disk_dead(disk);
	CHECK(!disk_live(disk) && !get_capacity(disk));
	disks_that_go();
}
CHECK_GROUP(block);
