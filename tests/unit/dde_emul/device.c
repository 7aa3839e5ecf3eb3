// SPDX-License-Identifier: BSD-2-Clause
/*
 * device.c - the device tree (tree.dts) becomes a device that a driver probes.
 *
 * The fake device is a PrimeCell, so the amba bus and the clock tree take part.
 * One of its clocks has no driver at first, so its probe is deferred.
 */
#include <linux/amba/bus.h>
#include <linux/clk.h>
#include <linux/clk-provider.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/device/driver.h>
#include <linux/platform_device.h>
#include <linux/string.h>
#include <dde.h>
#include "check.h"

#define ID_OFFSET  0xfe0
#define PRIMECELL  0xb105f00d
#define PERIPHERAL 0x00341077

static unsigned int probes, removes;

/* What the broker saw when it looked for the device; one byte a register. */
static void registers_fill(void)
{
	u32 *id = (u32 *)(kit_device()->mmio[0].vaddr + ID_OFFSET);
	unsigned int i;

	for (i = 0; i < 4; i++) {
		id[i] = PERIPHERAL >> (8 * i) & 0xff;
		id[i + 4] = PRIMECELL >> (8 * i) & 0xff;
	}
}

static void properties_are_read(const struct device_node *np)
{
	struct device_node *child = of_get_child_by_name(np, "child");
	const char *text = "";
	u32 words[3] = { 0 };

	CHECK(!of_property_read_u32_array(np, "check,words", words, 3));
	CHECK(words[0] == 1 && words[2] == 3);
	CHECK(of_property_read_u32_array(np, "check,words", words, 4) ==
	      -EOVERFLOW);
	CHECK(!of_property_read_string(np, "check,text", &text));
	CHECK(!strcmp(text, "hello"));
	CHECK(child && !of_property_read_u32(child, "check,number", words));
	CHECK(words[0] == 7);
	CHECK(of_device_is_compatible(np, "check,device"));
	CHECK(of_machine_is_compatible("check,board"));
	of_node_put(child);
}

static void interrupts_are_mapped(const struct amba_device *dev)
{
	CHECK(dev->irq[0] == 1 && dev->irq[1] == 2);
	CHECK(irq_get_trigger_type(1) == IRQ_TYPE_EDGE_RISING);
	CHECK(irq_get_trigger_type(2) == IRQ_TYPE_LEVEL_HIGH);
	/* A line that the broker has not given. */
	CHECK(dev->irq[2] == 0);
}

/* The bus has enabled apb_pclk; "gone" names a clock of somebody else. */
static void clocks_are_those_of_the_tree(struct device *dev)
{
	struct clk *fast = devm_clk_get(dev, "fast");
	struct clk *bus = devm_clk_get(dev, "apb_pclk");

	CHECK(!IS_ERR(fast) && clk_get_rate(fast) == 24000000);
	CHECK(!IS_ERR(bus) && clk_get_rate(bus) == 12000000);
	CHECK(clk_is_match(clk_get_parent(bus), fast));
	CHECK(clk_round_rate(fast, 1000) == 24000000);
	CHECK(!clk_prepare_enable(fast));
	CHECK(__clk_is_enabled(fast));
	clk_disable_unprepare(fast);
	CHECK(__clk_is_enabled(bus));
	CHECK(IS_ERR(devm_clk_get(dev, "gone")));
	CHECK(devm_clk_get(dev, "nobody") == ERR_PTR(-ENOENT));
	CHECK(!devm_clk_get_optional(dev, "nobody"));
}

static int check_probe(struct amba_device *dev, const struct amba_id *id)
{
	struct clk *late = devm_clk_get(&dev->dev, "late");

	probes++;
	if (IS_ERR(late))
		return dev_err_probe(&dev->dev, PTR_ERR(late), "no clock\n");
	CHECK(clk_get_rate(late) == 1000);
	CHECK(id->id == (PERIPHERAL & 0xfffff));
	CHECK(dev->res.start == 0x9000000 &&
	      resource_size(&dev->res) == 0x1000);
	CHECK(!strcmp(dev_name(&dev->dev), "9000000.check"));
	CHECK(devm_ioremap_resource(&dev->dev, &dev->res) ==
	      (void __iomem *)kit_device()->mmio[0].vaddr);
	properties_are_read(dev->dev.of_node);
	interrupts_are_mapped(dev);
	clocks_are_those_of_the_tree(&dev->dev);
	return 0;
}

