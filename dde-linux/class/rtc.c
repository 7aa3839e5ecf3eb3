// SPDX-License-Identifier: GPL-2.0-only
/*
 * rtc.c - a Linux real-time clock behind the rtc class protocol.
 *
 * Linux's rtc core does the work: it reads and sets the clock and shares the
 * hardware's one alarm among timers, of which we have one. All of it sleeps, so
 * a fiber asks (ask.c). The alarm's request stays open until the timer ends
 * (in a work item) or its client takes it back.
 * Read next: glue/rtc.h, drivers/rtc/interface.c (Linux's)
 */
#include <linux/device/class.h>
#include <linux/kernel.h>
#include <linux/rtc.h>
#include <linux/string.h>
#include <glue/rtc.h>
#include <kit_request.h>
#include <dde.h>

#include "ask.h"

#define NO_ALARM KIT_REQ_TOKENS

static struct {
	struct rtc_device *device;
	struct rtc_timer timer;
	unsigned int alarm; /* token of the request that waits, or NO_ALARM */
} rtc = { .alarm = NO_ALARM };

static enum kit_err err_of(int err)
{
	return err ? dde_err_from_errno(err) : KIT_OK;
}

static int now_read(time64_t *now)
{
	struct rtc_time tm;
	int err = rtc_read_time(rtc.device, &tm);

	if (!err)
		*now = rtc_tm_to_time64(&tm);
	return err;
}

/* Drivers that tell no range can be asked anything. */
static bool time_fits(time64_t when)
{
	const struct rtc_device *device = rtc.device;

	if (device->range_min == device->range_max)
		return true;
	return when >= device->range_min &&
	       (timeu64_t)when <= device->range_max;
}

static enum kit_err time_read(unsigned long *value)
{
	time64_t now = 0;
	int err = now_read(&now);

	*value = now;
	return err_of(err);
}

static enum kit_err time_set(time64_t when)
{
	struct rtc_time tm;

	if (!time_fits(when))
		return KIT_ERR_RANGE;
	rtc_time64_to_tm(when, &tm);
	return err_of(rtc_set_time(rtc.device, &tm));
}

/* Runs in a work item. A timer whose client has left may still end. */
static void alarm_ended(struct rtc_device *device)
{
	unsigned int token = rtc.alarm;

	rtc.alarm = NO_ALARM;
	if (token != NO_ALARM)
		kit_req_complete(token, KIT_OK, 0);
}

static enum kit_err alarm_check(time64_t when)
{
	if (!test_bit(RTC_FEATURE_ALARM, rtc.device->features))
		return KIT_ERR_UNSUPPORTED;
	if (rtc.alarm != NO_ALARM)
		return KIT_ERR_BUSY;
	return time_fits(when) ? KIT_OK : KIT_ERR_RANGE;
}

/* Start the timer for a request that is ours by now: it may end, or be
 * cancelled, while this sleeps. */
static void wait_start(unsigned int token, time64_t when)
{
	int err;

	rtc.alarm = token;
	err = rtc_timer_start(rtc.device, &rtc.timer, ktime_set(when, 0), 0);
	if (!err || rtc.alarm != token)
		return;
	rtc.alarm = NO_ALARM;
	kit_req_complete(token, err_of(err), 0);
}

/* First the timer of a client that has left is taken out. */
static enum kit_err alarm_set(const struct dde_ask *ask)
{
	enum kit_err err = alarm_check(ask->arg);

	if (err)
		return err;
	rtc_timer_cancel(rtc.device, &rtc.timer);
	if (dde_ask_wanted()) {
		dde_ask_keep();
		wait_start(ask->token, ask->arg);
	}
	return KIT_OK;
}

static enum kit_err rtc_handle(const struct dde_ask *ask, unsigned long *value)
{
	switch (ask->op) {
	case GLUE_RTC_READ:
		return time_read(value);
	case GLUE_RTC_SET:
		return time_set(ask->arg);
	default: /* GLUE_RTC_ALARM */
		return alarm_set(ask);
	}
}

/* The timer stays armed: it ends for nobody, or the next alarm takes it out. */
static void rtc_cancel(void *drv, unsigned int token)
{
	if (rtc.alarm != token) {
		dde_ask_cancel(drv, token);
		return;
	}
	rtc.alarm = NO_ALARM;
	kit_req_complete(token, KIT_ERR_GONE, 0);
}

static const struct kit_req_ops rtc_ops = {
	.submit = dde_ask_submit,
	.cancel = rtc_cancel,
};

static void info_fill(struct glue_rtc_info *info)
{
	const struct rtc_device *device = rtc.device;

	if (device->ops->set_time)
		info->features |= GLUE_RTC_F_SET;
	if (test_bit(RTC_FEATURE_ALARM, device->features))
		info->features |= GLUE_RTC_F_ALARM;
	info->first = device->range_min;
	info->last = min_t(timeu64_t, device->range_max, S64_MAX);
	dde_driver_text(info->driver, sizeof(info->driver));
}

static int other_say(struct device *dev, void *served)
{
	if (dev != served)
		pr_warn("rtc: %s is not served: this process serves %s\n",
			dev_name(dev), dev_name(served));
	return 0;
}

static int any_device(struct device *dev, const void *unused)
{
	return 1;
}

static int rtc_start(void)
{
	struct device *dev = class_find_device(&rtc_class, NULL, NULL,
					       any_device);
	struct glue_rtc_info info = { 0 };
	int err;

	if (!dev)
		return -ENODEV;
	rtc.device = to_rtc_device(dev);
	class_for_each_device(&rtc_class, NULL, dev, other_say);
	rtc_timer_init(&rtc.timer, alarm_ended, rtc.device);
	err = dde_ask_start(rtc_handle, "rtc");
	if (err)
		return err;
	info_fill(&info);
	kit_req_start(KIT_CLASS_RTC, &rtc_ops, NULL, &info);
	return 0;
}

const struct dde_class dde_class_rtc = {
	.name = "rtc",
	.start = rtc_start,
	.poll = kit_req_poll,
};
