/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dddk_classes.c - what each small class takes: its operations and their limits.
 *
 * Says once more, by hand, what the classes' headers in glue promise, and asks
 * the service through a client's ring: at each limit the driver sees the
 * request, one step past it the client hears K_ERR_INVALID.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <glue/class.h>
#include <glue/gpio.h>
#include <glue/input.h>
#include <glue/ip.h>
#include <glue/rng.h>
#include <glue/rtc.h>
#include <glue/serial.h>
#include "fake/process.h"
#include "fake/requests.h"

/* An operation with the least and most bytes, its flags and largest arg. */
struct promise {
	uint16_t op;
	uint32_t least, most;
	uint16_t flags;
	uint64_t arg;
};

static void ask(struct glue_req_sqe sqe, enum k_err wanted)
{
	n_given = 0;
	sqe.tag = 5;
	put(0, sqe);
	dddk_req_poll(0);
	assert_int_equal(n_given, wanted ? 0 : 1);
	if (!wanted)
		dddk_req_complete(given[0].token, K_OK, 0);
	expect_answer(0, 5, wanted);
}

/* At its limits, and past each of them. */
static void ask_limits(const struct promise *p)
{
	struct glue_req_sqe sqe = { .op = p->op, .bytes = p->least };

	ask(sqe, K_OK);
	sqe.bytes = p->most;
	sqe.flags = p->flags;
	sqe.arg = p->arg;
	ask(sqe, K_OK);
	sqe.bytes = p->most + 1;
	ask(sqe, K_ERR_INVALID);
	if (p->least) {
		sqe.bytes = p->least - 1;
		ask(sqe, K_ERR_INVALID);
	}
	sqe.bytes = p->most;
	sqe.flags = p->flags + 1;
	ask(sqe, K_ERR_INVALID);
	sqe.flags = p->flags;
	if (p->arg != UINT64_MAX) {
		sqe.arg = p->arg + 1;
		ask(sqe, K_ERR_INVALID);
	}
}

/* @promises: every operation of the class, in order, ends with op 0 */
static void class_keeps(const struct dddk_req_class *class, uint32_t id,
			uint32_t info_bytes, const struct promise *promises)
{
	static char info[DDDK_REQ_INFO_MAX];
	uint16_t op = GLUE_REQ_CLASS;

	memset(info, 0xff, sizeof(info)); /* the device can do everything */
	assert_int_equal(class->class_id, id);
	requests_serve(class, info);
	for (; promises->op; promises++, op++) {
		assert_int_equal(promises->op, op);
		ask_limits(promises);
	}
	ask((struct glue_req_sqe){ .op = op }, K_ERR_UNSUPPORTED);
	put(0, (struct glue_req_sqe){ .tag = 6, .bytes = info_bytes });
	put(0, (struct glue_req_sqe){ .tag = 7, .bytes = info_bytes - 1 });
	dddk_req_poll(0);
	expect_answer(0, 6, K_OK);
	expect_answer(0, 7, K_ERR_INVALID);
}

