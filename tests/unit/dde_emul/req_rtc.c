// SPDX-License-Identifier: BSD-2-Clause
/*
 * req_rtc.c - the rtc class over Linux's rtc core and a made-up clock.
 *
 * The clock's own errors, times it cannot hold, and an alarm whose client goes
 * before, while and after it is set.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/rtc.h>
#include <linux/string.h>
#include <linux/wait.h>
#include <glue/rtc.h>
#include <dde.h>
#include "check.h"
#include "fake_request.h"

static DECLARE_WAIT_QUEUE_HEAD(gate);
static bool closed, setter_waits, enabled;
static time64_t now = 1000, alarm;
static int failure, alarm_failure;
static struct rtc_device *rtc;

/* --- the clock ------------------------------------------------------------ */

static int clock_read(struct device *dev, struct rtc_time *tm)
{
	rtc_time64_to_tm(now, tm);
	return failure;
}

static int clock_set(struct device *dev, struct rtc_time *tm)
{
	if (!failure)
		now = rtc_tm_to_time64(tm);
	return failure;
}

static int clock_alarm(struct device *dev, struct rtc_wkalrm *wanted)
{
	if (closed) {
		setter_waits = true;
		wait_event(gate, !closed);
		setter_waits = false;
	}
	alarm = rtc_tm_to_time64(&wanted->time);
	enabled = wanted->enabled;
	return alarm_failure;
}

static int clock_enable(struct device *dev, unsigned int on)
{
	enabled = on;
	return 0;
}

static const struct rtc_class_ops clock = {
	.read_time = clock_read,
	.set_time = clock_set,
	.set_alarm = clock_alarm,
	.alarm_irq_enable = clock_enable,
};

/* The clock gets there, and its interrupt comes. */
static void clock_rings(time64_t when)
{
	now = when;
	rtc_update_irq(rtc, 1, RTC_AF | RTC_IRQF);
	msleep(8);
}

/* --- clients -------------------------------------------------------------- */

static void start(unsigned int token, unsigned short op, unsigned long arg)
{
	struct kit_req req = { .op = op, .token = token, .arg = arg };

	fake_request(&req);
}

static int answer(unsigned short op, unsigned long arg)
{
	start(1, op, arg);
	return fake_req_wait(1);
}

static void time_of_day(void)
{
	CHECK(answer(GLUE_RTC_READ, 0) == KIT_OK && fake_req_value[1] == 1000);
	CHECK(answer(GLUE_RTC_SET, 1700000000) == KIT_OK);
	CHECK(now == 1700000000);
	CHECK(answer(GLUE_RTC_READ, 0) == KIT_OK);
	CHECK(fake_req_value[1] == 1700000000);
	CHECK(answer(GLUE_RTC_SET, U32_MAX) == KIT_OK && now == U32_MAX);
	CHECK(answer(GLUE_RTC_SET, U32_MAX + 1ul) == KIT_ERR_RANGE);
	CHECK(answer(GLUE_RTC_SET, 99) == KIT_ERR_RANGE);
	CHECK(now == U32_MAX);
	now = 1000;
}

static void clock_fails(void)
{
	failure = -EIO;
	CHECK(answer(GLUE_RTC_READ, 0) == KIT_ERR_IO && !fake_req_value[1]);
	CHECK(answer(GLUE_RTC_SET, 2000) == KIT_ERR_IO);
	CHECK(answer(GLUE_RTC_ALARM, 2000) == KIT_ERR_IO);
	failure = -ETIMEDOUT;
	CHECK(answer(GLUE_RTC_READ, 0) == KIT_ERR_TIMEOUT);
	failure = 0;
	alarm_failure = -EIO;
	CHECK(answer(GLUE_RTC_ALARM, 2000) == KIT_ERR_IO);
	alarm_failure = 0;
	CHECK(answer(GLUE_RTC_READ, 0) == KIT_OK);
}

