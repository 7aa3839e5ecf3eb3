/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answers.c - what `net info` and `net stats` are told.
 */
#include <glue/string.h>
#include <lwip/dns.h>
#include <lwip/priv/memp_priv.h>
#include <lwip/stats.h>

#include "address.h"
#include "conn.h"
#include "services.h"
#include "stack.h"

void ip_stack_describe(struct ip_nic *nic, struct glue_ip_if *info)
{
	const struct glue_net_info *card = glue_net_info(&nic->net);
	const struct netif *netif = &nic->netif;

	ip_nic_refresh(nic);
	*info = (struct glue_ip_if){
		.link = netif_is_link_up(netif) ? 1 : 0,
		.dhcp = (uint8_t)ip_address_dhcp(nic),
		.address = lwip_ntohl(netif_ip4_addr(netif)->addr),
		.netmask = lwip_ntohl(netif_ip4_netmask(netif)->addr),
		.gateway = lwip_ntohl(netif_ip4_gw(netif)->addr),
		.dns = lwip_ntohl(ip_2_ip4(dns_getserver(0))->addr),
		.mtu = netif->mtu,
		.features = card->features,
		.speed_mbit = card->speed_mbit,
		.shared = card->shared,
		.frames_in = nic->counters.frames_in,
		.frames_out = nic->counters.frames_out,
		.bytes_in = nic->counters.bytes_in,
		.bytes_out = nic->counters.bytes_out,
	};
	glue_strlcpy(info->service, nic->service, sizeof(info->service));
	memcpy(info->mac, netif->hwaddr, sizeof(info->mac));
	memcpy(info->driver, card->driver, sizeof(info->driver));
	info->driver[sizeof(info->driver) - 1] = '\0';
}

/* What one card has counted, and its driver for us. */
static void nic_stats(struct ip_nic *nic, struct glue_ip_stats *stats)
{
	const struct ip_nic_counters *c = &nic->counters;
	struct glue_net_stats card;

	if (!nic->gone && ip_nic_ask_stats(nic, &card))
		stats->dropped_in += card.dropped_no_buffer;
	stats->frames_in += c->frames_in;
	stats->frames_out += c->frames_out;
	stats->bytes_in += c->bytes_in;
	stats->bytes_out += c->bytes_out;
	stats->dropped_in += c->dropped_short + c->dropped_memory;
	stats->dropped_out += c->dropped_out;
	stats->foreign += c->foreign;
}

/* The heap and every pool of lwIP. */
static void memory_stats(struct glue_ip_stats *stats)
{
	stats->memory_bytes = lwip_stats.mem.used;
	stats->memory_peak_bytes = lwip_stats.mem.max;
	for (unsigned int i = 0; i < MEMP_MAX; i++) {
		const struct memp_desc *pool = memp_pools[i];

		stats->memory_bytes += (uint64_t)pool->stats->used * pool->size;
		stats->memory_peak_bytes += (uint64_t)pool->stats->max *
					    pool->size;
	}
}

void ip_stack_stats(struct glue_ip_stats *stats)
{
	const struct stats_mib2 *mib = &lwip_stats.mib2;

	*stats = (struct glue_ip_stats){
		.checksum_errors = lwip_stats.ip.chkerr +
				   lwip_stats.icmp.chkerr +
				   lwip_stats.udp.chkerr +
				   lwip_stats.tcp.chkerr,
		.tcp_segments_in = mib->tcpinsegs,
		.tcp_segments_out = mib->tcpoutsegs,
		.tcp_retransmitted = mib->tcpretranssegs,
		.udp_in = mib->udpindatagrams,
		.udp_out = mib->udpoutdatagrams,
		.icmp_in = mib->icmpinmsgs,
		.icmp_out = mib->icmpoutmsgs,
		.echo_tcp_connections = ip_conn_accepted,
		.echo_tcp_bytes = ip_services_counters.echo_tcp_bytes,
		.echo_udp_datagrams = ip_services_counters.echo_udp_datagrams,
	};
	for (unsigned int i = 0; i < ip_stack_count(); i++)
		nic_stats(ip_stack_nic(i), stats);
	memory_stats(stats);
}
