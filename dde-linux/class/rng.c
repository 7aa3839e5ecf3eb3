// SPDX-License-Identifier: GPL-2.0-only
/*
 * rng.c - Linux's random number source behind the rng class protocol.
 *
 * Linux offers the best of its sources as /dev/hwrng, so that is what is read:
 * by a fiber, as by a program on Linux, one request after the other (ask.c).
 * Bytes come into a buffer of our own first and are wiped there once they have
 * been given to a client; a request that was cancelled meanwhile gives them to
 * nobody.
 * Read next: drivers/char/hw_random/core.c (Linux's), emul/drivers/char/misc.c
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/string.h>
#include <glue/rng.h>
#include <kit_request.h>
#include <dde.h>
#include <dde_misc.h>

#include "ask.h"

#define DEVICE_NAME "hw_random" /* as hw_random/core.c registers it */

static struct miscdevice *device;
static u8 buffer[GLUE_RNG_BYTES_MAX];

/* @flags: as a program would give them to open() */
static ssize_t device_read(unsigned int bytes, unsigned int flags)
{
	struct file file = { .f_mode = FMODE_READ, .f_flags = flags };
	loff_t offset = 0;

	return device->fops->read(&file, (char __user __force *)buffer, bytes,
				  &offset);
}

/*
 * GLUE_RNG_READ, the only operation there is; dddk has checked the size. All
 * bytes or an error: a client must not take old bytes for random ones.
 */
static enum kit_err rng_read(const struct dde_ask *ask, unsigned long *value)
{
	ssize_t got = device_read(ask->bytes, 0);
	enum kit_err err = KIT_OK;

	if (got < 0)
		err = dde_err_from_errno(got);
	else if (got != ask->bytes)
		err = KIT_ERR_IO;
	else if (dde_ask_wanted())
		memcpy(ask->data, buffer, ask->bytes);
	memzero_explicit(buffer, ask->bytes);
	*value = ask->bytes;
	return err;
}

static const struct kit_req_ops rng_ops = {
	.submit = dde_ask_submit,
	.cancel = dde_ask_cancel,
};

/* Linux tells its sources' names and quality in sysfs only. */
static void info_fill(struct glue_rng_info *info)
{
	dde_driver_text(info->driver, sizeof(info->driver));
	strscpy(info->name, kit_device()->node, sizeof(info->name));
}

/* /dev/hwrng is always there; reading says whether a source stands behind. */
static int rng_start(void)
{
	struct glue_rng_info info = { 0 };
	int err;

	device = dde_misc_find(DEVICE_NAME);
	if (!device || device_read(1, O_NONBLOCK) == -ENODEV)
		return -ENODEV;
	err = dde_ask_start(rng_read, "rng");
	if (err)
		return err;
	info_fill(&info);
	kit_req_start(KIT_CLASS_RNG, &rng_ops, NULL, &info);
	return 0;
}

const struct dde_class dde_class_rng = {
	.name = "rng",
	.start = rng_start,
	.poll = kit_req_poll,
};
