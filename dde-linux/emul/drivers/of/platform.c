// SPDX-License-Identifier: GPL-2.0-only
/*
 * platform.c - a device node becomes a device of the amba bus.
 *
 * Stands for of_amba_device_create() of drivers/of/platform.c, which is static
 * there; everything else of that file is Linux's own. Only processes whose
 * driver matches amba devices hold this file, and with it the amba bus and the
 * clock tree (dde_amba_bus, written by build/link_driver.py).
 */
#include <linux/amba/bus.h>
#include <linux/dma-mapping.h>
#include <linux/ioport.h>
#include <linux/of_address.h>
#include <linux/of_device.h>
#include <linux/platform_device.h>
#include <dde.h>

/**
 * dde_amba_create - add a PrimeCell, whose id its registers or its node tell.
 * @np: its node; the device keeps it
 *
 * Runs in a fiber. Return: 0, or why there is no device.
 */
int dde_amba_create(struct device_node *np)
{
	struct amba_device *dev = amba_device_alloc(NULL, 0, 0);
	int err;

	if (!dev)
		return -ENOMEM;
	dev->dev.coherent_dma_mask = DMA_BIT_MASK(32);
	dev->dev.dma_mask = &dev->dev.coherent_dma_mask;
	dev->dev.parent = &platform_bus;
	device_set_node(&dev->dev, of_fwnode_handle(np));
	of_device_make_bus_id(&dev->dev);
	of_property_read_u32(np, "arm,primecell-periphid", &dev->periphid);
	err = of_address_to_resource(np, 0, &dev->res);
	if (!err)
		err = amba_device_add(dev, &iomem_resource);
	if (err)
		amba_device_put(dev);
	return err;
}
