// SPDX-License-Identifier: GPL-2.0-only
/*
 * genhd.c - disks: made by a driver, announced to the class glue.
 *
 * Stands for block/genhd.c and block/bdev.c. A disk has no partitions, no page cache and no open files
 * here; clients see the whole disk. Its limits are checked and completed by
 * Linux's own block/blk-settings.c. Owner of queue, hctx, part0 and bdi: the
 * gendisk, freed with the last reference of its device.
 */
#include <linux/backing-dev.h>
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <dde.h>
#include "dde_block.h"

#define MAJOR_DYNAMIC 240 /* first of the numbers Linux hands out */

const struct class block_class = {
	.name = "block",
};
DDE_EMULATED(block_class);

/* Also frees a disk that was only half made: what is missing is NULL. */
static void disk_free(struct gendisk *disk)
{
	dde_blk_queue_free(disk->queue);
	kfree(disk->bdi);
	kfree(disk->part0);
	kfree(disk);
}

/* The last reference has gone. The driver frees its part first (free_disk). */
static void disk_release(struct device *dev)
{
	struct gendisk *disk = dev_to_disk(dev);

	if (test_bit(GD_ADDED, &disk->state) && disk->fops->free_disk)
		disk->fops->free_disk(disk);
	disk_free(disk);
}

static const struct device_type disk_device_type = {
	.name = "disk",
	.release = disk_release,
};

/* From here on the disk is reference-counted through its device. */
static void disk_setup(struct gendisk *disk)
{
	struct block_device *part0 = disk->part0;

	disk->queue->disk = disk;
	part0->bd_disk = disk;
	part0->bd_queue = disk->queue;
	spin_lock_init(&part0->bd_size_lock);
	device_initialize(disk_to_dev(disk));
	disk_to_dev(disk)->type = &disk_device_type;
	xa_init(&disk->part_tbl);
	mutex_init(&disk->open_mutex);
}

/**
 * __blk_mq_alloc_disk - a disk with its queue, not yet announced.
 * @lim: the driver's limits, or NULL for defaults
 * @key: for Linux's lock checker; unused
 *
 * Return: the disk, or ERR_PTR: -ENOMEM, or what the limits' check says.
 */
struct gendisk *__blk_mq_alloc_disk(struct blk_mq_tag_set *set,
				    struct queue_limits *lim, void *queuedata,
				    struct lock_class_key *key)
{
	struct gendisk *disk = kzalloc(sizeof(*disk), GFP_KERNEL);
	int err = -ENOMEM;

	if (!disk)
		return ERR_PTR(err);
	disk->part0 = kzalloc(sizeof(*disk->part0), GFP_KERNEL);
	disk->bdi = kzalloc(sizeof(*disk->bdi), GFP_KERNEL);
	disk->queue = kzalloc(sizeof(*disk->queue), GFP_KERNEL);
	if (!disk->part0 || !disk->bdi || !disk->queue)
		goto free_disk;
	err = dde_blk_queue_setup(disk->queue, set, lim, queuedata);
	if (err)
		goto free_disk;
	disk_setup(disk);
	return disk;

free_disk:
	disk_free(disk);
	return ERR_PTR(err);
}
DDE_EMULATED(__blk_mq_alloc_disk);

void put_disk(struct gendisk *disk)
{
	if (disk)
		put_device(disk_to_dev(disk));
}
DDE_EMULATED(put_disk);

/**
 * device_add_disk - the disk works: announce it.
 *
 * Linux would scan for partitions and tell user space; here the class glue is
 * told, and opens the service when probe has returned.
 */
int device_add_disk(struct device *parent, struct gendisk *disk,
		    const struct attribute_group **groups)
{
	struct device *dev = disk_to_dev(disk);
	int err;

	dev->parent = parent;
	dev->groups = groups;
	err = dev_set_name(dev, "%s", disk->disk_name);
	if (!err)
		err = device_add(dev);
	if (err)
		return err;
	set_bit(GD_ADDED, &disk->state);
	err = dde_block_disk_added(disk, groups);
	if (err)
		device_del(dev);
	return err;
}
DDE_EMULATED(device_add_disk);

/* No new request can come after this. */
void del_gendisk(struct gendisk *disk)
{
	dde_block_disk_removed(disk);
	set_bit(GD_DEAD, &disk->state);
	device_del(disk_to_dev(disk));
}
DDE_EMULATED(del_gendisk);

void set_capacity(struct gendisk *disk, sector_t sectors)
{
	disk->part0->bd_nr_sectors = sectors;
}
DDE_EMULATED(set_capacity);

/* Return: true if Linux would have told user space about the new size. */
bool set_capacity_and_notify(struct gendisk *disk, sector_t sectors)
{
	sector_t before = get_capacity(disk);

	set_capacity(disk, sectors);
	if (before == sectors || !test_bit(GD_ADDED, &disk->state))
		return false;
	dde_block_disk_changed(disk);
	return before && sectors;
}
DDE_EMULATED(set_capacity_and_notify);

void set_disk_ro(struct gendisk *disk, bool read_only)
{
	if (read_only)
		set_bit(GD_READ_ONLY, &disk->state);
	else
		clear_bit(GD_READ_ONLY, &disk->state);
	if (test_bit(GD_ADDED, &disk->state))
		dde_block_disk_changed(disk);
}
DDE_EMULATED(set_disk_ro);

/* Numbers only have to be valid: no device files exist. */
int __register_blkdev(unsigned int major, const char *name,
		      void (*probe)(dev_t devt))
{
	return major ? 0 : MAJOR_DYNAMIC;
}
DDE_EMULATED(__register_blkdev);

void unregister_blkdev(unsigned int major, const char *name)
{
}
DDE_NOOP(unregister_blkdev, "major numbers are not handed out twice");

/* Known to clients, and its driver has not given it up. */
bool disk_live(struct gendisk *disk)
{
	return test_bit(GD_ADDED, &disk->state) &&
	       !test_bit(GD_DEAD, &disk->state);
}
DDE_EMULATED(disk_live);

/* The device has gone: what clients still send ends with an error. */
void blk_mark_disk_dead(struct gendisk *disk)
{
	set_bit(GD_DEAD, &disk->state);
	set_capacity_and_notify(disk, 0);
}
DDE_EMULATED(blk_mark_disk_dead);
