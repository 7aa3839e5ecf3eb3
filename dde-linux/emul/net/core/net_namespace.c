// SPDX-License-Identifier: GPL-2.0-only
/*
 * net_namespace.c - the one network namespace of a driver process.
 *
 * Stands for net/core/net_namespace.c. What subsystems register for every
 * namespace is run for this one at once.
 */
#include <linux/netdevice.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <dde.h>

/* No holder ever lets go of it: it lives as long as the process. */
struct net init_net = {
	.ns.count = REFCOUNT_INIT(1),
	.passive = REFCOUNT_INIT(1),
	.dev_base_head = LIST_HEAD_INIT(init_net.dev_base_head),
	.dev_base_seq = 1,
};
DDE_EMULATED(init_net);

struct list_head net_namespace_list = LIST_HEAD_INIT(init_net.list);
DECLARE_RWSEM(pernet_ops_rwsem);
DDE_EMULATED(net_namespace_list);
DDE_EMULATED(pernet_ops_rwsem);

/* The list of namespaces has this one member, linked when first needed. */
static void namespace_link(void)
{
	if (init_net.list.next)
		return;
	init_net.list.next = &net_namespace_list;
	init_net.list.prev = &net_namespace_list;
	net_namespace_list.next = &init_net.list;
	net_namespace_list.prev = &init_net.list;
}

/* Private memory of a subsystem would be found by an id; none needs it here. */
static int operations_start(struct pernet_operations *ops)
{
	namespace_link();
	if (ops->id)
		return -EOPNOTSUPP;
	return ops->init ? ops->init(&init_net) : 0;
}

int register_pernet_subsys(struct pernet_operations *ops)
{
	return operations_start(ops);
}
DDE_EMULATED(register_pernet_subsys);

int register_pernet_device(struct pernet_operations *ops)
{
	return operations_start(ops);
}
DDE_EMULATED(register_pernet_device);

void unregister_pernet_subsys(struct pernet_operations *ops)
{
	if (ops->exit)
		ops->exit(&init_net);
}
DDE_EMULATED(unregister_pernet_subsys);

void unregister_pernet_device(struct pernet_operations *ops)
{
	unregister_pernet_subsys(ops);
}
DDE_EMULATED(unregister_pernet_device);
