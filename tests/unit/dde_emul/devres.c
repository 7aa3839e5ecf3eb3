// SPDX-License-Identifier: BSD-2-Clause
/*
 * devres.c - what a driver ties to its device: undone in reverse order when a
 * probe fails and after remove, in groups, and when memory is used up.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "check.h"

static struct platform_device *pdev;
static char order[16];
static unsigned int steps;
static int probe_answer;

static void step(void *name)
{
	if (steps < sizeof(order) - 1)
		order[steps++] = *(char *)name;
}

/* Have exactly these steps been made since the last look? */
static bool stepped(const char *wanted)
{
	bool same = steps == strlen(wanted) && !memcmp(order, wanted, steps);

	steps = 0;
	return same;
}

/* --- probe and remove ----------------------------------------------------- */

static int check_probe(struct platform_device *dev)
{
	char *zeroed = devm_kzalloc(&dev->dev, 200, GFP_KERNEL);

	CHECK(zeroed && !memchr_inv(zeroed, 0, 200));
	CHECK(!devm_add_action(&dev->dev, step, "a"));
	CHECK(!devm_add_action_or_reset(&dev->dev, step, "b"));
	CHECK(!devm_add_action(&dev->dev, step, "c"));
	platform_set_drvdata(dev, zeroed);
	return probe_answer;
}

static void check_remove(struct platform_device *dev)
{
	CHECK(stepped("") && platform_get_drvdata(dev));
	step("R");
}

static struct platform_driver driver = {
	.driver.name = "check-devres",
	.probe = check_probe,
	.remove = check_remove,
};

static void failed_probe(void)
{
	probe_answer = -EIO;
	CHECK(!platform_driver_register(&driver));
	CHECK(stepped("cba") && !pdev->dev.driver);
	CHECK(!platform_get_drvdata(pdev));
	CHECK(list_empty(&pdev->dev.devres_head));
	platform_driver_unregister(&driver);
	CHECK(stepped(""));
}

static void removed(void)
{
	probe_answer = 0;
	CHECK(!platform_driver_register(&driver));
	CHECK(stepped("") && pdev->dev.driver == &driver.driver);
	platform_driver_unregister(&driver);
	CHECK(stepped("Rcba") && !pdev->dev.driver);
	CHECK(list_empty(&pdev->dev.devres_head));
}

/* --- one by one ----------------------------------------------------------- */

/* Taken back: without, or with, being run. */
static void actions_taken_back(void)
{
	struct device *dev = &pdev->dev;

	CHECK(!devm_add_action(dev, step, "a") &&
	      !devm_add_action(dev, step, "b"));
	devm_remove_action(dev, step, "a");
	CHECK(stepped(""));
	devm_release_action(dev, step, "b");
	CHECK(stepped("b") && list_empty(&dev->devres_head));
}

static void memory_given_back(void)
{
	struct device *dev = &pdev->dev;
	char *text = devm_kasprintf(dev, GFP_KERNEL, "%d-%s", 7, "x"), *more;

	CHECK(text && !strcmp(text, "7-x"));
	CHECK(IS_ALIGNED((unsigned long)text, ARCH_DMA_MINALIGN));
	more = devm_krealloc(dev, text, 2000, GFP_KERNEL);
	CHECK(more && !strcmp(more, "7-x"));
	devm_kfree(dev, more);
	CHECK(list_empty(&dev->devres_head));
}

static void groups(void)
{
	struct device *dev = &pdev->dev;
	void *group;

	CHECK(!devm_add_action(dev, step, "a"));
	group = devres_open_group(dev, NULL, GFP_KERNEL);
	CHECK(group && !devm_add_action(dev, step, "b"));
	CHECK(!devm_add_action(dev, step, "c"));
	devres_close_group(dev, group);
	CHECK(!devm_add_action(dev, step, "d"));
	CHECK(devres_release_group(dev, group) == 2 && stepped("cb"));
	group = devres_open_group(dev, NULL, GFP_KERNEL);
	CHECK(!devm_add_action(dev, step, "e"));
	devres_remove_group(dev, group);
	CHECK(stepped(""));
	devm_release_action(dev, step, "a");
	devm_release_action(dev, step, "d");
	devm_release_action(dev, step, "e");
	CHECK(stepped("ade") && list_empty(&dev->devres_head));
}

/* What cannot be remembered is undone at once, or refused. No group before
 * this one uses memory up, so here is the one time that it is said. */
static void without_memory(void)
{
	struct device *dev = &pdev->dev;
	void *all = check_memory_take();

	CHECK(!strstr(fake_log, "bytes refused"));
	CHECK(!devm_kmalloc(dev, 100, GFP_KERNEL));
	CHECK(strstr(fake_log, "4096 bytes refused"));
	CHECK(!devm_kmemdup(dev, "x", 2, GFP_KERNEL));
	CHECK(devm_add_action(dev, step, "a") == -ENOMEM && stepped(""));
	CHECK(devm_add_action_or_reset(dev, step, "a") == -ENOMEM);
	CHECK(stepped("a") && list_empty(&dev->devres_head));
	CHECK(!devres_open_group(dev, NULL, GFP_KERNEL));
	check_memory_give(all);
}

static void check_devres(void)
{
	pdev = platform_device_register_simple("check-devres", -1, NULL, 0);
	if (IS_ERR(pdev)) {
		CHECK(!"a device");
		return;
	}
	failed_probe();
	removed();
	actions_taken_back();
	memory_given_back();
	groups();
	without_memory();
	platform_device_unregister(pdev);
}
CHECK_GROUP(devres);
