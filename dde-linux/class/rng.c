// SPDX-License-Identifier: GPL-2.0-only
/*
 * rng.c - Linux's random number source behind the rng class protocol.
 *
 * Linux offers the best of its sources as /dev/hwrng, so that is what is read:
 * by a fiber, as by a program on Linux, one request after the other. Bytes come
 * into a buffer of our own first and are wiped there once they have been given
 * to a client; a request that was cancelled meanwhile gives them to nobody.
 * Read next: drivers/char/hw_random/core.c (Linux's), emul/drivers/char/misc.c
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <glue/rng.h>
#include <kit_request.h>
#include <dde.h>
#include <dde_misc.h>

#define DEVICE_NAME "hw_random" /* as hw_random/core.c registers it */

struct request {
	struct list_head list; /* of rng.waiting */
	void *data;
	unsigned int bytes;
};

static struct {
	struct miscdevice *device;
	wait_queue_head_t more;
	struct list_head waiting; /* oldest first */
	struct request *reading;  /* the fiber's; NULL if it was cancelled */
	struct request request[KIT_REQ_TOKENS];
	u8 buffer[GLUE_RNG_BYTES_MAX];
} rng;

static unsigned int token_of(const struct request *request)
{
	return request - rng.request;
}

/* Runs in the loop. The only operation there is, checked by dddk. */
static enum kit_err rng_submit(void *drv, const struct kit_req *req)
{
	struct request *request = &rng.request[req->token];

	request->data = req->data;
	request->bytes = req->bytes;
	list_add_tail(&request->list, &rng.waiting);
	wake_up(&rng.more);
	return KIT_OK;
}

/* The fiber may be waiting for the device: it is left to it, without owner. */
static void rng_cancel(void *drv, unsigned int token)
{
	if (rng.reading == &rng.request[token])
		rng.reading = NULL;
	else
		list_del(&rng.request[token].list);
	kit_req_complete(token, KIT_ERR_GONE, 0);
}

/* @flags: as a program would give them to open() */
static ssize_t device_read(unsigned int bytes, unsigned int flags)
{
	struct file file = { .f_mode = FMODE_READ, .f_flags = flags };
	loff_t offset = 0;

	return rng.device->fops->read(&file, (char __user __force *)rng.buffer,
				      bytes, &offset);
}

/* All bytes or an error: a client must not take old bytes for random ones. */
static enum kit_err read_bytes(unsigned int bytes)
{
	ssize_t got = device_read(bytes, 0);

	if (got < 0)
		return dde_err_from_errno(got);
	return got == bytes ? KIT_OK : KIT_ERR_IO;
}

static void serve_one(struct request *request)
{
	unsigned int bytes = request->bytes;
	enum kit_err err;

	list_del(&request->list);
	rng.reading = request;
	err = read_bytes(bytes);
	if (rng.reading) {
		rng.reading = NULL;
		if (!err)
			memcpy(request->data, rng.buffer, bytes);
		kit_req_complete(token_of(request), err, err ? 0 : bytes);
	}
	memzero_explicit(rng.buffer, bytes);
}

static void serve(void *unused)
{
	for (;;) {
		wait_event(rng.more, !list_empty(&rng.waiting));
		serve_one(list_first_entry(&rng.waiting, struct request, list));
	}
}

static const struct kit_req_ops rng_ops = {
	.submit = rng_submit,
	.cancel = rng_cancel,
};

/* Linux tells its sources' names and quality in sysfs only. */
static void info_fill(struct glue_rng_info *info)
{
	scnprintf(info->driver, sizeof(info->driver), "linux %s",
		  dde_driver_name);
	strscpy(info->name, kit_device()->node, sizeof(info->name));
}

/* /dev/hwrng is always there; reading says whether a source stands behind. */
static int rng_start(void)
{
	struct glue_rng_info info = { 0 };

	rng.device = dde_misc_find(DEVICE_NAME);
	if (!rng.device || device_read(1, O_NONBLOCK) == -ENODEV)
		return -ENODEV;
	init_waitqueue_head(&rng.more);
	INIT_LIST_HEAD(&rng.waiting);
	if (!dde_fiber_start(serve, NULL, "rng"))
		return -ENOMEM;
	info_fill(&info);
	kit_req_start(KIT_CLASS_RNG, &rng_ops, NULL, &info);
	return 0;
}

const struct dde_class dde_class_rng = {
	.name = "rng",
	.start = rng_start,
	.poll = kit_req_poll,
};
