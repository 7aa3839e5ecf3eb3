// SPDX-License-Identifier: BSD-2-Clause
/*
 * fake_request.c - the request service of fake_request.h.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/string.h>
#include <glue/gpio.h>
#include <glue/input.h>
#include <glue/rng.h>
#include <glue/rtc.h>
#include <glue/serial.h>
#include "check.h"
#include "fake_request.h"

const struct kit_req_ops *fake_req_ops;
enum kit_req_class fake_req_class;
char fake_req_info[128] __aligned(8);
int fake_req_status[KIT_REQ_TOKENS];
unsigned long fake_req_value[KIT_REQ_TOKENS];
unsigned int fake_req_begun[KIT_REQ_TOKENS];

static const size_t info_bytes[] = {
	[KIT_CLASS_SERIAL] = sizeof(struct glue_serial_info),
	[KIT_CLASS_RNG] = sizeof(struct glue_rng_info),
	[KIT_CLASS_RTC] = sizeof(struct glue_rtc_info),
	[KIT_CLASS_GPIO] = sizeof(struct glue_gpio_info),
	[KIT_CLASS_INPUT] = sizeof(struct glue_input_info),
};

void kit_req_start(enum kit_req_class class, const struct kit_req_ops *ops,
		   void *drv, const void *info)
{
	fake_req_ops = ops;
	fake_req_class = class;
	memcpy(fake_req_info, info, info_bytes[class]);
}

void kit_req_poll(unsigned long events)
{
}

void kit_req_begun(unsigned int token, unsigned int bytes)
{
	CHECK(token < KIT_REQ_TOKENS && fake_req_status[token] == FAKE_OPEN);
	fake_req_begun[token] = bytes;
}

void kit_req_complete(unsigned int token, enum kit_err status,
		      unsigned long value)
{
	CHECK(token < KIT_REQ_TOKENS && fake_req_status[token] == FAKE_OPEN);
	fake_req_status[token] = status;
	fake_req_value[token] = value;
}

void fake_request(const struct kit_req *req)
{
	enum kit_err err;

	fake_req_status[req->token] = FAKE_OPEN;
	err = fake_req_ops->submit(NULL, req);
	if (err)
		kit_req_complete(req->token, err, 0);
}

void fake_req_cancel(unsigned int token)
{
	fake_req_ops->cancel(NULL, token);
}

int fake_req_wait(unsigned int token)
{
	unsigned long end = jiffies + 2 * HZ;

	while (fake_req_status[token] == FAKE_OPEN && time_before(jiffies, end))
		msleep(1);
	return fake_req_status[token];
}