static void check_remove(struct amba_device *dev)
{
	removes++;
}

static const struct amba_id ids[] = {
	{ .id = PERIPHERAL & 0xfffff, .mask = 0xfffff },
	{ 0 },
};

static struct amba_driver driver = {
	.drv = { .name = "check" },
	.id_table = ids,
	.probe = check_probe,
	.remove = check_remove,
};

static int board_probe(struct platform_device *dev)
{
	struct resource *res = platform_get_resource(dev, IORESOURCE_MEM, 0);

	probes++;
	CHECK(res && res->start == 0x9000000 && resource_size(res) == 0x1000);
	res = platform_get_resource(dev, IORESOURCE_IRQ, 1);
	CHECK(res && res->start == 2);
	CHECK(platform_get_irq(dev, 0) == 1);
	CHECK(dev->id == PLATFORM_DEVID_NONE);
	properties_are_read(dev->dev.of_node);
	return 0;
}

static const struct platform_device_id board_ids[] = { { "first-id", 1 },
						       { "second-id", 2 },
						       {} };

static struct module board_module;
static struct platform_driver board_driver = {
	.driver.name = "board",
	.probe = board_probe,
};

static void board_try(struct device_node *np, const char *name)
{
	struct device *dev;

	probes = 0;
	CHECK(!dde_board_create(np));
	CHECK(probes == 1);
	dev = bus_find_device_by_name(&platform_bus_type, NULL, name);
	CHECK(dev && dev->driver == &board_driver.driver);
	if (dev)
		platform_device_unregister(to_platform_device(dev));
	put_device(dev);
}

/* By the driver's name, by the first of its ids, by the one that was chosen. */
static void board_device(void)
{
	struct device_node *np = of_find_node_by_path(kit_device()->node);

	fake_log_clear();
	CHECK(dde_board_create(np) == -ENODEV);
	CHECK(strstr(fake_log, "it is none for the platform bus") != NULL);
	CHECK(!__platform_driver_register(&board_driver, &board_module));
	board_try(np, "board");
	platform_driver_unregister(&board_driver);
	board_driver.id_table = board_ids;
	CHECK(!__platform_driver_register(&board_driver, &board_module));
	board_try(np, "first-id");
	CHECK(dde_modules_args("dde.id=a-name-of-20-letters") == -EINVAL);
	CHECK(!dde_modules_args("dde.id=second-id"));
	board_try(np, "second-id");
	platform_driver_unregister(&board_driver);
	of_node_put(np);
}

static int late_probe(struct platform_device *dev)
{
	struct clk_hw *hw = devm_clk_hw_register_fixed_rate(&dev->dev, "late",
							    NULL, 0, 1000);

	return devm_of_clk_add_hw_provider(&dev->dev, of_clk_hw_simple_get, hw);
}

static const struct of_device_id late_ids[] = {
	{ .compatible = "check,late-clock" },
	{},
};
static struct platform_driver late_clock = {
	.driver = { .name = "late-clock", .of_match_table = late_ids },
	.probe = late_probe,
};

static void check_device(void)
{
	registers_fill();
	CHECK(!amba_driver_register(&driver));
	CHECK(!dde_device_create());
	wait_for_device_probe();
	CHECK(probes == 1);
	dde_deferred_tell();
	CHECK(strstr(fake_log, "9000000.check: its driver waits"));
	fake_log_clear();
	CHECK(!platform_driver_register(&late_clock));
	wait_for_device_probe();
	CHECK(probes == 2);
	amba_driver_unregister(&driver);
	CHECK(removes == 1);
	/* "gone", and nothing else to complain about. */
	CHECK(!strncmp(fake_log, "OF: /soc/check@1000: could not find phandle",
		       43));
	board_device();
}
CHECK_GROUP(device);
