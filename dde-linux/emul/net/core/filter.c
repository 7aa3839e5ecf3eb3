// SPDX-License-Identifier: GPL-2.0-only
/*
 * filter.c - BPF programs that nobody can load.
 *
 * Stands for net/core/filter.c and kernel/bpf. Without user space no program
 * is ever attached to a device, so what runs, counts or redirects for one is
 * never reached; drivers only link with it.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/netdevice.h>
#include <net/xdp.h>
#include <dde.h>

DEFINE_STATIC_KEY_FALSE(bpf_master_redirect_enabled_key);
DEFINE_STATIC_KEY_FALSE(bpf_stats_enabled_key);
DDE_NOOP(bpf_master_redirect_enabled_key, "no BPF program can be attached");
DDE_NOOP(bpf_stats_enabled_key, "no BPF program can be attached");

void bpf_warn_invalid_xdp_action(struct net_device *dev, struct bpf_prog *prog,
				 u32 act)
{
}
DDE_NOOP(bpf_warn_invalid_xdp_action, "no BPF program can be attached");

void bpf_prog_change_xdp(struct bpf_prog *prev, struct bpf_prog *prog)
{
}
DDE_NOOP(bpf_prog_change_xdp, "no BPF program can be attached");

void xdp_do_flush(void)
{
}
DDE_NOOP(xdp_do_flush, "nothing is ever redirected");

int xdp_do_redirect(struct net_device *dev, struct xdp_buff *xdp,
		    struct bpf_prog *prog)
{
	return -EOPNOTSUPP;
}
DDE_NOOP(xdp_do_redirect, "no BPF program can be attached");

int xdp_do_generic_redirect(struct net_device *dev, struct sk_buff *skb,
			    struct xdp_buff *xdp, struct bpf_prog *prog)
{
	return -EOPNOTSUPP;
}
DDE_NOOP(xdp_do_generic_redirect, "no BPF program can be attached");

u32 xdp_master_redirect(struct xdp_buff *xdp)
{
	return XDP_ABORTED;
}
DDE_NOOP(xdp_master_redirect, "no BPF program can be attached");
