// SPDX-License-Identifier: BSD-2-Clause
/*
 * req_input.c - the input class over Linux's input core and a made-up device.
 *
 * Clients that do not read, that leave, that find no memory; reports that are
 * too long; questions about what the device does not have.
 */
#include <linux/delay.h>
#include <linux/input.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/virtio.h>
#include <glue/input.h>
#include <dde.h>
#include "check.h"
#include "fake_request.h"

#define EVENT	    sizeof(struct glue_input_event)
#define LONG_REPORT 140 /* events: more than the glue keeps */
#define EVENTS_PER  2	/* a key and the end of the report */

static struct input_dev *keys;
static struct virtqueue status = { .name = "status",
				   .num_max = 8,
				   .num_free = 8 };
static unsigned int leds;
static struct glue_input_event seen[GLUE_INPUT_QUEUE];

static int device_event(struct input_dev *dev, unsigned int type,
			unsigned int code, int value)
{
	if (type == EV_LED && code == LED_CAPSL)
		leds = value;
	return 0;
}

static struct input_dev *device_make(const char *name)
{
	struct input_dev *dev = input_allocate_device();

	dev->name = name;
	dev->event = device_event;
	input_set_capability(dev, EV_KEY, KEY_A);
	input_set_capability(dev, EV_MSC, MSC_SCAN);
	input_set_capability(dev, EV_LED, LED_CAPSL);
	input_set_capability(dev, EV_SND, SND_CLICK);
	input_set_abs_params(dev, ABS_X, -5, 500, 1, 2);
	input_set_events_per_packet(dev, 2 * LONG_REPORT);
	CHECK(!input_register_device(dev));
	return dev;
}

static void press(bool down)
{
	input_report_key(keys, KEY_A, down);
	input_sync(keys);
}

static void ask(unsigned int token, unsigned int client, unsigned short op,
		unsigned long arg, unsigned int bytes)
{
	struct kit_req req = { .op = op,
			       .token = token,
			       .client = client,
			       .arg = arg,
			       .bytes = bytes,
			       .data = seen };

	fake_request(&req);
}

static int answer(unsigned short op, unsigned long arg, unsigned int bytes)
{
	ask(9, 0, op, arg, bytes);
	return fake_req_status[9];
}

static void client(unsigned int index, int opened)
{
	fake_req_ops->client(NULL, index, opened);
}

/* Reads all that waits for @index. Return: how many events. */
static unsigned int read_all(unsigned int index)
{
	ask(8, index, GLUE_INPUT_READ, 0, sizeof(seen));
	if (fake_req_status[8] != FAKE_OPEN)
		return fake_req_value[8] / EVENT;
	fake_req_cancel(8);
	return 0;
}

/* --- events --------------------------------------------------------------- */

/* Every client sees every report; a read that waits ends with the next. */
static void reports(void)
{
	client(0, 1);
	client(1, 1);
	ask(1, 0, GLUE_INPUT_READ, 0, EVENT);
	ask(2, 0, GLUE_INPUT_READ, 0, 8 * EVENT);
	CHECK(fake_req_status[1] == FAKE_OPEN);
	press(true);
	CHECK(fake_req_status[1] == KIT_OK && fake_req_value[1] == EVENT);
	CHECK(fake_req_status[2] == KIT_OK && fake_req_value[2] == EVENT);
	CHECK(seen[0].type == EV_SYN && seen[0].code == SYN_REPORT);
	CHECK(read_all(1) == EVENTS_PER && seen[0].type == EV_KEY);
	CHECK(seen[0].code == KEY_A && seen[0].value == 1);
	CHECK(kit_ticks() - seen[0].when_ticks <
	      kit_device()->ticks_per_second);
	press(false);
	CHECK(read_all(1) == EVENTS_PER && read_all(0) == EVENTS_PER);
}

static void read_taken_back(void)
{
	ask(1, 0, GLUE_INPUT_READ, 0, 8 * EVENT);
	fake_req_cancel(1);
	CHECK(fake_req_status[1] == KIT_ERR_GONE);
	press(true);
	CHECK(read_all(0) == EVENTS_PER && read_all(1) == EVENTS_PER);
	press(false);
	CHECK(read_all(0) == EVENTS_PER && read_all(1) == EVENTS_PER);
}

