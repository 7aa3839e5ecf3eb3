// SPDX-License-Identifier: GPL-2.0-only
/*
 * input.c - a Linux input device behind the input class protocol.
 *
 * To Linux's input core this is a handler, as evdev is one. Events are gathered
 * until their report ends and then go to each client's own queue as a whole, or
 * not at all: a client that does not read loses reports, never halves of them,
 * and hears of it. All functions run in the loop, but connect.
 * Read next: glue/input.h, drivers/input/input.c (Linux's)
 */
#include <linux/bitmap.h>
#include <linux/input.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <glue/input.h>
#include <kit_request.h>
#include <dde.h>

#include "watch.h"

#define REPORT_MAX 128u /* events; Linux's own buffers are shorter */

struct request {
	struct list_head list; /* of its client's reads */
	void *data;
	unsigned int bytes;
};

struct client {
	struct glue_input_event *queue; /* NULL: closed, or no memory */
	unsigned int first;		/* oldest event */
	unsigned int count;
	bool lost; /* reports, since the last one it got */
	u64 dropped;
	struct list_head reads; /* oldest first */
};

static struct {
	struct input_handle handle; /* .dev NULL until there is a device */
	struct glue_input_event report[REPORT_MAX];
	unsigned int report_count;
	unsigned long *drops; /* counter */
	struct dde_watch watch;
	struct virtqueue *status; /* NULL: its driver has none such */
	unsigned int owed;	  /* of it, at the last look */
	struct client client[KIT_REQ_CLIENTS];
	struct request request[KIT_REQ_TOKENS];
} input;

/* --- events to clients ---------------------------------------------------- */

static void queue_push(struct client *client,
		       const struct glue_input_event *event)
{
	unsigned int at = (client->first + client->count) % GLUE_INPUT_QUEUE;

	client->queue[at] = *event;
	client->count++;
}

/* Up to @most events into @data, oldest first. Return: how many. */
static unsigned int queue_pop(struct client *client, void *data,
			      unsigned int most)
{
	unsigned int n = min(most, client->count);
	unsigned int until_end = min(n, GLUE_INPUT_QUEUE - client->first);
	size_t bytes = until_end * sizeof(client->queue[0]);

	memcpy(data, &client->queue[client->first], bytes);
	memcpy(data + bytes, client->queue,
	       (n - until_end) * sizeof(client->queue[0]));
	client->first = (client->first + n) % GLUE_INPUT_QUEUE;
	client->count -= n;
	return n;
}

static void reads_serve(struct client *client)
{
	struct request *request;
	unsigned int n;

	while (client->count && !list_empty(&client->reads)) {
		request = list_first_entry(&client->reads, struct request,
					   list);
		list_del(&request->list);
		n = queue_pop(client, request->data,
			      request->bytes / sizeof(client->queue[0]));
		kit_req_complete(request - input.request, KIT_OK,
				 n * sizeof(client->queue[0]));
	}
}

static void report_drop(struct client *client, unsigned int events)
{
	client->lost = true;
	client->dropped += events;
	*input.drops += events;
}

/* A gap is told in front of the first report behind it, as evdev does. */
static void report_give(struct client *client)
{
	struct glue_input_event gap = { .when_ticks = kit_ticks(),
					.type = EV_SYN,
					.code = SYN_DROPPED };
	unsigned int events = input.report_count;
	unsigned int i;

	if (events + client->lost > GLUE_INPUT_QUEUE - client->count) {
		report_drop(client, events);
		return;
	}
	if (client->lost)
		queue_push(client, &gap);
	client->lost = false;
	for (i = 0; i < events; i++)
		queue_push(client, &input.report[i]);
	reads_serve(client);
}

static void report_end(void)
{
	unsigned int i;

	for (i = 0; i < KIT_REQ_CLIENTS; i++) {
		struct client *client = &input.client[i];

		if (!client->queue)
			continue;
		if (input.report_count < REPORT_MAX)
			report_give(client);
		else
			report_drop(client, REPORT_MAX);
	}
	input.report_count = 0;
}

