// SPDX-License-Identifier: GPL-2.0-only
/*
 * platform.c - the one device of this process, as a device node and a platform
 * device.
 *
 * Stands for drivers/of/{fdt,platform}.c. The broker has read the device tree
 * and granted one device; its node here holds what the env page says of it
 * (compatible) and what the broker guarantees (dma-coherent). Registers and
 * interrupts come as resources. The device is named as Linux names it:
 * "/virtio_mmio@a003e00" becomes "a003e00.virtio_mmio".
 */
#include <linux/kernel.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <kit.h>
#include <dde.h>
#include <dde_irq.h>

static struct property coherent_property = {
	.name = "dma-coherent",
};
static struct property compatible_property = {
	.name = "compatible",
	.next = &coherent_property,
};
static struct device_node device_node = {
	.properties = &compatible_property,
};

/* The strings stay where the env page has them; it lives as long as we do. */
static void node_fill(const struct kit_device *device)
{
	const char *last = strrchr(device->node, '/');

	compatible_property.value = (void *)device->compatible;
	compatible_property.length = strlen(device->compatible) + 1;
	device_node.full_name = last ? last + 1 : device->node;
	device_node.name = device_node.full_name;
	of_node_init(&device_node);
}

/* Addresses as the device tree gives them: ioremap() finds the mapping. */
static unsigned int resources_fill(const struct kit_device *device,
				   struct resource *resource)
{
	unsigned int count = 0;
	unsigned int i;

	for (i = 0; i < device->mmio_count; i++)
		resource[count++] =
			(struct resource)DEFINE_RES_MEM(device->mmio[i].bus,
							device->mmio[i].bytes);
	for (i = 0; i < device->irq_count; i++)
		resource[count++] = (struct resource)DEFINE_RES_IRQ(
			DDE_IRQ_FIRST + i);
	return count;
}

static struct platform_device *platform_device_make(void)
{
	const char *name = device_node.full_name;
	const char *at = strchr(name, '@');
	char bus_id[64];

	if (at)
		scnprintf(bus_id, sizeof(bus_id), "%s.%.*s", at + 1,
			  (int)(at - name), name);
	else
		strscpy(bus_id, name, sizeof(bus_id));
	return platform_device_alloc(bus_id, PLATFORM_DEVID_NONE);
}

/**
 * dde_device_create - add the device; a driver that matches is probed in it.
 *
 * Runs in the first fiber, as probe may sleep. A failed probe is no error here:
 * the driver core has logged it, and the class finds no object.
 */
int dde_device_create(void)
{
	const struct kit_device *device = kit_device();
	struct resource resource[KIT_MMIO_MAX + KIT_IRQ_MAX];
	struct platform_device *pdev;
	int err;

	if (!device->mmio_count) {
		pr_err("no device was given to this driver\n");
		return -ENODEV;
	}
	node_fill(device);
	pdev = platform_device_make();
	if (!pdev)
		return -ENOMEM;
	device_set_node(&pdev->dev, of_fwnode_handle(&device_node));
	err = platform_device_add_resources(pdev, resource,
					    resources_fill(device, resource));
	if (!err)
		err = platform_device_add(pdev);
	if (err)
		platform_device_put(pdev);
	return err;
}
