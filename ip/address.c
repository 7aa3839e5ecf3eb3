/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * address.c - DHCP with the manifest's address behind it.
 *
 * DHCP is asked as long as the link is up and nobody has answered. After
 * IP_DHCP_PATIENCE_MS the fixed address is taken, if there is one, and DHCP is
 * over: an address that changes under its users helps nobody.
 */
#include "address.h"

#include <glue/print.h>
#include <lwip/dhcp.h>
#include <lwip/dns.h>
#include <lwip/timeouts.h>

static const struct ip_config *fallback; /* of the first card; NULL: none */

static unsigned int mask_bits(const ip4_addr_t *mask)
{
	uint32_t bits = lwip_ntohl(mask->addr);

	return bits ? 32 - (unsigned int)__builtin_ctz(bits) : 0;
}

unsigned int ip_address_dhcp(const struct ip_nic *nic)
{
	if (!netif_dhcp_data(&nic->netif))
		return 0;
	return dhcp_supplied_address(&nic->netif) ? 2 : 1;
}

/* lwIP calls this when an address has come or gone. */
static void address_changed(struct netif *netif)
{
	const struct ip_nic *nic = netif->state;
	char address[IP4ADDR_STRLEN_MAX], gateway[IP4ADDR_STRLEN_MAX];

	if (ip4_addr_isany_val(*netif_ip4_addr(netif)))
		return;
	ip4addr_ntoa_r(netif_ip4_addr(netif), address, sizeof(address));
	ip4addr_ntoa_r(netif_ip4_gw(netif), gateway, sizeof(gateway));
	glue_printf("ip: %s has %s/%u%s, gateway %s\n", nic->service, address,
		    mask_bits(netif_ip4_netmask(netif)),
		    ip_address_dhcp(nic) ? " from DHCP" : "", gateway);
}

static void link_logged(struct netif *netif)
{
	const struct ip_nic *nic = netif->state;

	glue_printf("ip: %s: link %s\n", nic->service,
		    netif_is_link_up(netif) ? "up" : "down");
}

static void fixed_use(struct netif *netif)
{
	if (!ip4_addr_isany_val(fallback->dns)) {
		ip_addr_t dns = fallback->dns;

		dns_setserver(0, &dns);
	}
	netif_set_addr(netif, &fallback->address, &fallback->netmask,
		       &fallback->gateway);
}

/* The patience is over; without a link DHCP had no chance, so wait again. */
static void dhcp_judge(void *arg)
{
	struct netif *netif = arg;

	if (dhcp_supplied_address(netif))
		return;
	if (!netif_is_link_up(netif)) {
		sys_timeout(IP_DHCP_PATIENCE_MS, dhcp_judge, netif);
		return;
	}
	dhcp_release_and_stop(netif);
	dhcp_cleanup(netif);
	fixed_use(netif);
}

void ip_address_start(struct ip_nic *nic, const struct ip_config *config,
		      int first)
{
	struct netif *netif = &nic->netif;
	int fixed = first && config->has_address;

	netif_set_status_callback(netif, address_changed);
	netif_set_link_callback(netif, link_logged);
	netif_set_hostname(netif, "kaal");
	if (fixed)
		fallback = config;
	if (config->dhcp && dhcp_start(netif) != ERR_OK)
		glue_printf("ip: %s: no memory for DHCP\n", nic->service);
	if (fixed && config->dhcp)
		sys_timeout(IP_DHCP_PATIENCE_MS, dhcp_judge, netif);
	else if (fixed)
		fixed_use(netif);
}
