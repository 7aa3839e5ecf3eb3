/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config.h - what the manifest's args say about addresses.
 *
 *	args=nic=net0,address=10.0.2.15/24,gateway=10.0.2.2,dns=10.0.2.3,dhcp=off
 *
 * All words may be missing. nic: cards to use; none: every one there is.
 * address, gateway, dns: for the first card, if DHCP has not answered within
 * IP_DHCP_PATIENCE_MS, or at once with dhcp=off.
 */
#ifndef IP_CONFIG_H
#define IP_CONFIG_H

#include <stdint.h>
#include <glue/env.h>
#include <lwip/ip4_addr.h>

#include "nic.h"

#define IP_DHCP_PATIENCE_MS 10000u

struct ip_config {
	char nic[IP_NICS_MAX][GLUE_NAME_BYTES];
	unsigned int n_nics;
	int dhcp;
	int has_address;
	ip4_addr_t address, netmask, gateway, dns; /* all zero: not given */
};

/**
 * ip_config_read - understand the words of @args, separated by blanks.
 *
 * Return: NULL, or the first word that makes no sense (in a static buffer;
 *         what came before it counts, the rest was not read).
 */
const char *ip_config_read(struct ip_config *config, const char *args);

#endif
