/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - Arm PL031 real-time clock, native (ARM DDI 0224C).
 *
 * A counter of seconds and a comparator. The counter is 32 bits wide, so the
 * clock holds times until 2106. One alarm at a time, as the class asks; the
 * comparator sees only the very second, so one whose time has come already, or
 * that somebody sets the clock past, ends here.
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
	dddk_ro32 raw, masked; /* 0x14, 0x18                */
	dddk_wo32 clear;   /* 0x1c bit 0                    */
};
/* clang-format on */
DDDK_REG_AT(struct pl031_regs, clear, 0x1c);

static struct pl031_regs *regs;
static struct dddk_req_hold alarm;

/* The clock stands at @now, or soon will. */
static void alarm_check(uint64_t now)
{
	if (now < dddk_reg_read(&regs->match))
		return;
	dddk_reg_write(&regs->mask, 0);
	dddk_req_release(&alarm, K_OK, 0);
}

static enum k_err alarm_begin(const struct dddk_req *req)
{
	if (!dddk_req_hold(&alarm, req))
		return K_OK;
	dddk_reg_write(&regs->match, (uint32_t)req->arg);
	dddk_reg_write(&regs->clear, 1);
	dddk_reg_write(&regs->mask, 1);
	alarm_check(dddk_reg_read(&regs->data));
	return K_OK;
}

static enum k_err submit(void *drv, const struct dddk_req *req)
{
	(void)drv;
	if (req->arg > UINT32_MAX)
		return K_ERR_RANGE;
	if (req->op == GLUE_RTC_ALARM)
		return alarm_begin(req);
	if (req->op == GLUE_RTC_SET) {
		dddk_reg_write(&regs->load, (uint32_t)req->arg);
		alarm_check(req->arg);
	}
	dddk_req_complete(req->token, K_OK, dddk_reg_read(&regs->data));
	return K_OK;
}

static const struct dddk_req_ops ops = { submit, 0, 0 };
static const struct glue_rtc_info info = {
	.features = GLUE_RTC_F_SET | GLUE_RTC_F_ALARM,
	.last = UINT32_MAX,
	.driver = "native rtc_pl031",
};

static enum k_err probe(void *registers)
{
	regs = registers;
	dddk_reg_write(&regs->mask, 0);
	dddk_reg_write(&regs->control, 1);
	return dddk_req_start(&dddk_class_rtc, &ops, 0, &info);
}

static void irq(void)
{
	dddk_reg_write(&regs->clear, 1);
	alarm_check(dddk_reg_read(&regs->data));
}

static void quiesce(void)
{
	dddk_reg_write(&regs->mask, 0);
}

DDDK_DRIVER("class=rtc match=amba:d???41031") = {
	.regs_bytes = sizeof(struct pl031_regs),
	.probe = probe,
	.irq = irq,
	.quiesce = quiesce,
};
