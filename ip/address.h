/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * address.h - how a card gets its address: DHCP, or what the manifest says.
 */
#ifndef IP_ADDRESS_H
#define IP_ADDRESS_H

#include "config.h"
#include "nic.h"

/* Begin for one card; @config stays. Only the @first gets fixed addresses. */
void ip_address_start(struct ip_nic *nic, const struct ip_config *config,
		      int first);

/* As struct glue_ip_if wants it: 0 fixed, 1 asking, 2 given by DHCP. */
unsigned int ip_address_dhcp(const struct ip_nic *nic);

#endif
