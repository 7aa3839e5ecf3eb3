/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - a clock with one alarm: the driver that docs/writing-a-driver.md
 * builds. The device is the Arm PL031 (ARM DDI 0224C), which drives QEMU's
 * virt; its whole driver is rtc_pl031.
 */
#include <dddk/driver.h>
#include <dddk/reg.h>
#include <dddk/request_service.h>
#include <glue/rtc.h>

struct clock_regs {
	dddk_ro32 data; /* 0x00 seconds since 1970; rings when it is match */
	dddk_rw32 match, load, control, mask;
	dddk_ro32 raw, masked;
	dddk_wo32 clear; /* 0x1c: 1 ends the interrupt */
};
DDDK_REG_AT(struct clock_regs, clear, 0x1c);

static struct clock_regs *regs;
static struct dddk_req_hold alarm;

/* Has it rung? An interrupt alone proves nothing. */
static void irq(void)
{
	dddk_reg_write(&regs->clear, 1); /* what comes from now on stays */
	if (dddk_reg_read(&regs->data) >= dddk_reg_read(&regs->match))
		dddk_req_release(&alarm, K_OK, 0);
}

static enum k_err submit(void *drv, const struct dddk_req *req)
{
	if (req->op == GLUE_RTC_READ)
		dddk_req_complete(req->token, K_OK, dddk_reg_read(&regs->data));
	else if (req->arg > UINT32_MAX)
		return K_ERR_RANGE;
	else if (dddk_req_hold(drv, req)) {
		dddk_reg_write(&regs->match, (uint32_t)req->arg);
		irq(); /* its time may have come */
	}
	return K_OK;
}

static const struct dddk_req_ops ops = { submit, 0, 0 };
static const struct glue_rtc_info info = { .features = GLUE_RTC_F_ALARM,
					   .last = UINT32_MAX,
					   .driver = "native example_clock" };

static enum k_err probe(void *registers)
{
	regs = registers;
	dddk_reg_write(&regs->mask, 1);
	return dddk_req_start(&dddk_class_rtc, &ops, &alarm, &info);
}

DDDK_DRIVER("class=rtc match=amba:d???41031") = {
	.regs_bytes = sizeof(struct clock_regs),
	.probe = probe,
	.irq = irq,
};