/* A report that is too long for us keeps its last place free for ever. */
static void report_add(const struct input_value *value, u64 now)
{
	if (input.report_count == REPORT_MAX)
		return;
	input.report[input.report_count++] = (struct glue_input_event){
		.when_ticks = now,
		.type = value->type,
		.code = value->code,
		.value = value->value,
	};
}

static unsigned int handle_events(struct input_handle *handle,
				  struct input_value *values,
				  unsigned int count)
{
	u64 now = kit_ticks();
	unsigned int i;

	for (i = 0; i < count; i++) {
		report_add(&values[i], now);
		if (values[i].type == EV_SYN && values[i].code == SYN_REPORT)
			report_end();
	}
	return count;
}

/* --- Linux's side: the handler -------------------------------------------- */

/* Runs in a fiber, when a driver registers its device. */
static int handle_connect(struct input_handler *handler, struct input_dev *dev,
			  const struct input_device_id *id)
{
	int err;

	if (input.handle.dev) {
		pr_warn("input: %s is not served: this process serves %s\n",
			dev->name, input.handle.dev->name);
		return -ENODEV;
	}
	input.handle.dev = dev;
	input.handle.handler = handler;
	input.handle.name = handler->name;
	err = input_register_handle(&input.handle);
	if (err)
		goto forget_device;
	err = input_open_device(&input.handle);
	if (err)
		goto unregister_handle;
	return 0;

unregister_handle:
	input_unregister_handle(&input.handle);
forget_device:
	input.handle.dev = NULL;
	return err;
}

/* Without a device there is nothing to serve: the broker decides. */
static void handle_disconnect(struct input_handle *handle)
{
	dde_fatal("input device %s was removed by its driver",
		  handle->dev->name);
}

static const struct input_device_id every_device[] = {
	{ .driver_info = 1 },
	{},
};

static struct input_handler handler = {
	.events = handle_events,
	.connect = handle_connect,
	.disconnect = handle_disconnect,
	.name = "kaal",
	.id_table = every_device,
};

/* --- requests ------------------------------------------------------------- */

static enum kit_err read_start(struct client *client, const struct kit_req *req)
{
	struct request *request = &input.request[req->token];

	if (!client->queue)
		return KIT_ERR_NOMEM;
	request->data = req->data;
	request->bytes = req->bytes;
	list_add_tail(&request->list, &client->reads);
	reads_serve(client);
	return KIT_OK;
}

static enum kit_err axis_tell(const struct kit_req *req)
{
	const struct input_dev *dev = input.handle.dev;
	struct glue_input_axis axis;

	if (!dev->absinfo || !test_bit(req->arg, dev->absbit))
		return KIT_ERR_NOTFOUND;
	axis = (struct glue_input_axis){
		.minimum = dev->absinfo[req->arg].minimum,
		.maximum = dev->absinfo[req->arg].maximum,
		.fuzz = dev->absinfo[req->arg].fuzz,
		.flat = dev->absinfo[req->arg].flat,
		.resolution = dev->absinfo[req->arg].resolution,
		.value = dev->absinfo[req->arg].value,
	};
	memcpy(req->data, &axis, sizeof(axis));
	kit_req_complete(req->token, KIT_OK, sizeof(axis));
	return KIT_OK;
}

static enum kit_err codes_tell(const struct kit_req *req)
{
	const struct input_dev *dev = input.handle.dev;
	const struct {
		const unsigned long *bits;
		unsigned int count;
	} codes[EV_CNT] = {
		[EV_KEY] = { dev->keybit, KEY_CNT },
		[EV_REL] = { dev->relbit, REL_CNT },
		[EV_ABS] = { dev->absbit, ABS_CNT },
		[EV_MSC] = { dev->mscbit, MSC_CNT },
		[EV_SW] = { dev->swbit, SW_CNT },
		[EV_LED] = { dev->ledbit, LED_CNT },
		[EV_SND] = { dev->sndbit, SND_CNT },
		[EV_FF] = { dev->ffbit, FF_CNT },
	};
	unsigned int bytes = DIV_ROUND_UP(codes[req->arg].count, 8);

