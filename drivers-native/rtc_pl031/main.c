/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - Arm PL031 real-time clock, native (ARM DDI 0224C).
 *
 * A counter of seconds and a comparator. The counter is 32 bits wide, so the
 * clock holds times until 2106. One alarm at a time, as the class asks.
 */
#include <dddk/driver.h>
#include <dddk/reg.h>
#include <dddk/request_service.h>
#include <glue/rtc.h>

/* clang-format off */
struct pl031_regs { /* DDI 0224C, table 3-1 */
	dddk_ro32 data;    /* 0x00 seconds                  */
	dddk_rw32 match;   /* 0x04 interrupt when reached   */
	dddk_rw32 load;    /* 0x08 sets the counter         */
	dddk_rw32 control; /* 0x0c bit 0: it runs           */
	dddk_rw32 mask;    /* 0x10 bit 0: interrupt enabled */
	dddk_ro32 raw;     /* 0x14                          */
	dddk_ro32 masked;  /* 0x18                          */
	dddk_wo32 clear;   /* 0x1c bit 0                    */
};
/* clang-format on */
DDDK_REG_AT(struct pl031_regs, clear, 0x1c);

static struct {
	struct pl031_regs *regs;
	uint32_t alarm; /* token of the request that waits */
} clock = { .alarm = DDDK_REQ_NO_TOKEN };

static void alarm_end(enum k_err status)
{
	uint32_t token = clock.alarm;

	dddk_reg_write(&clock.regs->mask, 0);
	dddk_reg_write(&clock.regs->clear, 1);
	clock.alarm = DDDK_REQ_NO_TOKEN;
	if (token != DDDK_REQ_NO_TOKEN)
		dddk_req_complete(token, status, 0);
}

static enum k_err alarm_begin(const struct dddk_req *req)
{
	if (clock.alarm != DDDK_REQ_NO_TOKEN)
		return K_ERR_INVALID;
	if (req->arg <= dddk_reg_read(&clock.regs->data))
		return K_ERR_INVALID;
	clock.alarm = req->token;
	dddk_reg_write(&clock.regs->match, (uint32_t)req->arg);
	dddk_reg_write(&clock.regs->clear, 1);
	dddk_reg_write(&clock.regs->mask, 1);
	/* The second may have begun while this was written. */
	if (dddk_reg_read(&clock.regs->data) >= req->arg)
		alarm_end(K_OK);
	return K_OK;
}

static enum k_err submit(void *drv, const struct dddk_req *req)
{
	(void)drv;
	if (req->arg > UINT32_MAX)
		return K_ERR_RANGE;
	if (req->op == GLUE_RTC_ALARM)
		return alarm_begin(req);
	if (req->op == GLUE_RTC_SET)
		dddk_reg_write(&clock.regs->load, (uint32_t)req->arg);
	dddk_req_complete(req->token, K_OK, dddk_reg_read(&clock.regs->data));
	return K_OK;
}

static void cancel(void *drv, uint32_t token)
{
	(void)drv;
	if (token == clock.alarm)
		alarm_end(K_ERR_GONE);
}

static enum k_err probe(void)
{
	static const struct dddk_req_ops ops = { submit, cancel, 0 };
	static const struct glue_rtc_info info = {
		.features = GLUE_RTC_F_SET | GLUE_RTC_F_ALARM,
		.last = UINT32_MAX,
		.driver = "native rtc_pl031",
	};

	clock.regs = dddk_device_regs(0, sizeof(*clock.regs));
	if (!clock.regs)
		return K_ERR_NOTFOUND;
	dddk_reg_write(&clock.regs->control, 1);
	alarm_end(K_ERR_GONE);
	dddk_req_serve(&dddk_class_rtc, &ops, 0, &info);
	return K_OK;
}

static void irq(unsigned int index)
{
	(void)index;
	alarm_end(K_OK);
}

static void quiesce(void)
{
	alarm_end(K_ERR_GONE);
}

DDDK_DRIVER("class=rtc match=amba:d???41031", {
						      .probe = probe,
						      .irq = irq,
						      .quiesce = quiesce,
						      .poll = dddk_req_poll,
					      });
