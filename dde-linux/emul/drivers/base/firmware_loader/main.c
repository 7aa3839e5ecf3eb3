// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c - firmware files: there are none, and drivers are told so.
 *
 * Stands for drivers/base/firmware_loader/main.c. A driver process has no file
 * system, so a request ends as on a Linux without the file: -ENOENT and one
 * line that names it; an asynchronous one calls back with no firmware.
 */
#include <linux/device.h>
#include <linux/firmware.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <dde.h>

/* A request that has yet to call back. */
struct absent {
	struct work_struct work;
	struct device *dev;
	void *context;
	void (*cont)(const struct firmware *fw, void *context);
};

static int absent_say(const struct firmware **fw, const char *name,
		      struct device *dev)
{
	*fw = NULL;
	dev_warn(dev, "firmware %s: a driver process has no files\n", name);
	return -ENOENT;
}

int request_firmware(const struct firmware **fw, const char *name,
		     struct device *dev)
{
	return absent_say(fw, name, dev);
}
DDE_EMULATED(request_firmware);

int firmware_request_nowarn(const struct firmware **fw, const char *name,
			    struct device *dev)
{
	*fw = NULL;
	return -ENOENT;
}
DDE_EMULATED(firmware_request_nowarn);

int request_firmware_direct(const struct firmware **fw, const char *name,
			    struct device *dev)
{
	return firmware_request_nowarn(fw, name, dev);
}
DDE_EMULATED(request_firmware_direct);

int firmware_request_platform(const struct firmware **fw, const char *name,
			      struct device *dev)
{
	return absent_say(fw, name, dev);
}
DDE_EMULATED(firmware_request_platform);

int request_firmware_into_buf(const struct firmware **fw, const char *name,
			      struct device *dev, void *buf, size_t size)
{
	return absent_say(fw, name, dev);
}
DDE_EMULATED(request_firmware_into_buf);

void release_firmware(const struct firmware *fw)
{
}
DDE_NOOP(release_firmware, "no request ever gives a firmware out");

static void absent_work(struct work_struct *work)
{
	struct absent *absent = container_of(work, struct absent, work);

	absent->cont(NULL, absent->context);
	put_device(absent->dev);
	kfree(absent);
}

/* The name is not kept: what calls back is always the same. */
int request_firmware_nowait(struct module *module, bool uevent,
			    const char *name, struct device *dev, gfp_t gfp,
			    void *context,
			    void (*cont)(const struct firmware *fw,
					 void *context))
{
	struct absent *absent = kzalloc(sizeof(*absent), gfp);

	if (!absent)
		return -ENOMEM;
	dev_warn(dev, "firmware %s: a driver process has no files\n", name);
	absent->dev = get_device(dev);
	absent->context = context;
	absent->cont = cont;
	INIT_WORK(&absent->work, absent_work);
	schedule_work(&absent->work);
	return 0;
}
DDE_EMULATED(request_firmware_nowait);
