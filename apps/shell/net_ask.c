/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_ask.c - questions to an IP stack, with messages for a person.
 */
#include "net_ask.h"

#include <glue/print.h>
#include <glue/string.h>

#include "console.h"

#define DATA_BYTES 4096u
#define NAME_NS	   30000000000ul /* a name server that says nothing */

int net_open(const char *stack)
{
	return service_open("ip", GLUE_CLASS_IP, stack, DATA_BYTES);
}

int net_card(unsigned index, struct glue_ip_if *card)
{
	enum k_err err = service_ask(GLUE_IP_IF, index, sizeof(*card), NULL,
				     SERVICE_PATIENCE_NS);

	if (err == K_ERR_NOTFOUND || !service_good("asking for a card", err))
		return 0;
	memcpy(card, service_data(), sizeof(*card));
	card->service[sizeof(card->service) - 1] = '\0';
	card->driver[sizeof(card->driver) - 1] = '\0';
	return 1;
}

/* Why there is no address, in words. */
static void resolve_failed(const char *host, enum k_err err)
{
	if (err == K_ERR_TIMEOUT)
		console_printf("%s: no name server has answered\n", host);
	else if (err == K_ERR_NOTFOUND)
		console_printf("%s: there is no such name\n", host);
	else if (err == K_ERR_INVALID)
		console_printf("\"%s\" is not a host name or address\n", host);
	else if (err != K_ERR_GONE)
		service_good("asking for a name", err);
}

int net_resolve(const char *host, uint32_t *address)
{
	size_t bytes = strlen(host);
	uint64_t value = 0;
	enum k_err err = K_ERR_INVALID;

	if (bytes > 0 && bytes <= GLUE_IP_NAME_MAX) {
		memcpy(service_data(), host, bytes);
		err = service_ask(GLUE_IP_RESOLVE, 0, (uint32_t)bytes, &value,
				  NAME_NS);
	}
	*address = (uint32_t)value;
	if (err)
		resolve_failed(host, err);
	return !err;
}

void net_address_text(char *text, uint32_t address)
{
	glue_snprintf(text, NET_ADDRESS_BYTES, "%u.%u.%u.%u", address >> 24,
		      address >> 16 & 255, address >> 8 & 255, address & 255);
}

void net_mac_text(char *text, const uint8_t mac[6])
{
	glue_snprintf(text, NET_MAC_BYTES, "%02x:%02x:%02x:%02x:%02x:%02x",
		      mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}
