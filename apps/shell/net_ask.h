/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_ask.h - asking an IP stack, and writing addresses, for the net commands.
 *
 * One stack is open at a time (service.h); functions that fail have said why.
 */
#ifndef SHELL_NET_ASK_H
#define SHELL_NET_ASK_H

#include <stdint.h>
#include <glue/ip.h>

#include "service.h"

#define NET_ADDRESS_BYTES 16u
#define NET_MAC_BYTES	  18u

/* Open a stack: "ip1" or "1". Answers lie at service_data(), a page. Return:
 * 0 if there is none such. */
int net_open(const char *stack);

/* Card @index of the open stack. Return: 0 past the last one. */
int net_card(unsigned index, struct glue_ip_if *card);

/* Name or dotted address to address. ^C ends it. */
int net_resolve(const char *host, uint32_t *address);

/* Text of an address, zero-terminated. */
void net_address_text(char *text, uint32_t address);
void net_mac_text(char *text, const uint8_t mac[6]);

#endif
