/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dde_net.h - what the emulated net core and the net class's glue share.
 */
#ifndef DDE_NET_H
#define DDE_NET_H

struct sk_buff;

/* A received frame, its data behind the Ethernet header, which is at the mac
 * header. Takes the skb. Runs in the net softirq (class/net.c). */
void dde_net_receive(struct sk_buff *skb);

#endif
