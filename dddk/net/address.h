/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * address.h - Ethernet addresses as numbers: what a little-endian load of their
 * six bytes gives.
 */
#ifndef DDDK_NET_ADDRESS_H
#define DDDK_NET_ADDRESS_H

#include <stdint.h>

#define NET_BROADCAST 0xfffffffffffful

static inline uint64_t net_mac_read(const void *bytes)
{
	uint32_t low;
	uint16_t high;

	__builtin_memcpy(&low, bytes, sizeof(low));
	__builtin_memcpy(&high, (const uint8_t *)bytes + 4, sizeof(high));
	return low | (uint64_t)high << 32;
}

/* The group bit: first bit on the wire, lowest of the first byte. */
static inline int net_mac_is_group(uint64_t mac)
{
	return mac & 1;
}

/* clients.c */
void net_address_write(uint8_t mac[6], uint64_t value);

#endif
