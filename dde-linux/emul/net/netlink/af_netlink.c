// SPDX-License-Identifier: GPL-2.0-only
/*
 * af_netlink.c - netlink, of which drivers see the error texts only.
 *
 * Stands for net/netlink/af_netlink.c.
 */
#include <linux/netlink.h>
#include <dde.h>

void do_trace_netlink_extack(const char *msg)
{
}
DDE_NOOP(do_trace_netlink_extack, "there is no tracing");
