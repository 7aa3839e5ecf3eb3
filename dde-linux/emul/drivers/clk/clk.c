// SPDX-License-Identifier: GPL-2.0-only
/*
 * clk.c - clocks: this process sees none of the machine's.
 *
 * Stands for drivers/clk/clk.c and clk-conf.c.
 */
#include <linux/clk-provider.h>
#include <linux/clk/clk-conf.h>
#include <dde.h>

int of_clk_set_defaults(struct device_node *node, bool clk_supplier)
{
	return 0;
}
DDE_NOOP(of_clk_set_defaults, "the node has no assigned-clocks");

const char *__clk_get_name(const struct clk *clk)
{
	return "clk";
}
DDE_NOOP(__clk_get_name, "only for messages; no clock can be got");
