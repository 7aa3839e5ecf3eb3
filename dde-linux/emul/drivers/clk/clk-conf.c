// SPDX-License-Identifier: GPL-2.0-only
/*
 * clk-conf.c - clock settings that a device node asks for.
 *
 * Stands for drivers/clk/clk-conf.c.
 */
#include <linux/clk/clk-conf.h>
#include <dde.h>

int of_clk_set_defaults(struct device_node *node, bool clk_supplier)
{
	return 0;
}
DDE_NOOP(of_clk_set_defaults,
	 "every clock of a driver process is fixed: no rate or parent to set");
