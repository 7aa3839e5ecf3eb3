/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * classes.c - the small classes: which operations each has, and their limits.
 *
 * Said in words in each class's header in glue; here in numbers, which the
 * service checks before a driver sees a request. What only the driver can know
 * (how many lines, which axes) it checks itself.
 */
#include <stddef.h>
#include <dddk/request_service.h>
#include <glue/class.h>
#include <glue/gpio.h>
#include <glue/input.h>
#include <glue/ip.h>
#include <glue/rng.h>
#include <glue/rtc.h>
#include <glue/serial.h>

#define ANY_ARG	    UINT64_MAX
#define PAGE_BYTES  4096u
#define NAME_BYTES  256u /* of a line */
#define PORTS_MAX   255u /* interfaces of an IP stack */
#define BREAK_MS    1000u
#define TYPE_LAST   0x1fu /* evdev: EV_MAX */
#define AXIS_LAST   0x3fu /* evdev: ABS_MAX */
#define CODES_BYTES 96u	  /* evdev: a bit for each of KEY_CNT keys */

/* A structure of fixed size in the data, in or out. */
#define EXACTLY(type) .min_bytes = sizeof(type), .max_bytes = sizeof(type)
#define AT_MOST(most) .min_bytes = 1, .max_bytes = (most)

static const struct dddk_req_rule serial_rules[] = {
	{ .op = GLUE_SERIAL_READ,
	  AT_MOST(GLUE_SERIAL_BYTES_MAX),
	  .owner = DDDK_REQ_TAKES },
	{ .op = GLUE_SERIAL_WRITE, AT_MOST(GLUE_SERIAL_BYTES_MAX) },
	{ .op = GLUE_SERIAL_DRAIN },
	{ .op = GLUE_SERIAL_SET_LINE,
	  EXACTLY(struct glue_serial_line),
	  .owner = DDDK_REQ_KEEPS },
	{ .op = GLUE_SERIAL_GET_LINE, EXACTLY(struct glue_serial_line) },
	{ .op = GLUE_SERIAL_BREAK,
	  .max_arg = BREAK_MS,
	  .owner = DDDK_REQ_KEEPS },
	{ .op = GLUE_SERIAL_STATS, EXACTLY(struct glue_serial_stats) },
	{ 0 },
};

static const struct dddk_req_rule rng_rules[] = {
	{ .op = GLUE_RNG_READ, AT_MOST(GLUE_RNG_BYTES_MAX) },
	{ 0 },
};

static const struct dddk_req_rule rtc_rules[] = {
	{ .op = GLUE_RTC_READ },
	{ .op = GLUE_RTC_SET, .max_arg = INT64_MAX, .needs = GLUE_RTC_F_SET },
	{ .op = GLUE_RTC_ALARM,
	  .max_arg = INT64_MAX,
	  .needs = GLUE_RTC_F_ALARM },
	{ 0 },
};
_Static_assert(offsetof(struct glue_rtc_info, features) == 0, "rule.needs");

static const struct dddk_req_rule gpio_rules[] = {
	{ .op = GLUE_GPIO_GET, .max_arg = UINT32_MAX },
	{ .op = GLUE_GPIO_INPUT, .max_arg = UINT32_MAX },
	{ .op = GLUE_GPIO_OUTPUT, .flags = 1, .max_arg = UINT32_MAX },
	{ .op = GLUE_GPIO_SET, .flags = 1, .max_arg = UINT32_MAX },
	{ .op = GLUE_GPIO_WAIT,
	  .flags = GLUE_GPIO_EDGE_RISING | GLUE_GPIO_EDGE_FALLING,
	  .max_arg = UINT32_MAX },
	{ .op = GLUE_GPIO_LINE,
	  .max_bytes = NAME_BYTES,
	  .max_arg = UINT32_MAX },
	{ 0 },
};

static const struct dddk_req_rule input_rules[] = {
	{ .op = GLUE_INPUT_READ,
	  .min_bytes = sizeof(struct glue_input_event),
	  .max_bytes = GLUE_INPUT_QUEUE * sizeof(struct glue_input_event) },
	{ .op = GLUE_INPUT_AXIS,
	  EXACTLY(struct glue_input_axis),
	  .max_arg = AXIS_LAST },
	{ .op = GLUE_INPUT_CODES, AT_MOST(CODES_BYTES), .max_arg = TYPE_LAST },
	{ .op = GLUE_INPUT_SEND,
	  .max_arg = (uint64_t)TYPE_LAST << 32 | UINT32_MAX },
	{ .op = GLUE_INPUT_DROPPED },
	{ 0 },
};

static const struct dddk_req_rule ip_rules[] = {
	{ .op = GLUE_IP_IF, EXACTLY(struct glue_ip_if), .max_arg = PORTS_MAX },
	{ .op = GLUE_IP_PING, .max_arg = ANY_ARG },
	{ .op = GLUE_IP_ARP,
	  .min_bytes = sizeof(struct glue_ip_neighbour),
	  .max_bytes = PAGE_BYTES,
	  .max_arg = PORTS_MAX },
	{ .op = GLUE_IP_RESOLVE, AT_MOST(GLUE_IP_NAME_MAX) },
	{ .op = GLUE_IP_STATS, EXACTLY(struct glue_ip_stats) },
	{ 0 },
};

#define CLASS(name, id, info)                                                  \
	const struct dddk_req_class dddk_class_##name = {                      \
		.class_id = (id),                                              \
		.info_bytes = (info),                                          \
		.rules = name##_rules,                                         \
	};                                                                     \
	_Static_assert((info) <= DDDK_REQ_INFO_MAX, "the service keeps it")

CLASS(serial, GLUE_CLASS_SERIAL, sizeof(struct glue_serial_info));
CLASS(rng, GLUE_CLASS_RNG, sizeof(struct glue_rng_info));
CLASS(rtc, GLUE_CLASS_RTC, sizeof(struct glue_rtc_info));
CLASS(gpio, GLUE_CLASS_GPIO, sizeof(struct glue_gpio_info));
CLASS(input, GLUE_CLASS_INPUT, sizeof(struct glue_input_info));
CLASS(ip, GLUE_CLASS_IP, sizeof(struct glue_ip_info));
