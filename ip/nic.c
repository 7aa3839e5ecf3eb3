/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic.c - network card: open, link changes, a turn of the loop.
 *
 * lwIP knows the card as a netif; the driver knows us as a client of its net
 * service. Read next: nic_receive.c, nic_send.c
 */
#include "nic.h"

#include <glue/find.h>
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>
#include <lwip/etharp.h>
#include <netif/ethernet.h>

#define MTU_MIN	  576u	/* RFC 791: every host takes so much */
#define MTU_USUAL 1500u /* Ethernet */
#define OPEN_NS	  5000000000ul
#define ANSWER_NS 1000000000ul

/* Checksums that the card makes; those of received frames: nic_receive.c. */
static uint16_t checksums_ours(const struct glue_net_info *info)
{
	uint16_t ours = NETIF_CHECKSUM_ENABLE_ALL;

	if (info->features & GLUE_NET_F_CSUM)
		ours &= (uint16_t) ~(NETIF_CHECKSUM_GEN_TCP |
				     NETIF_CHECKSUM_GEN_UDP);
	return ours;
}

/* The card's MTU, if a frame of it fits a place; else everybody's. */
static uint16_t mtu_choose(const struct glue_net_info *info)
{
	if (info->mtu < MTU_MIN ||
	    info->mtu > IP_NIC_PLACE_BYTES - GLUE_NET_MIN_BYTES)
		return MTU_USUAL;
	return (uint16_t)info->mtu;
}

/* lwIP calls this from netif_add. */
static err_t netif_start(struct netif *netif)
{
	const struct ip_nic *nic = netif->state;
	const struct glue_net_info *info = glue_net_info(&nic->net);

	netif->name[0] = 'n';
	netif->name[1] = 'e';
	netif->output = etharp_output;
	netif->linkoutput = ip_nic_output;
	netif->mtu = mtu_choose(info);
	netif->hwaddr_len = sizeof(info->mac);
	memcpy(netif->hwaddr, info->mac, sizeof(info->mac));
	netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP |
		       NETIF_FLAG_ETHERNET;
	NETIF_SET_CHECKSUM_CTRL(netif, checksums_ours(info));
	return ERR_OK;
}

/* lwIP tells the neighbours itself when the link comes up or an address is
 * set. A link that only stays up has been moved to another wire. */
static void link_changed(struct glue_net *net)
{
	struct ip_nic *nic = net->owner;
	struct netif *netif = &nic->netif;

	if (!glue_net_info(net)->link)
		netif_set_link_down(netif);
	else if (!netif_is_link_up(netif))
		netif_set_link_up(netif);
	else if (!ip4_addr_isany_val(*netif_ip4_addr(netif)))
		etharp_gratuitous(netif);
}

/* A channel to the driver, all places ours. */
static enum k_err net_open(struct ip_nic *nic)
{
	enum k_err err = glue_net_open(&nic->net, nic->service,
				       IP_NIC_LEND_BYTES,
				       glue_deadline_ns(OPEN_NS));

	if (err)
		return err;
	nic->net.owner = nic;
	nic->net.link_changed = link_changed;
	if (glue_net_info(&nic->net)->fill_bytes > IP_NIC_PLACE_BYTES)
		err = K_ERR_UNSUPPORTED; /* it wants larger buffers */
	else if (!ip_nic_receive_start(nic) || !ip_nic_send_start(nic))
		err = K_ERR_NOMEM;
	if (err)
		glue_net_close(&nic->net);
	return err;
}

static void net_begin(struct ip_nic *nic)
{
	link_changed(&nic->net);
	ip_nic_refill(nic);
	glue_net_kick(&nic->net);
}

enum k_err ip_nic_open(struct ip_nic *nic, const char *service)
{
	enum k_err err;

	memset(nic, 0, sizeof(*nic));
	glue_strlcpy(nic->service, service, sizeof(nic->service));
	err = net_open(nic);
	if (err)
		return err;
	if (!netif_add(&nic->netif, IP4_ADDR_ANY4, IP4_ADDR_ANY4, IP4_ADDR_ANY4,
		       nic, netif_start, ethernet_input)) {
		glue_net_close(&nic->net);
		return K_ERR_NOMEM;
	}
	netif_set_up(&nic->netif);
	net_begin(nic);
	return K_OK;
}

/* The driver has ended: no link any more. Said once. */
static void nic_gone(struct ip_nic *nic)
{
	nic->gone = 1;
	glue_printf("ip: %s is gone: its driver has ended or misbehaved\n",
		    nic->service);
	netif_set_link_down(&nic->netif);
}

/* Somebody may start the driver again. Not before lwIP holds no bytes in the
 * places of the old channel. */
static void nic_return(struct ip_nic *nic)
{
	struct glue_service_info driver;

	if (!ip_nic_receive_is_idle(nic) ||
	    glue_service_find(nic->service, &driver) ||
	    driver.state != GLUE_PROC_READY)
		return;
	glue_net_close(&nic->net);
	if (net_open(nic))
		return;
	nic->gone = 0;
	glue_printf("ip: %s is back\n", nic->service);
	net_begin(nic);
}

void ip_nic_turn(struct ip_nic *nic, int look)
{
	if (nic->gone && look)
		nic_return(nic);
	glue_net_poll(&nic->net);
	if (!glue_net_is_open(&nic->net)) {
		if (!nic->gone)
			nic_gone(nic);
		return;
	}
	ip_nic_refill(nic);
	glue_net_kick(&nic->net);
}

void ip_nic_refresh(struct ip_nic *nic)
{
	if (!nic->gone)
		glue_net_refresh(&nic->net, glue_deadline_ns(ANSWER_NS));
}

int ip_nic_ask_stats(struct ip_nic *nic, struct glue_net_stats *stats)
{
	memset(stats, 0, sizeof(*stats));
	return glue_net_stats(&nic->net, stats, glue_deadline_ns(ANSWER_NS)) ==
	       K_OK;
}
