// SPDX-License-Identifier: GPL-2.0-only
/*
 * rtnetlink.c - the RTNL mutex, and messages to a user space that is not there.
 *
 * Stands for net/core/rtnetlink.c.
 */
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <dde.h>

/* In net/core/dev.c; declared in its private net/core/dev.h. */
extern void netdev_run_todo(void);

static DEFINE_MUTEX(rtnl_mutex);

void rtnl_lock(void)
{
	mutex_lock(&rtnl_mutex);
}
DDE_EMULATED(rtnl_lock);

int rtnl_trylock(void)
{
	return mutex_trylock(&rtnl_mutex);
}
DDE_EMULATED(rtnl_trylock);

int rtnl_lock_killable(void)
{
	rtnl_lock();
	return 0;
}
DDE_EMULATED(rtnl_lock_killable);

int rtnl_is_locked(void)
{
	return mutex_is_locked(&rtnl_mutex);
}
DDE_EMULATED(rtnl_is_locked);

void __rtnl_unlock(void)
{
	mutex_unlock(&rtnl_mutex);
}
DDE_EMULATED(__rtnl_unlock);

/* Linux finishes devices that were removed under the lock; it lets go of it. */
void rtnl_unlock(void)
{
	netdev_run_todo();
}
DDE_EMULATED(rtnl_unlock);

void rtmsg_ifinfo(int type, struct net_device *dev, unsigned int change,
		  gfp_t flags, u32 portid, const struct nlmsghdr *nlh)
{
}
DDE_NOOP(rtmsg_ifinfo, "no user space listens");

struct sk_buff *rtmsg_ifinfo_build_skb(int type, struct net_device *dev,
				       unsigned int change, u32 event,
				       gfp_t flags, int *new_nsid,
				       int new_ifindex, u32 portid,
				       const struct nlmsghdr *nlh)
{
	return NULL;
}
DDE_NOOP(rtmsg_ifinfo_build_skb, "no user space listens");

void rtmsg_ifinfo_send(struct sk_buff *skb, struct net_device *dev, gfp_t flags,
		       u32 portid, const struct nlmsghdr *nlh)
{
	kfree_skb(skb);
}
DDE_NOOP(rtmsg_ifinfo_send, "no user space listens");
