// SPDX-License-Identifier: GPL-2.0-only
/*
 * dde_device.c - from the device tree of this process to its one device.
 *
 * Stands for what an architecture does with the tree while it boots, and for
 * of_platform_default_populate_init() of drivers/of/platform.c: there is one
 * device to create here, not a machine full of them. The broker has
 * cut a tree for us: the device with its parents, the interrupt controller and
 * the clocks that it names. Linux's own drivers/of reads it, so properties,
 * phandles, addresses and names are what they are under Linux. Only the device
 * and its clocks become Linux devices; nobody drives the others here.
 * Read next: broker/subtree.c (what is in the tree), irq-gic-v3.c
 */
#include <linux/fwnode.h>
#include <linux/kernel.h>
#include <linux/of.h>
#include <linux/of_fdt.h>
#include <linux/of_irq.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <kit.h>
#include <dde.h>
#include <dde_irq.h>

#include <../drivers/base/base.h> /* Linux's private one: deferred probes */

/* The device's node in the tree that drivers see from now on; NULL if none. */
static struct device_node *tree_unflatten(void)
{
	const struct kit_device *device = kit_device();
	struct device_node *root = NULL;

	of_fdt_unflatten_tree(device->tree, NULL, &root);
	if (!root)
		return NULL;
	of_node_clear_flag(root, OF_DETACHED);
	of_root = root;
	return of_find_node_by_path(device->node);
}

static bool node_is_below(const struct device_node *np,
			  const struct device_node *top)
{
	while (np && np != top)
		np = np->parent;
	return np != NULL;
}

/*
 * Clocks get a device, for Linux's fixed-clock drivers, before the driver asks
 * for them. No other node will ever have a driver in this process: whoever
 * depends on it need not wait.
 */
static void providers_create(const struct device_node *device_node)
{
	struct device_node *np;

	for_each_of_allnodes(np)
	{
		if (node_is_below(np, device_node))
			continue;
		fwnode_dev_initialized(&np->fwnode, true);
		if (of_property_present(np, "#clock-cells"))
			of_platform_device_create(np, NULL, NULL);
		of_node_set_flag(np, OF_POPULATED);
	}
}

static void controller_create(struct device_node *device_node)
{
	struct device_node *controller = of_irq_find_parent(device_node);

	if (controller)
		dde_irq_domain_create(controller);
	of_node_put(controller);
}

/**
 * dde_device_create - add the device; a driver that matches is probed in it.
 *
 * Runs in the first fiber, as probe may sleep. A failed probe is no error here:
 * the driver core has logged it, and no class appears (dde_class_start).
 */
int dde_device_create(void)
{
	struct device_node *np;

	if (!kit_device()->node[0])
		return 0; /* the driver makes its own */
	np = tree_unflatten();
	if (!np || !np->parent) {
		pr_err("no device, or no device tree, was given to this driver\n");
		return -ENODEV;
	}
	controller_create(np);
	providers_create(np);
	if (!kit_device()->alias[0])
		return dde_board_create(np);
	if (of_device_is_compatible(np, "arm,primecell") && dde_amba_bus)
		return dde_amba_bus(np);
	return of_platform_device_create(np, NULL, NULL) ? 0 : -ENODEV;
}

/*
 * Drivers say by dev_err_probe() what they wait for, which Linux shows in
 * debugfs. Its own warning would come ten seconds later.
 */
void dde_deferred_tell(void)
{
	struct kobject *kobj;

	if (!devices_kset)
		return; /* the start failed before there was any device */
	list_for_each_entry (kobj, &devices_kset->list, entry) {
		const struct device *dev = kobj_to_dev(kobj);

		if (dev->p && !list_empty(&dev->p->deferred_probe))
			pr_err("%s: its driver waits for what no driver in this process provides: %s\n",
			       dev_name(dev),
			       dev->p->deferred_probe_reason ?:
							       "it names none");
	}
}
