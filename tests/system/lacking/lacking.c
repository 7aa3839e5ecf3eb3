// SPDX-License-Identifier: BSD-2-Clause
/*
 * lacking.c - a driver that needs what a driver process will never have: files.
 *
 * Its probe calls one function of each kind of result and says what came back;
 * then it is a good driver, a source of random numbers. It looks like any
 * module of Linux, so the link step has to make the functions up from what the
 * compiler knew. Used by test_config.py.
 */
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/hw_random.h>
#include <linux/module.h>
#include <linux/namei.h>
#include <linux/virtio.h>
#include <linux/virtio_ids.h>

static bool quiet;
module_param(quiet, bool, 0444);
MODULE_PARM_DESC(quiet, "call nothing that is missing");

static int lacking_read(struct hwrng *rng, void *data, size_t bytes, bool wait)
{
	memset(data, 0x4c, bytes);
	return bytes;
}

static struct hwrng lacking_rng = {
	.name = "lacking",
	.read = lacking_read,
	.quality = 1,
};

/* The callers' own checks decide which pointer means failure. */
static void pointers_try(void)
{
	struct file *file = filp_open("/", O_RDONLY, 0);
	struct dentry *dentry = d_alloc_name(NULL, "x");

	if (IS_ERR(file))
		pr_info("lacking: error pointer %ld\n", PTR_ERR(file));
	if (!dentry)
		pr_info("lacking: null pointer\n");
}

static void numbers_try(void)
{
	struct path path;
	struct timespec64 time;

	pr_info("lacking: int %d\n", kern_path("/", 0, &path));
	pr_info("lacking: int %d\n", kern_path("/", 0, &path));
	pr_info("lacking: unsigned %u\n", get_next_ino());
	pr_info("lacking: bool %d\n", inode_owner_or_capable(NULL, NULL));
	time = current_time(NULL);
	pr_info("lacking: struct %lld\n", time.tv_sec);
	iput(NULL);
}

static int lacking_probe(struct virtio_device *vdev)
{
	if (!quiet) {
		numbers_try();
		pointers_try();
	}
	return devm_hwrng_register(&vdev->dev, &lacking_rng);
}

static void lacking_remove(struct virtio_device *vdev)
{
}

static const struct virtio_device_id lacking_ids[] = {
	{ VIRTIO_ID_RNG, VIRTIO_DEV_ANY_ID },
	{ 0 },
};
MODULE_DEVICE_TABLE(virtio, lacking_ids);

static struct virtio_driver lacking_driver = {
	.driver.name = "lacking",
	.id_table = lacking_ids,
	.probe = lacking_probe,
	.remove = lacking_remove,
};
module_virtio_driver(lacking_driver);

MODULE_DESCRIPTION("A driver for KaaL's tests that lacks functions");
MODULE_LICENSE("Dual BSD/GPL");
