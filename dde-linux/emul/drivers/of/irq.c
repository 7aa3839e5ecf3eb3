// SPDX-License-Identifier: GPL-2.0-only
/*
 * irq.c - interrupts of a device node.
 *
 * Stands for drivers/of/irq.c. The broker has resolved them, so there is no
 * interrupt controller node to ask: interrupt i of the node is the device's i.
 */
#include <linux/errno.h>
#include <linux/of_irq.h>
#include <kit.h>
#include <dde.h>
#include <dde_irq.h>

int of_irq_get(struct device_node *node, int index)
{
	if (index < 0 || index >= kit_device()->irq_count)
		return -EINVAL;
	return DDE_IRQ_FIRST + index;
}
DDE_EMULATED(of_irq_get);

int of_irq_parse_one(struct device_node *node, int index,
		     struct of_phandle_args *args)
{
	return -EINVAL;
}
DDE_NOOP(of_irq_parse_one, "no interrupt controller node; of_irq_get answers");

/* Declared in Linux's private drivers/of/of_private.h. */
extern struct device_node *of_irq_parse_imap_parent(
	const __be32 *imap, int len, struct of_phandle_args *args);

struct device_node *of_irq_parse_imap_parent(const __be32 *imap, int len,
					     struct of_phandle_args *args)
{
	return NULL;
}
DDE_NOOP(of_irq_parse_imap_parent, "no interrupt-map in a one-device tree");
