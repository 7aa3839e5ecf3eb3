// SPDX-License-Identifier: GPL-2.0-only
/*
 * loopback.c - the loopback device, which a driver process does not have.
 *
 * Stands for drivers/net/loopback.c.
 */
#include <linux/netdevice.h>
#include <net/net_namespace.h>
#include <dde.h>

struct pernet_operations loopback_net_ops;
DDE_NOOP(loopback_net_ops, "a process has the one device that it drives");
