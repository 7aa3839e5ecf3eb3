// SPDX-License-Identifier: BSD-2-Clause
/*
 * board.c - a clock's driver from the time of board files: no device tree.
 *
 * It knows its device by name only and takes registers and interrupt from the
 * resources of a platform device, as many drivers of Linux do. What it drives is
 * the PL031 of QEMU's virt, which it could not find. Used by test_platform.py.
 * Source: ARM DDI 0224B (PL031), table 3-1.
 */
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/rtc.h>

#define DR   0x00 /* RO seconds */
#define MR   0x04 /* RW alarm at */
#define IMSC 0x10 /* RW interrupt enable, [0] */
#define ICR  0x1c /* WO acknowledge, [0] */

struct board {
	void __iomem *regs;
	struct rtc_device *rtc;
};

static int board_read(struct device *dev, struct rtc_time *time)
{
	struct board *board = dev_get_drvdata(dev);

	rtc_time64_to_tm(readl(board->regs + DR), time);
	return 0;
}

static int board_enable(struct device *dev, unsigned int enabled)
{
	struct board *board = dev_get_drvdata(dev);

	writel(enabled != 0, board->regs + IMSC);
	return 0;
}

static int board_alarm(struct device *dev, struct rtc_wkalrm *alarm)
{
	struct board *board = dev_get_drvdata(dev);

	writel(rtc_tm_to_time64(&alarm->time), board->regs + MR);
	return board_enable(dev, alarm->enabled);
}

static const struct rtc_class_ops board_ops = {
	.read_time = board_read,
	.set_alarm = board_alarm,
	.alarm_irq_enable = board_enable,
};

static irqreturn_t board_interrupt(int irq, void *data)
{
	struct board *board = data;

	writel(1, board->regs + ICR);
	rtc_update_irq(board->rtc, 1, RTC_AF | RTC_IRQF);
	return IRQ_HANDLED;
}

/* The interrupt as old drivers find it: a resource beside the registers. */
static int board_probe(struct platform_device *pdev)
{
	struct resource *irq = platform_get_resource(pdev, IORESOURCE_IRQ, 0);
	struct board *board = devm_kzalloc(&pdev->dev, sizeof(*board),
					   GFP_KERNEL);

	if (!board || !irq)
		return -ENOMEM;
	platform_set_drvdata(pdev, board);
	board->regs = devm_platform_ioremap_resource(pdev, 0);
	board->rtc = devm_rtc_allocate_device(&pdev->dev);
	if (IS_ERR(board->regs) || IS_ERR(board->rtc))
		return -EIO;
	dev_info(&pdev->dev, "board's variant %lu\n",
		 platform_get_device_id(pdev)->driver_data);
	board->rtc->ops = &board_ops;
	board->rtc->range_max = U32_MAX;
	return devm_request_irq(&pdev->dev, irq->start, board_interrupt, 0, "board", board) ?:
		       devm_rtc_register_device(board->rtc);
}

static const struct platform_device_id board_ids[] = { { "board-clock", 1 },
						       { "board-clock,2", 2 },
						       {} };
MODULE_DEVICE_TABLE(platform, board_ids);

static struct platform_driver board_driver = {
	.driver.name = "board",
	.id_table = board_ids,
	.probe = board_probe,
};
module_platform_driver(board_driver);

MODULE_DESCRIPTION("A driver for KaaL's tests that knows no device tree");
MODULE_LICENSE("Dual BSD/GPL");
