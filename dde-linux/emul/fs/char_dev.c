// SPDX-License-Identifier: GPL-2.0-only
/*
 * char_dev.c - device files: drivers make them, nobody opens them.
 *
 * Stands for fs/char_dev.c. Numbers are handed out and the objects live and die
 * as drivers expect. What a driver would offer through read() and ioctl() on a
 * file, a class glue offers to clients, if there is one for it.
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/slab.h>
#include <dde.h>

/* Linux's own choice too: 234 and below are free for drivers that ask. */
#define MAJOR_FIRST 234

static unsigned int next_major = MAJOR_FIRST;

static void cdev_forget(struct kobject *kobj)
{
}

static void cdev_free(struct kobject *kobj)
{
	kfree(container_of(kobj, struct cdev, kobj));
}

static const struct kobj_type embedded_type = {
	.release = cdev_forget,
};
static const struct kobj_type allocated_type = {
	.release = cdev_free,
};

void cdev_init(struct cdev *cdev, const struct file_operations *fops)
{
	memset(cdev, 0, sizeof(*cdev));
	INIT_LIST_HEAD(&cdev->list);
	kobject_init(&cdev->kobj, &embedded_type);
	cdev->ops = fops;
}
DDE_EMULATED(cdev_init);

struct cdev *cdev_alloc(void)
{
	struct cdev *cdev = kzalloc(sizeof(*cdev), GFP_KERNEL);

	if (!cdev)
		return NULL;
	INIT_LIST_HEAD(&cdev->list);
	kobject_init(&cdev->kobj, &allocated_type);
	return cdev;
}
DDE_EMULATED(cdev_alloc);

int cdev_add(struct cdev *cdev, dev_t dev, unsigned int count)
{
	cdev->dev = dev;
	cdev->count = count;
	return 0;
}
DDE_EMULATED(cdev_add);

void cdev_del(struct cdev *cdev)
{
	kobject_put(&cdev->kobj);
}
DDE_EMULATED(cdev_del);

void cdev_set_parent(struct cdev *cdev, struct kobject *kobj)
{
	cdev->kobj.parent = kobj;
}
DDE_EMULATED(cdev_set_parent);

/* A device without a number has no file. */
int cdev_device_add(struct cdev *cdev, struct device *dev)
{
	int err;

	if (dev->devt) {
		cdev_set_parent(cdev, &dev->kobj);
		cdev_add(cdev, dev->devt, 1);
	}
	err = device_add(dev);
	if (err && dev->devt)
		cdev_del(cdev);
	return err;
}
DDE_EMULATED(cdev_device_add);

void cdev_device_del(struct cdev *cdev, struct device *dev)
{
	device_del(dev);
	if (dev->devt)
		cdev_del(cdev);
}
DDE_EMULATED(cdev_device_del);

/* A process has few drivers: a number is never given back. */
static int major_take(void)
{
	return next_major ? next_major-- : -EBUSY;
}

int alloc_chrdev_region(dev_t *dev, unsigned int minor, unsigned int count,
			const char *name)
{
	int major = major_take();

	if (major < 0)
		return major;
	*dev = MKDEV(major, minor);
	return 0;
}
DDE_EMULATED(alloc_chrdev_region);

int register_chrdev_region(dev_t from, unsigned int count, const char *name)
{
	return 0;
}
DDE_NOOP(register_chrdev_region, "no other driver could want the number");

void unregister_chrdev_region(dev_t from, unsigned int count)
{
}
DDE_NOOP(unregister_chrdev_region, "a number is never given back");

/* Return: the major number if @major is 0, else 0. */
int __register_chrdev(unsigned int major, unsigned int minor,
		      unsigned int count, const char *name,
		      const struct file_operations *fops)
{
	return major ? 0 : major_take();
}
DDE_EMULATED(__register_chrdev);

void __unregister_chrdev(unsigned int major, unsigned int minor,
			 unsigned int count, const char *name)
{
}
DDE_NOOP(__unregister_chrdev, "a number is never given back");