/* Whole reports are lost, counted, and the gap is told in front of the next. */
static void reader_too_slow(void)
{
	const unsigned int fit = GLUE_INPUT_QUEUE / EVENTS_PER;
	unsigned int i;

	for (i = 0; i < fit + 50; i++) {
		press(!(i % 2));
		CHECK(read_all(1) == EVENTS_PER);
	}
	/* Room for the report, but not for the word of the gap too. */
	ask(1, 0, GLUE_INPUT_READ, 0, EVENTS_PER * EVENT);
	press(true);
	CHECK(read_all(1) == EVENTS_PER);
	CHECK(read_all(0) == GLUE_INPUT_QUEUE - EVENTS_PER);
	CHECK(answer(GLUE_INPUT_DROPPED, 0, 0) == KIT_OK);
	CHECK(fake_req_value[9] == 51 * EVENTS_PER);
	press(false);
	CHECK(read_all(0) == EVENTS_PER + 1);
	CHECK(seen[0].type == EV_SYN && seen[0].code == SYN_DROPPED);
	CHECK(seen[1].type == EV_KEY);
	press(true);
	press(false);
	CHECK(read_all(0) == 2 * EVENTS_PER && read_all(1) == 3 * EVENTS_PER);
}

static void report_too_long(void)
{
	unsigned int i;

	for (i = 0; i < LONG_REPORT; i++)
		input_event(keys, EV_MSC, MSC_SCAN, i);
	input_sync(keys);
	CHECK(read_all(0) == 0);
	press(true);
	CHECK(read_all(0) == EVENTS_PER + 1 && seen[0].code == SYN_DROPPED);
	press(false);
	CHECK(read_all(0) == EVENTS_PER && read_all(1) == 2 * EVENTS_PER + 1);
}

/* --- clients that come and go --------------------------------------------- */

static void without_memory(void)
{
	void *all = check_memory_take();

	client(2, 1);
	check_memory_give(all);
	ask(1, 2, GLUE_INPUT_READ, 0, EVENT);
	CHECK(fake_req_status[1] == KIT_ERR_NOMEM);
	press(true);
	press(false);
	CHECK(read_all(0) == 2 * EVENTS_PER && read_all(1) == 2 * EVENTS_PER);
	client(2, 0);
}

/* What it has not read goes with it; its number is a new client's. */
static void client_leaves(void)
{
	press(true);
	press(false);
	client(1, 0);
	client(1, 1);
	CHECK(read_all(1) == 0 && read_all(0) == 2 * EVENTS_PER);
	client(1, 0);
	press(true);
	press(false);
	CHECK(read_all(0) == 2 * EVENTS_PER);
}

/* --- questions ------------------------------------------------------------ */

static void what_it_has(void)
{
	struct glue_input_axis *axis = (void *)seen;

	CHECK(answer(GLUE_INPUT_AXIS, ABS_X, sizeof(*axis)) == KIT_OK);
	CHECK(axis->minimum == -5 && axis->maximum == 500);
	CHECK(axis->fuzz == 1 && axis->flat == 2);
	CHECK(answer(GLUE_INPUT_AXIS, ABS_Y, sizeof(*axis)) ==
	      KIT_ERR_NOTFOUND);
	CHECK(answer(GLUE_INPUT_AXIS, ABS_MAX, sizeof(*axis)) ==
	      KIT_ERR_NOTFOUND);
	memset(seen, 0xff, 96);
	CHECK(answer(GLUE_INPUT_CODES, EV_KEY, 4) == KIT_OK);
	CHECK(fake_req_value[9] == 4 && *(u32 *)seen == 1u << KEY_A);
	CHECK(((u8 *)seen)[4] == 0xff);
	CHECK(answer(GLUE_INPUT_CODES, EV_MSC, 96) == KIT_OK);
	CHECK(fake_req_value[9] == 1 && *(u8 *)seen == 1 << MSC_SCAN);
	CHECK(answer(GLUE_INPUT_CODES, EV_REL, 96) == KIT_ERR_NOTFOUND);
	CHECK(answer(GLUE_INPUT_CODES, EV_SYN, 96) == KIT_ERR_NOTFOUND);
	CHECK(answer(GLUE_INPUT_CODES, EV_MAX, 96) == KIT_ERR_NOTFOUND);
}

