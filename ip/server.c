/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server.c - answers the requests of glue/ip.h.
 *
 * What is known is answered at once; pings and names stay open until their
 * answer, their deadline, or until nobody waits for them any more.
 * Sizes and operations were checked by dddk's request service before.
 */
#include "server.h"

#include <dddk/request_service.h>
#include <glue/ip.h>
#include <glue/string.h>
#include <lwip/etharp.h>
#include <lwip/init.h>

#include "ping.h"
#include "resolve.h"
#include "stack.h"

static enum k_err interface_tell(const struct dddk_req *req)
{
	struct ip_nic *nic = ip_stack_nic((unsigned int)req->arg);
	struct glue_ip_if info;

	if (!nic)
		return K_ERR_NOTFOUND;
	ip_stack_describe(nic, &info);
	memcpy(req->data, &info, sizeof(info));
	dddk_req_complete(req->token, K_OK, sizeof(info));
	return K_OK;
}

static enum k_err neighbours_tell(const struct dddk_req *req)
{
	const struct ip_nic *nic = ip_stack_nic((unsigned int)req->arg);
	struct glue_ip_neighbour *entry = req->data;
	uint32_t room = req->bytes / sizeof(*entry), used = 0;

	if (!nic)
		return K_ERR_NOTFOUND;
	for (size_t i = 0; i < ARP_TABLE_SIZE && used < room; i++) {
		struct eth_addr *mac;
		struct netif *netif;
		ip4_addr_t *address;

		if (!etharp_get_entry(i, &address, &netif, &mac) ||
		    netif != &nic->netif)
			continue;
		entry[used].address = lwip_ntohl(address->addr);
		memcpy(entry[used].mac, mac, sizeof(entry[used].mac));
		memset(entry[used].rsvd, 0, sizeof(entry[used].rsvd));
		used++;
	}
	dddk_req_complete(req->token, K_OK, used * sizeof(*entry));
	return K_OK;
}

static enum k_err stats_tell(const struct dddk_req *req)
{
	struct glue_ip_stats stats;

	ip_stack_stats(&stats);
	memcpy(req->data, &stats, sizeof(stats));
	dddk_req_complete(req->token, K_OK, sizeof(stats));
	return K_OK;
}

/* The client may still write the name: judge a copy. */
static enum k_err name_resolve(const struct dddk_req *req)
{
	char name[GLUE_IP_NAME_MAX];

	if (req->bytes > sizeof(name))
		return K_ERR_RANGE;
	memcpy(name, req->data, req->bytes);
	return ip_resolve_start(req->token, name, req->bytes,
				dddk_req_complete);
}

static enum k_err request_begin(const struct dddk_req *req)
{
	switch (req->op) {
	case GLUE_IP_IF:
		return interface_tell(req);
	case GLUE_IP_PING:
		return ip_ping_start(req->token, req->arg);
	case GLUE_IP_ARP:
		return neighbours_tell(req);
	case GLUE_IP_RESOLVE:
		return name_resolve(req);
	case GLUE_IP_STATS:
		return stats_tell(req);
	default:
		return K_ERR_UNSUPPORTED;
	}
}

/* Every error is an answer, also K_ERR_BUSY: nobody shall wait in the ring for
 * the pings of others. */
static enum k_err submit(void *drv, const struct dddk_req *req)
{
	enum k_err err = request_begin(req);

	(void)drv;
	if (err)
		dddk_req_complete(req->token, err, 0);
	return K_OK;
}

static void cancel(void *drv, uint32_t token)
{
	(void)drv;
	if (!ip_ping_cancel(token))
		ip_resolve_cancel(token);
}

enum k_err ip_server_start(void)
{
	static const struct dddk_req_ops ops = { submit, cancel, NULL };
	struct glue_ip_info info = { .interfaces = ip_stack_count() };

	glue_strlcpy(info.stack, "lwIP " LWIP_VERSION_STRING,
		     sizeof(info.stack));
	if (!ip_ping_init(dddk_req_complete))
		return K_ERR_NOMEM;
	dddk_req_start(&dddk_class_ip, &ops, NULL, &info);
	return K_OK;
}
