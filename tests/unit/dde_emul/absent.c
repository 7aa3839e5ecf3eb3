// SPDX-License-Identifier: BSD-2-Clause
/*
 * absent.c - what a driver process does not have, and how drivers learn it:
 * firmware files, loadable modules, user space, devices nobody opens.
 */
#include <linux/cdev.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/firmware.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/reboot.h>
#include <linux/umh.h>
#include "check.h"

static struct device *device;
static const struct firmware *given;

/* Lines that the last steps have logged about this file. */
static bool said(const char *name)
{
	return strstr(fake_log, name) != NULL;
}

static void no_firmware(void)
{
	const struct firmware *fw = (void *)1;

	fake_log_clear();
	CHECK(request_firmware(&fw, "a.bin", device) == -ENOENT && !fw);
	CHECK(said("a.bin"));
	fake_log_clear();
	fw = (void *)1;
	CHECK(firmware_request_nowarn(&fw, "b.bin", device) == -ENOENT && !fw);
	CHECK(request_firmware_direct(&fw, "b.bin", device) == -ENOENT);
	CHECK(!said("b.bin"));
	CHECK(firmware_request_platform(&fw, "c.bin", device) == -ENOENT);
	CHECK(request_firmware_into_buf(&fw, "d.bin", device, &fw, 8) ==
	      -ENOENT);
	CHECK(said("c.bin") && said("d.bin"));
	release_firmware(NULL);
}

static void firmware_called(const struct firmware *fw, void *context)
{
	given = fw;
	complete(context);
}

/* The call back comes from another task, and without a firmware. */
static void no_firmware_later(void)
{
	DECLARE_COMPLETION_ONSTACK(called);

	given = (void *)1;
	CHECK(!request_firmware_nowait(THIS_MODULE, true, "e.bin", device,
				       GFP_KERNEL, &called, firmware_called));
	CHECK(given);
	CHECK(wait_for_completion_timeout(&called, HZ) && !given);
}

static void no_modules(void)
{
	char *argv[] = { "/sbin/x", NULL };

	CHECK(request_module("net-pf-%d", 3) == -ENOENT);
	CHECK(call_usermodehelper(argv[0], argv, NULL, UMH_NO_WAIT) == -ENOENT);
}

static int reboot_called(struct notifier_block *nb, unsigned long what,
			 void *data)
{
	return NOTIFY_DONE;
}

static void reboot_notifiers(void)
{
	struct notifier_block nb = { .notifier_call = reboot_called };

	CHECK(!register_reboot_notifier(&nb));
	CHECK(!unregister_reboot_notifier(&nb));
	CHECK(unregister_reboot_notifier(&nb) == -ENOENT);
	CHECK(!register_restart_handler(&nb));
	CHECK(!unregister_restart_handler(&nb));
}

/* Ten messages go through in five seconds. */
static void messages_are_limited(void)
{
	int good = 0;

	for (int i = 0; i < 20; i++)
		good += printk_ratelimit();
	CHECK(good == 10);
}

static const struct file_operations no_operations;

static void character_devices(void)
{
	struct cdev cdev;
	dev_t dev = 0, other = 0;

	CHECK(!alloc_chrdev_region(&dev, 0, 2, "a") && MAJOR(dev));
	CHECK(!alloc_chrdev_region(&other, 0, 1, "b") && dev != other);
	cdev_init(&cdev, &no_operations);
	CHECK(cdev.ops == &no_operations);
	cdev_set_parent(&cdev, &device->kobj);
	CHECK(!cdev_add(&cdev, dev, 1));
	cdev_del(&cdev);
	unregister_chrdev_region(dev, 2);
	cdev_init(&cdev, &no_operations);
	CHECK(!cdev_device_add(&cdev, device) && device_is_registered(device));
	cdev_device_del(&cdev, device);
	unregister_chrdev_region(other, 1);
}

static void says(const char *text, ...)
{
	va_list args;

	va_start(args, text);
	CHECK(vprintk(text, args) == strlen("a 1\n"));
	va_end(args);
}

/* Messages by other ways, and ends of the process that name their reason. */
static void last_words(void)
{
	fake_log_clear();
	says("a %d\n", 1);
	CHECK(printk_deferred("b %d\n", 2) == strlen("b 2\n"));
	CHECK(strstr(fake_log, "a 1") && strstr(fake_log, "b 2"));
	fake_log_clear();
	dump_stack();
	CHECK(strstr(fake_log, "called from"));
	CHECK_ENDS(machine_restart(NULL));
	CHECK(strstr(fake_log, "restart the machine"));
	CHECK_ENDS(machine_halt());
	CHECK(strstr(fake_log, "halt the machine"));
	CHECK_ENDS(machine_power_off());
	CHECK(strstr(fake_log, "switch the machine off"));
	CHECK_ENDS(panic("at %d", 9));
	CHECK(strstr(fake_log, "panic: at 9"));
}

static void check_absent(void)
{
	device = root_device_register("absent");
	if (IS_ERR(device)) {
		CHECK(!"a device");
		return;
	}
	no_firmware();
	no_firmware_later();
	no_modules();
	reboot_notifiers();
	messages_are_limited();
	character_devices();
	last_words();
	root_device_unregister(device);
}
CHECK_GROUP(absent);