#define KEEPS(class, id, promises)                                             \
	class_keeps(&dddk_class_##class, (id),                                 \
		    sizeof(struct glue_##class##_info), promises)

static void test_serial(void **state)
{
	static const struct promise promises[] = {
		{ GLUE_SERIAL_READ, 1, GLUE_SERIAL_BYTES_MAX, 0, 0 },
		{ GLUE_SERIAL_WRITE, 1, GLUE_SERIAL_BYTES_MAX, 0, 0 },
		{ GLUE_SERIAL_DRAIN, 0, 0, 0, 0 },
		{ GLUE_SERIAL_SET_LINE, 8, 8, 0, 0 },
		{ GLUE_SERIAL_GET_LINE, 8, 8, 0, 0 },
		{ GLUE_SERIAL_BREAK, 0, 0, 0, 1000 },
		{ GLUE_SERIAL_STATS, 48, 48, 0, 0 },
		{ 0 },
	};

	(void)state;
	KEEPS(serial, GLUE_CLASS_SERIAL, promises);
}

/* Another client reads: what would disturb it is refused. */
static void test_serial_owner(void **state)
{
	static const char info[DDDK_REQ_INFO_MAX];

	(void)state;
	requests_serve(&dddk_class_serial, info);
	fake_chan(0)->peer_pid = 7;
	fake_chan(1)->peer_pid = 8;
	dddk_req_poll(GLUE_EVENT_CONTROL);
	put(1, (struct glue_req_sqe){
		       .op = GLUE_SERIAL_READ, .tag = 1, .bytes = 1 });
	dddk_req_poll(0);
	put(0, (struct glue_req_sqe){
		       .op = GLUE_SERIAL_BREAK, .tag = 2, .arg = 1 });
	put(0, (struct glue_req_sqe){
		       .op = GLUE_SERIAL_SET_LINE, .tag = 3, .bytes = 8 });
	dddk_req_poll(0);
	expect_answer(0, 2, K_ERR_BUSY);
	expect_answer(0, 3, K_ERR_BUSY);
}

static void test_rng(void **state)
{
	static const struct promise promises[] = {
		{ GLUE_RNG_READ, 1, GLUE_RNG_BYTES_MAX, 0, 0 },
		{ 0 },
	};

	(void)state;
	KEEPS(rng, GLUE_CLASS_RNG, promises);
}

static void test_rtc(void **state)
{
	static const struct promise promises[] = {
		{ GLUE_RTC_READ, 0, 0, 0, 0 },
		{ GLUE_RTC_SET, 0, 0, 0, INT64_MAX },
		{ GLUE_RTC_ALARM, 0, 0, 0, INT64_MAX },
		{ 0 },
	};

	(void)state;
	KEEPS(rtc, GLUE_CLASS_RTC, promises);
}

/* What the info does not offer, no driver is asked for. */
static void test_rtc_features(void **state)
{
	struct glue_rtc_info info = { .features = GLUE_RTC_F_ALARM };

	(void)state;
	requests_serve(&dddk_class_rtc, &info);
	ask((struct glue_req_sqe){ .op = GLUE_RTC_READ }, K_OK);
	ask((struct glue_req_sqe){ .op = GLUE_RTC_SET }, K_ERR_UNSUPPORTED);
	ask((struct glue_req_sqe){ .op = GLUE_RTC_ALARM }, K_OK);
	info.features = GLUE_RTC_F_SET;
	dddk_req_set_info(&info);
	ask((struct glue_req_sqe){ .op = GLUE_RTC_SET }, K_OK);
	ask((struct glue_req_sqe){ .op = GLUE_RTC_ALARM }, K_ERR_UNSUPPORTED);
}

static void test_gpio(void **state)
{
	static const struct promise promises[] = {
		{ GLUE_GPIO_GET, 0, 0, 0, UINT32_MAX },
		{ GLUE_GPIO_INPUT, 0, 0, 0, UINT32_MAX },
		{ GLUE_GPIO_OUTPUT, 0, 0, 1, UINT32_MAX },
		{ GLUE_GPIO_SET, 0, 0, 1, UINT32_MAX },
		{ GLUE_GPIO_WAIT, 0, 0, 3, UINT32_MAX },
		{ GLUE_GPIO_LINE, 0, 256, 0, UINT32_MAX },
		{ 0 },
	};

	(void)state;
	KEEPS(gpio, GLUE_CLASS_GPIO, promises);
}

static void test_input(void **state)
{
	const uint32_t event = sizeof(struct glue_input_event);
	const uint32_t axis = sizeof(struct glue_input_axis);
	const struct promise promises[] = {
		{ GLUE_INPUT_READ, event, GLUE_INPUT_QUEUE * event, 0, 0 },
		{ GLUE_INPUT_AXIS, axis, axis, 0, 0x3f },
		{ GLUE_INPUT_CODES, 1, 96, 0, 0x1f },
		{ GLUE_INPUT_SEND, 0, 0, 0, 0x1fffffffff },
		{ GLUE_INPUT_DROPPED, 0, 0, 0, 0 },
		{ 0 },
	};

	(void)state;
	KEEPS(input, GLUE_CLASS_INPUT, promises);
}

static void test_ip(void **state)
{
	const uint32_t port = sizeof(struct glue_ip_if);
	const uint32_t stats = sizeof(struct glue_ip_stats);
	const struct promise promises[] = {
		{ GLUE_IP_IF, port, port, 0, 255 },
		{ GLUE_IP_PING, 0, 0, 0, UINT64_MAX },
		{ GLUE_IP_ARP, 12, 4096, 0, 255 },
		{ GLUE_IP_RESOLVE, 1, GLUE_IP_NAME_MAX, 0, 0 },
		{ GLUE_IP_STATS, stats, stats, 0, 0 },
		{ 0 },
	};

	(void)state;
	KEEPS(ip, GLUE_CLASS_IP, promises);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_serial),
		cmocka_unit_test(test_serial_owner),
		cmocka_unit_test(test_rng),
		cmocka_unit_test(test_rtc),
		cmocka_unit_test(test_rtc_features),
		cmocka_unit_test(test_gpio),
		cmocka_unit_test(test_input),
		cmocka_unit_test(test_ip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