	if (!bytes || !test_bit(req->arg, dev->evbit))
		return KIT_ERR_NOTFOUND;
	bytes = min(bytes, req->bytes);
	memcpy(req->data, codes[req->arg].bits, bytes);
	kit_req_complete(req->token, KIT_OK, bytes);
	return KIT_OK;
}

/* Answers of the device to what was sent to it; to whom keys are typed it owes
 * nothing. */
static bool owes_status(void)
{
	unsigned int owed = input.status ? dde_watch_owed(input.status) : 0;

	input.watch.ended += owed < input.owed;
	input.owed = owed;
	return owed;
}

static const struct dde_watch_ops watch_ops = { .busy = owes_status };

static void send(unsigned int type, unsigned int code, int value)
{
	owes_status(); /* what has ended since */
	input_inject_event(&input.handle, type, code, value);
	input_inject_event(&input.handle, EV_SYN, SYN_REPORT, 0);
	if (owes_status())
		dde_watch(&input.watch);
}

/* Only what goes to the device: nobody types keys for others. */
static enum kit_err event_send(const struct kit_req *req)
{
	const struct input_dev *dev = input.handle.dev;
	unsigned int type = req->arg >> 32;
	unsigned int code = req->arg >> 16 & 0xffff;
	bool known = (type == EV_LED && code < LED_CNT &&
		      test_bit(code, dev->ledbit)) ||
		     (type == EV_SND && code < SND_CNT &&
		      test_bit(code, dev->sndbit));

	if (!known)
		return KIT_ERR_UNSUPPORTED;
	send(type, code, req->arg & 0xffff);
	kit_req_complete(req->token, KIT_OK, 0);
	return KIT_OK;
}

static enum kit_err input_submit(void *drv, const struct kit_req *req)
{
	struct client *client = &input.client[req->client];

	switch (req->op) {
	case GLUE_INPUT_READ:
		return read_start(client, req);
	case GLUE_INPUT_AXIS:
		return axis_tell(req);
	case GLUE_INPUT_CODES:
		return codes_tell(req);
	case GLUE_INPUT_SEND:
		return event_send(req);
	default: /* GLUE_INPUT_DROPPED */
		kit_req_complete(req->token, KIT_OK, client->dropped);
		return KIT_OK;
	}
}

/* Reads are the only requests that stay open. */
static void input_cancel(void *drv, unsigned int token)
{
	list_del(&input.request[token].list);
	kit_req_complete(token, KIT_ERR_GONE, 0);
}

static void client_changed(void *drv, unsigned int index, int opened)
{
	struct client *client = &input.client[index];

	kfree(client->queue);
	*client = (struct client){ 0 };
	INIT_LIST_HEAD(&client->reads);
	if (opened)
		client->queue = kmalloc_array(GLUE_INPUT_QUEUE,
					      sizeof(client->queue[0]),
					      GFP_ATOMIC);
}

static const struct kit_req_ops input_ops = {
	.submit = input_submit,
	.cancel = input_cancel,
	.client = client_changed,
};

static int input_class_init(void)
{
	input.drops = kit_counter(KIT_COUNTER_EVENT, "input events dropped");
	return input_register_handler(&handler);
}

static int input_class_start(void)
{
	const struct input_dev *dev = input.handle.dev;
	struct glue_input_info info = { 0 };

	if (!dev)
		return -ENODEV;
	input.status = dde_watch_queue(dev->dev.parent, "status");
	dde_watch_init(&input.watch, &watch_ops, dev_name(&dev->dev),
		       dev->dev.parent);
	info.types = dev->evbit[0];
	info.bus = dev->id.bustype;
	info.vendor = dev->id.vendor;
	info.product = dev->id.product;
	info.version = dev->id.version;
	strscpy(info.name, dev->name ?: "", sizeof(info.name));
	dde_driver_text(info.driver, sizeof(info.driver));
	kit_req_start(KIT_CLASS_INPUT, &input_ops, NULL, &info);
	return 0;
}

const struct dde_class dde_class_input = {
	.name = "input",
	.init = input_class_init,
	.start = input_class_start,
	.poll = kit_req_poll,
};
