/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * control.c - net service: properties, counters, groups, the link, recall.
 *
 * These are answered here, the driver hears only of changed addresses. Bytes
 * that a client must not change while they are judged are copied first.
 */
#include "fills.h"

static void write_info(const struct net_client *client, uint8_t *dst)
{
	struct glue_net_info info = dddk_net.info;

	net_address_write(info.mac, client->mac);
	info.shared = net_is_shared();
	__builtin_memcpy(dst, &info, sizeof(info));
}

static enum k_err join(struct net_client *client, uint64_t group)
{
	unsigned int i;

	if (!net_mac_is_group(group) || group == NET_BROADCAST)
		return K_ERR_INVALID;
	for (i = 0; i < client->n_groups; i++)
		if (client->group[i] == group)
			return K_OK;
	if (client->n_groups == GLUE_NET_MULTICASTS)
		return K_ERR_FULL;
	client->group[client->n_groups++] = group;
	dddk_net.filter_due = 1;
	return K_OK;
}

static enum k_err leave(struct net_client *client, uint64_t group)
{
	unsigned int i;

	for (i = 0; i < client->n_groups; i++) {
		if (client->group[i] != group)
			continue;
		client->group[i] = client->group[--client->n_groups];
		dddk_net.filter_due = 1;
		return K_OK;
	}
	return K_ERR_NOTFOUND;
}

void net_drop_fills(struct net_client *client, int answer)
{
	while (net_fills(client)) {
		uint32_t place = client->fill_first++ % GLUE_NET_DEPTH;

		client->channel->in_flight--;
		if (answer)
			net_answer_status(client->channel,
					  client->fill[place].tag, K_ERR_GONE);
	}
}

static int link_is_news(const struct net_client *client)
{
	uint8_t link = dddk_net.info.link;

	return client->link_knows != link || (link && client->announce);
}

void net_link_tell(struct net_client *client)
{
	struct glue_net_cqe answer = { .tag = client->link_tag };

	if (!client->link_waits || !link_is_news(client))
		return;
	answer.flags = dddk_net.info.link ? GLUE_NET_LINK_UP : 0;
	client->link_waits = client->announce = 0;
	client->channel->in_flight--;
	net_answer(client->channel, &answer);
}

/* Stays open until the link is another one; one of them a client. */
static void wait_link(struct net_client *client, const struct glue_net_sqe *sqe)
{
	if (client->link_waits) {
		net_answer_status(client->channel, sqe->tag, K_ERR_BUSY);
		return;
	}
	client->link_waits = 1;
	client->link_knows = sqe->gso_type;
	client->link_tag = sqe->tag;
	client->channel->in_flight++;
	net_link_tell(client);
}

/* For drivers of cards that count nothing themselves. */
__attribute__((weak)) void dddk_nic_count(void)
{
}

void net_control(struct dddk_channel *channel, struct net_client *client,
		 const struct glue_net_sqe *sqe)
{
	uint8_t *data = channel->data + sqe->offset;
	enum k_err err = K_OK;

	switch (sqe->op) {
	case GLUE_NET_INFO:
		write_info(client, data);
		break;
	case GLUE_NET_STATS:
		dddk_nic_count();
		__builtin_memcpy(data, &client->stats, sizeof(client->stats));
		break;
	case GLUE_NET_JOIN:
		for (uint32_t at = 0; !err && at + 6 <= sqe->bytes; at += 6)
			err = join(client, net_mac_read(data + at));
		break;
	case GLUE_NET_LEAVE:
		err = leave(client, net_mac_read(data));
		break;
	case GLUE_NET_RECALL:
		net_drop_fills(client, 1);
		break;
	default: /* LINK: all others have been refused by the check */
		wait_link(client, sqe);
		return;
	}
	net_answer_status(channel, sqe->tag, err);
}
