// SPDX-License-Identifier: GPL-2.0-only
/*
 * misc.c - character devices of their own minor: /dev/hwrng, /dev/watchdog.
 *
 * Stands for drivers/char/misc.c. There is no user space to open them, but
 * class glue may, by name: it then reads as a program on Linux would. Only the
 * list of devices is kept, no numbers and no nodes.
 */
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <dde.h>
#include <dde_misc.h>

static LIST_HEAD(devices);
static DEFINE_MUTEX(devices_lock);

/* Caller holds devices_lock. */
static struct miscdevice *device_find(const char *name)
{
	struct miscdevice *misc;

	list_for_each_entry (misc, &devices, list) {
		if (!strcmp(misc->name, name))
			return misc;
	}
	return NULL;
}

struct miscdevice *dde_misc_find(const char *name)
{
	struct miscdevice *misc;

	mutex_lock(&devices_lock);
	misc = device_find(name);
	mutex_unlock(&devices_lock);
	return misc;
}

/* Linux refuses a second device of one minor, and sysfs one of the same name. */
int misc_register(struct miscdevice *misc)
{
	int err = 0;

	mutex_lock(&devices_lock);
	if (device_find(misc->name))
		err = -EEXIST;
	else
		list_add_tail(&misc->list, &devices);
	mutex_unlock(&devices_lock);
	return err;
}
DDE_EMULATED(misc_register);

void misc_deregister(struct miscdevice *misc)
{
	mutex_lock(&devices_lock);
	list_del_init(&misc->list);
	mutex_unlock(&devices_lock);
}
DDE_EMULATED(misc_deregister);