static int send(unsigned long type, unsigned long code, unsigned int value)
{
	return answer(GLUE_INPUT_SEND, type << 32 | code << 16 | value, 0);
}

/* Lights, of those there are; no keys, and no codes past the end. */
static void what_it_is_told(void)
{
	CHECK(send(EV_LED, LED_CAPSL, 1) == KIT_OK && leds == 1);
	CHECK(send(EV_LED, LED_CAPSL, 0) == KIT_OK && leds == 0);
	CHECK(send(EV_LED, LED_NUML, 1) == KIT_ERR_UNSUPPORTED);
	/* In Linux's structure the sounds' bits lie behind the lights'. */
	CHECK(send(EV_LED, BITS_PER_LONG + SND_CLICK, 1) ==
	      KIT_ERR_UNSUPPORTED);
	CHECK(send(EV_LED, LED_CNT, 1) == KIT_ERR_UNSUPPORTED);
	CHECK(send(EV_LED, 0xffff, 1) == KIT_ERR_UNSUPPORTED);
	CHECK(send(EV_SND, SND_BELL, 1) == KIT_ERR_UNSUPPORTED);
	CHECK(send(EV_KEY, KEY_A, 1) == KIT_ERR_UNSUPPORTED);
	CHECK(read_all(0) == 0 || seen[0].type == EV_LED);
}

static bool is_due_within(unsigned int ms)
{
	return dde_timer_due <
	       kit_ticks() + kit_device()->ticks_per_second / 1000 * ms;
}

/* Is a timer due so soon? Only a watch's, or one of every 100 ms: see below. */
static bool is_looked_at(void)
{
	return is_due_within(20);
}

/* The device has one of the LEDs' buffers, and is looked at from now on. */
static void what_it_owes(void)
{
	unsigned int i;

	for (i = 0; i < 10 && is_due_within(50); i++)
		msleep(10); /* until the other timer's turn is over */
	CHECK(send(EV_LED, LED_CAPSL, 1) == KIT_OK);
	CHECK(!is_looked_at());
	status.num_free--;
	CHECK(send(EV_LED, LED_CAPSL, 0) == KIT_OK);
	CHECK(is_looked_at());
	status.num_free++;
	msleep(100); /* it has answered: nobody looks any more */
	CHECK(!is_looked_at());
}

/* Its parent is a virtio device with that queue. */
static void device_plug(void)
{
	static const struct bus_type virtio = { .name = "virtio" };
	static struct virtio_device parent = { .dev.bus = &virtio };

	INIT_LIST_HEAD(&parent.vqs);
	list_add(&status.list, &parent.vqs);
	keys->dev.parent = &parent.dev;
}

static void check_req_input(void)
{
	const struct glue_input_info *info = (const void *)fake_req_info;

	CHECK(!dde_class_input.init());
	CHECK(dde_class_input.start() == -ENODEV);
	keys = device_make("check keys");
	fake_log_clear();
	device_make("second");
	CHECK(strstr(fake_log, "second is not served"));
	device_plug();
	CHECK(!dde_class_input.start() && fake_req_class == KIT_CLASS_INPUT);
	CHECK(!strcmp(info->name, "check keys"));
	CHECK(info->types & 1u << EV_LED && !(info->types & 1u << EV_REL));
	reports();
	read_taken_back();
	reader_too_slow();
	report_too_long();
	without_memory();
	client_leaves();
	what_it_has();
	what_it_is_told();
	what_it_owes();
	keys->dev.parent = NULL;
	CHECK(CHECK_ENDS(input_unregister_device(keys)));
	CHECK(strstr(fake_log, "check keys was removed by its driver"));
}
CHECK_GROUP(req_input);
