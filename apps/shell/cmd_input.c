/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cmd_input.c - commands on keyboards, tablets and buttons: list, info, watch,
 * led.
 *
 * Codes are shown as evdev's numbers, which QEMU and Linux's tools use as well.
 */
#include <glue/class.h>
#include <glue/input.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "command.h"
#include "console.h"
#include "disk.h"
#include "service.h"

#define LEND_BYTES   (GLUE_INPUT_QUEUE * sizeof(struct glue_input_event))
#define WATCH_EVENTS 16u /* a read */
#define WATCH_MOST_S 86400u
#define LED_LAST     15u /* evdev: LED_MAX */
#define AXES	     64u /* evdev: ABS_CNT */
#define CODES_BYTES  96u /* evdev: a bit for each of KEY_CNT keys */
#define TYPE_SYN     0u
#define TYPE_ABS     3u
#define TYPE_LED     17u
#define SYN_REPORT   0u
#define NS_PER_S     1000000000ul

/* Names of evdev's types, by number. */
static const char *type_name(unsigned type)
{
	static const char *const name[32] = {
		[0] = "syn",  [1] = "key", [2] = "rel",	 [3] = "abs",
		[4] = "msc",  [5] = "sw",  [17] = "led", [18] = "snd",
		[20] = "rep", [21] = "ff", [22] = "pwr", [23] = "ff-status",
	};

	return type < 32 && name[type] ? name[type] : "?";
}

static int info_get(struct glue_input_info *info)
{
	uint64_t deadline = glue_deadline_ns(SERVICE_PATIENCE_NS);

	return service_good("info", glue_req_info(&service.port, info,
						  sizeof(*info), deadline));
}

static void list_line(const char *name)
{
	struct glue_input_info info;

	if (!service_open("input", GLUE_CLASS_INPUT, name, LEND_BYTES))
		return;
	if (info_get(&info))
		console_printf("%-7s %-32.63s %.31s\n", name, info.name,
			       info.driver);
	service_close();
}

void cmd_input_list(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	service_each(GLUE_CLASS_INPUT, list_line,
		     "no input device: QEMU needs one (-device "
		     "virtio-keyboard-device or virtio-tablet-device) and "
		     "drivers.config its driver (DDE_VIRTIO_INPUT=y)");
}

/* How many codes of a type the device has. */
static unsigned codes_count(unsigned type)
{
	const uint8_t *bits = service_data();
	uint64_t bytes = 0;
	unsigned i, count = 0;

	if (service_ask(GLUE_INPUT_CODES, type, CODES_BYTES, &bytes,
			SERVICE_PATIENCE_NS))
		return 0;
	for (i = 0; i < bytes * 8 && i < CODES_BYTES * 8; i++)
		count += bits[i / 8] >> (i % 8) & 1;
	return count;
}

static void axes_print(void)
{
	struct glue_input_axis axis;
	unsigned i;

	for (i = 0; i < AXES; i++) {
		if (service_ask(GLUE_INPUT_AXIS, i, sizeof(axis), NULL,
				SERVICE_PATIENCE_NS))
			continue;
		memcpy(&axis, service_data(), sizeof(axis));
		console_printf("axis %-12u %d to %d, now %d\n", i, axis.minimum,
			       axis.maximum, axis.value);
	}
}

void cmd_input_info(int argc, char **argv)
{
	struct glue_input_info info;
	unsigned type;

	(void)argc;
	if (!service_open("input", GLUE_CLASS_INPUT, argv[0], LEND_BYTES))
		return;
	if (info_get(&info)) {
		console_printf("name              %.63s\n", info.name);
		console_printf("served by         %.31s\n", info.driver);
		console_printf("bus:vendor:product %04x:%04x:%04x, version "
			       "%04x\n",
			       info.bus, info.vendor, info.product,
			       info.version);
		for (type = 1; type < 32; type++)
			if (info.types >> type & 1)
				console_printf("%-17s %u codes\n",
					       type_name(type),
					       codes_count(type));
		if (info.types >> TYPE_ABS & 1)
			axes_print();
	}
	service_close();
}

/* The end of a report is not worth a line, a gap is. */
static void event_print(const struct glue_input_event *event)
{
	uint64_t ms = glue_ticks_to_ns(event->when_ticks) / 1000000;

	if (event->type == TYPE_SYN && event->code == SYN_REPORT)
		return;
	if (event->type == TYPE_SYN)
		console_printf("%6lu.%03lu  events were lost here\n", ms / 1000,
			       ms % 1000);
	else
		console_printf("%6lu.%03lu  %s %u %d\n", ms / 1000, ms % 1000,
			       type_name(event->type), event->code,
			       event->value);
}

/* Wait at most @patience_ns for events, and show them. */
static enum k_err events_show(uint64_t patience_ns)
{
	struct glue_input_event event;
	uint64_t bytes = 0;
	uint64_t i;
	enum k_err err = service_ask(GLUE_INPUT_READ, 0,
				     WATCH_EVENTS * sizeof(event), &bytes,
				     patience_ns);

	if (err)
		return err;
	for (i = 0; i + sizeof(event) <= bytes; i += sizeof(event)) {
		memcpy(&event, (uint8_t *)service_data() + i, sizeof(event));
		event_print(&event);
	}
	return K_OK;
}

/* Until ^C, the time is over, or the driver ends. */
static void watch(uint64_t patience_ns)
{
	uint64_t start = glue_time_ticks();
	uint64_t past_ns = 0;
	enum k_err err = K_OK;

	while (!err && past_ns < patience_ns) {
		err = events_show(patience_ns - past_ns);
		past_ns = glue_ticks_to_ns(glue_time_ticks() - start);
	}
	if (err != K_ERR_TIMEOUT && err != K_ERR_GONE)
		service_good("read", err);
}

static void dropped_print(void)
{
	uint64_t dropped = 0;

	if (!service_ask(GLUE_INPUT_DROPPED, 0, 0, &dropped,
			 SERVICE_PATIENCE_NS) &&
	    dropped)
		console_printf("%s: %lu events were lost: they came faster "
			       "than they were read\n",
			       service.name, dropped);
}

void cmd_input_watch(int argc, char **argv)
{
	uint64_t patience_ns = SERVICE_FOREVER_NS;
	uint64_t seconds;

	if (argc > 1) {
		if (!disk_number_in(argv[1], "SECONDS", 1, WATCH_MOST_S,
				    &seconds))
			return;
		patience_ns = seconds * NS_PER_S;
	}
	if (!service_open("input", GLUE_CLASS_INPUT, argv[0], LEND_BYTES))
		return;
	console_printf("%s: ^C ends this\n", service.name);
	watch(patience_ns);
	dropped_print();
	service_close();
}

void cmd_input_led(int argc, char **argv)
{
	uint64_t code, on;

	(void)argc;
	if (!disk_number_in(argv[1], "LED", 0, LED_LAST, &code) ||
	    !disk_number_in(argv[2], "ON", 0, 1, &on) ||
	    !service_open("input", GLUE_CLASS_INPUT, argv[0], LEND_BYTES))
		return;
	service_good("led",
		     service_ask(GLUE_INPUT_SEND,
				 (uint64_t)TYPE_LED << 32 | code << 16 | on, 0,
				 NULL, SERVICE_PATIENCE_NS));
	service_close();
}
