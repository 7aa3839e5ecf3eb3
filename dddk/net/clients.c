/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clients.c - net service: addresses for clients that come and go; the start.
 *
 * The first client has the NIC's own address. The others get one made from it:
 * locally administered, 02:4b, then the client's number, then the last three
 * bytes of the NIC's. An address is free again when its client has gone.
 */
#include <dddk/log.h>
#include <glue/counters.h>
#include <glue/net_check.h>
#include <glue/rt.h>

#include "internal.h"

uint64_t *net_counts[NET_COUNTS];

static const char *const count_name[NET_COUNTS] = {
	[NET_SENT_FRAMES] = "net sent frames",
	[NET_SENT_BYTES] = "net sent bytes",
	[NET_RECEIVED_FRAMES] = "net received frames",
	[NET_RECEIVED_BYTES] = "net received bytes",
	[NET_NO_BUFFER] = "net dropped, no buffer",
	[NET_TOO_LONG] = "net dropped, too long",
	[NET_NOBODYS] = "net dropped, nobody's",
	[NET_REFUSED] = "net refused",
	[NET_BAD] = "net dropped, malformed",
};

static void counts_start(void)
{
	unsigned int i;

	for (i = 0; i < NET_COUNTS; i++)
		net_counts[i] = glue_counter_add(GLUE_COUNTER_EVENT,
						 count_name[i]);
}

void net_address_write(uint8_t mac[6], uint64_t value)
{
	unsigned int i;

	for (i = 0; i < 6; i++, value >>= 8)
		mac[i] = (uint8_t)value;
}

static uint64_t address_of(unsigned int number)
{
	uint8_t mac[6];

	__builtin_memcpy(mac, dddk_net.info.mac, sizeof(mac));
	if (number) {
		mac[0] = 0x02;
		mac[1] = 0x4b;
		mac[2] = (uint8_t)number;
	}
	return net_mac_read(mac);
}

static void report_region(const struct dddk_channel *channel, int opened)
{
	if (dddk_net.on_region)
		dddk_net.on_region(channel->data, channel->data_bus,
				   channel->data_bytes, opened);
}

static void only_find(void)
{
	uint32_t used = dddk_net.used;

	dddk_net.only = used && !(used & (used - 1)) ?
				&dddk_net.client[__builtin_ctz(used)] :
				NULL;
}

static void client_opened(struct dddk_channel *channel)
{
	unsigned int i;

	report_region(channel, 1);
	i = (unsigned int)__builtin_ctz(~dddk_net.used);
	dddk_net.of[channel->index] = NULL;
	if (i == DDDK_NET_CLIENTS || channel->tx.depth > GLUE_NET_DEPTH) {
		dddk_log("client %.16s refused: %u clients are served, no more",
			 glue_chan(channel->index)->peer, DDDK_NET_CLIENTS);
		return;
	}
	dddk_net.client[i] = (struct net_client){ .channel = channel,
						  .mac = address_of(i) };
	dddk_net.of[channel->index] = &dddk_net.client[i];
	dddk_net.used |= 1u << i;
	only_find();
	dddk_net.filter_due = 1;
}

/* Buffers and the open LINK request are only remembered: they end at once. */
static void client_stopped(struct dddk_channel *channel)
{
	struct net_client *client = net_client_of(channel);

	if (!client)
		return;
	net_drop_fills(client, 0);
	if (client->link_waits) {
		client->link_waits = 0;
		channel->in_flight--;
	}
}

static void client_orphaned(struct dddk_channel *channel)
{
	uint32_t i;

	for (i = 0; i < dddk_tokens.used; i++) {
		struct dddk_token *token = &dddk_tokens.token[i];

		if (token->state == DDDK_TOKEN_BUSY &&
		    token->chan == channel->index)
			token->state = DDDK_TOKEN_ORPHAN;
	}
}

static void client_closed(struct dddk_channel *channel)
{
	struct net_client *client = net_client_of(channel);

	if (client) {
		client->channel = NULL;
		dddk_net.used &= ~(1u << (client - dddk_net.client));
		only_find();
		dddk_net.of[channel->index] = NULL;
		dddk_net.filter_due = 1;
	}
	report_region(channel, 0);
}

const struct dddk_channels_kind net_kind = {
	.class_id = GLUE_CLASS_NET,
	.sqe_bytes = sizeof(struct glue_net_sqe),
	.cqe_bytes = sizeof(struct glue_net_cqe),
	.opened = client_opened,
	.stopped = client_stopped,
	.orphaned = client_orphaned,
	.closed = client_closed,
};

/* Add to a list of addresses what is not in it yet. */
static uint32_t list_add(uint8_t (*list)[6], uint32_t n, uint64_t mac)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		if (net_mac_read(list[i]) == mac)
			return n;
	net_address_write(list[n], mac);
	return n + 1;
}

void net_filter_update(void)
{
	static uint8_t unicast[DDDK_NET_CLIENTS][6];
	static uint8_t group[DDDK_NET_CLIENTS * GLUE_NET_MULTICASTS][6];
	struct dddk_net_filter filter = { .unicast = unicast,
					  .multicast = group };
	uint32_t left;
	unsigned int k;

	dddk_net.filter_due = 0;
	for (left = dddk_net.used; left; left &= left - 1) {
		unsigned int i = (unsigned int)__builtin_ctz(left);
		const struct net_client *client = &dddk_net.client[i];

		if (i > 0)
			filter.n_unicast = list_add(unicast, filter.n_unicast,
						    client->mac);
		for (k = 0; k < client->n_groups; k++)
			filter.n_multicast = list_add(group, filter.n_multicast,
						      client->group[k]);
	}
	dddk_nic_set_filter(&filter);
}

void dddk_net_on_region(void (*changed)(void *data, uint64_t bus,
					uint64_t bytes, int opened))
{
	dddk_net.on_region = changed;
}

static void link_tell_all(int announce)
{
	uint32_t left;

	for (left = dddk_net.used; left; left &= left - 1) {
		struct net_client *client =
			&dddk_net.client[__builtin_ctz(left)];

		client->announce |= announce != 0;
		net_link_tell(client);
	}
}

void dddk_net_set_link(int up, uint32_t speed_mbit)
{
	dddk_net.info.link = up != 0;
	dddk_net.info.speed_mbit = speed_mbit;
	link_tell_all(0);
}

void dddk_net_announce(void)
{
	link_tell_all(1);
}

enum k_err dddk_net_start(uint32_t whole_bytes,
			  const struct glue_net_info *info)
{
	struct glue_net_info checked = *info;

	if (checked.fill_bytes == 0)
		checked.fill_bytes = checked.mtu + GLUE_NET_MIN_BYTES;
	if (glue_net_check_info(&checked) || whole_bytes < DDDK_NET_WHOLE) {
		dddk_log("the device claims an MTU of %u: refused", info->mtu);
		return K_ERR_INVALID;
	}
	dddk_net.whole_bytes = whole_bytes;
	dddk_net.info = checked;
	dddk_net.info.link = checked.link != 0;
	counts_start();
	dddk_tokens_start(DDDK_NET_TOKENS);
	dddk_channels_start(&net_kind);
	return K_OK;
}
_Static_assert(DDDK_NET_TOKENS <= DDDK_TOKENS_MAX, "all have a number");
_Static_assert(GLUE_NET_HEADER_MAX <= DDDK_NET_HEAD, "GSO headers are copied");
