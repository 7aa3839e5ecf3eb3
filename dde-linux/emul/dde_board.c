// SPDX-License-Identifier: GPL-2.0-only
/*
 * dde_board.c - the device of a driver whose own table cannot find it.
 *
 * Stands for Linux's board files (arch/arm/mach-X), which tell by name which
 * driver has which registers and interrupts. Here drivers.config says it
 * (DDE_X_DEVICE), and the rest is read from the node that the process was
 * given. The platform bus matches by name: that of the driver's id.
 * Read next: dde_device.c
 */
#include <linux/dma-mapping.h>
#include <linux/kernel.h>
#include <linux/of_address.h>
#include <linux/of_irq.h>
#include <linux/platform_device.h>
#include <linux/string.h>
#include <kit.h>
#include <dde.h>

#define RESOURCES_MAX (KIT_MMIO_MAX + KIT_IRQ_MAX)

static char id_name[PLATFORM_NAME_SIZE]; /* "": the driver's first */

/**
 * dde_board_id - choose by which of the driver's ids the device is known.
 * @name: DDE_X_DEVICE_ID of drivers.config; copied
 *
 * Return: -EINVAL if no id of Linux can have that many characters.
 */
int dde_board_id(const char *name)
{
	return strscpy(id_name, name) < 0 ? -EINVAL : 0;
}

/* Files that are part of Linux's kernel have no owner. Among the modules the
 * driver's own comes last, behind those it needs. */
static int driver_name(struct device_driver *driver, void *name)
{
	const struct platform_driver *platform = to_platform_driver(driver);

	if (driver->owner)
		*(const char **)name = platform->id_table ?
					       platform->id_table->name :
					       driver->name;
	return 0;
}

/* Registers, then interrupts, as a board file lists them. Return: how many. */
static unsigned int resources_read(struct device_node *np, struct resource *res)
{
	unsigned int count = 0;

	while (count < KIT_MMIO_MAX &&
	       !of_address_to_resource(np, count, &res[count]))
		count++;
	return count + of_irq_to_resource_table(np, res + count, KIT_IRQ_MAX);
}

/**
 * dde_board_create - add the platform device that the driver knows by name.
 * @np: its node; properties and interrupts are read there
 *
 * Runs in a fiber. Return: 0; -ENODEV if it is no platform driver; -errno.
 */
int dde_board_create(struct device_node *np)
{
	struct resource res[RESOURCES_MAX] = { 0 };
	struct platform_device_info info = {
		.fwnode = of_fwnode_handle(np),
		.name = id_name,
		.id = PLATFORM_DEVID_NONE,
		.res = res,
		.num_res = resources_read(np, res),
		.dma_mask = DMA_BIT_MASK(32),
	};

	if (!*id_name) {
		info.name = NULL;
		bus_for_each_drv(&platform_bus_type, NULL, &info.name,
				 driver_name);
	}
	if (!info.name) {
		pr_err("%s cannot be given to this driver: it is none for the platform bus\n",
		       kit_device()->node);
		return -ENODEV;
	}
	return PTR_ERR_OR_ZERO(platform_device_register_full(&info));
}
