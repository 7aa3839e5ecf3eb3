/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ip_hooks.h - functions of ours that lwIP's files call by name.
 */
#ifndef IP_HOOKS_H
#define IP_HOOKS_H

#include <stdint.h>

struct ip4_addr;

/**
 * ip_tcp_isn - the first sequence number of a connection.
 *
 * Differs for each pair of addresses and ports in a way only this process
 * knows, and grows with time. Source: RFC 6528, section 3.
 */
uint32_t ip_tcp_isn(const struct ip4_addr *local, uint16_t local_port,
		    const struct ip4_addr *remote, uint16_t remote_port);

#endif