static void alarms(void)
{
	CHECK(answer(GLUE_RTC_ALARM, 1000) == KIT_OK); /* it has come */
	CHECK(answer(GLUE_RTC_ALARM, 999) == KIT_OK);
	CHECK(answer(GLUE_RTC_ALARM, 1) == KIT_ERR_RANGE);
	CHECK(answer(GLUE_RTC_ALARM, U32_MAX + 1ul) == KIT_ERR_RANGE);
	start(2, GLUE_RTC_ALARM, 1010);
	msleep(8);
	CHECK(fake_req_status[2] == FAKE_OPEN && alarm == 1010 && enabled);
	CHECK(answer(GLUE_RTC_ALARM, 1005) == KIT_ERR_BUSY);
	CHECK(answer(GLUE_RTC_READ, 0) == KIT_OK);
	clock_rings(1009);
	CHECK(fake_req_status[2] == FAKE_OPEN);
	clock_rings(1010);
	CHECK(fake_req_status[2] == KIT_OK && !fake_req_value[2]);
}

/* The client leaves: nothing is answered twice, the next alarm has its place. */
static void alarm_taken_back(void)
{
	start(3, GLUE_RTC_ALARM, 1100);
	msleep(8);
	fake_req_cancel(3);
	CHECK(fake_req_status[3] == KIT_ERR_GONE);
	clock_rings(1100);
	start(3, GLUE_RTC_ALARM, 1200);
	msleep(8);
	fake_req_cancel(3);
	start(4, GLUE_RTC_ALARM, 1150);
	msleep(8);
	CHECK(fake_req_status[4] == FAKE_OPEN && alarm == 1150);
	clock_rings(1150);
	CHECK(fake_req_status[4] == KIT_OK);
	CHECK(fake_req_status[3] == KIT_ERR_GONE);
}

static void alarm_taken_back_while_it_is_set(int clock_says)
{
	alarm_failure = clock_says;
	closed = true;
	start(5, GLUE_RTC_ALARM, now + 200);
	while (!setter_waits)
		msleep(1);
	start(6, GLUE_RTC_READ, 0);
	fake_req_cancel(5);
	CHECK(fake_req_status[5] == KIT_ERR_GONE);
	fake_req_cancel(6);
	CHECK(fake_req_status[6] == KIT_ERR_GONE);
	closed = false;
	wake_up_all(&gate);
	CHECK(answer(GLUE_RTC_READ, 0) == KIT_OK);
	CHECK(fake_req_status[5] == KIT_ERR_GONE);
	alarm_failure = 0;
	start(5, GLUE_RTC_ALARM, now + 50);
	msleep(8);
	CHECK(fake_req_status[5] == FAKE_OPEN && alarm == now + 50);
	clock_rings(now + 50);
	CHECK(fake_req_status[5] == KIT_OK);
}

static void clock_make(struct device *parent)
{
	rtc = devm_rtc_allocate_device(parent);
	CHECK(!IS_ERR(rtc));
	rtc->ops = &clock;
	rtc->range_min = 100;
	rtc->range_max = U32_MAX;
	CHECK(!devm_rtc_register_device(rtc));
}

static void check_req_rtc(void)
{
	const struct glue_rtc_info *info = (const void *)fake_req_info;
	struct device *parent = root_device_register("check-rtc");

	CHECK(dde_class_rtc.start() == -ENODEV);
	clock_make(parent);
	CHECK(!dde_class_rtc.start() && fake_req_class == KIT_CLASS_RTC);
	CHECK(info->features == (GLUE_RTC_F_SET | GLUE_RTC_F_ALARM));
	CHECK(info->first == 100 && info->last == U32_MAX);
	time_of_day();
	clock_fails();
	alarms();
	alarm_taken_back();
	alarm_taken_back_while_it_is_set(0);
	alarm_taken_back_while_it_is_set(-EIO);
	clear_bit(RTC_FEATURE_ALARM, rtc->features);
	CHECK(answer(GLUE_RTC_ALARM, 2000) == KIT_ERR_UNSUPPORTED);
}
CHECK_GROUP(req_rtc);
