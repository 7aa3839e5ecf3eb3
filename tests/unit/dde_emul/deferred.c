// SPDX-License-Identifier: BSD-2-Clause
/*
 * deferred.c - a probe that asks to be tried later, because what it needs is
 * another driver's; tried again when one has bound; named if it never can.
 * The same by a clock of the device tree: device.c.
 */
#include <linux/device/driver.h>
#include <linux/err.h>
#include <linux/platform_device.h>
#include <linux/string.h>
#include <dde.h>
#include "check.h"

static unsigned int probes;
static bool provided;

static int consumer_probe(struct platform_device *dev)
{
	probes++;
	if (!provided)
		return dev_err_probe(&dev->dev, -EPROBE_DEFER,
				     "needs a check-provider\n");
	return 0;
}

static int provider_probe(struct platform_device *dev)
{
	provided = true;
	return 0;
}

static void provider_remove(struct platform_device *dev)
{
	provided = false;
}

static struct platform_driver consumer = {
	.driver.name = "check-consumer",
	.probe = consumer_probe,
};
static struct platform_driver provider = {
	.driver.name = "check-provider",
	.probe = provider_probe,
	.remove = provider_remove,
};

static void check_deferred(void)
{
	struct platform_device *needs, *gives;

	needs = platform_device_register_simple("check-consumer", 0, NULL, 0);
	gives = platform_device_register_simple("check-provider", 0, NULL, 0);
	CHECK(!IS_ERR(needs) && !IS_ERR(gives));
	fake_log_clear();
	CHECK(!platform_driver_register(&consumer));
	wait_for_device_probe();
	CHECK(probes == 1 && !needs->dev.driver);
	CHECK(!strstr(fake_log, "check-consumer"));
	dde_deferred_tell();
	CHECK(strstr(fake_log, "check-consumer.0: its driver waits"));
	CHECK(strstr(fake_log, "needs a check-provider"));
	CHECK(!platform_driver_register(&provider));
	wait_for_device_probe();
	CHECK(probes == 2 && needs->dev.driver == &consumer.driver);
	fake_log_clear();
	dde_deferred_tell();
	CHECK(!strstr(fake_log, "check-consumer"));
	platform_driver_unregister(&consumer);
	platform_driver_unregister(&provider);
	platform_device_unregister(needs);
	platform_device_unregister(gives);
}
CHECK_GROUP(deferred);
