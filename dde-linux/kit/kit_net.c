/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kit_net.c - the net service, seen through the waist.
 *
 * The structures of kit_net.h and dddk/net_service.h are the same bytes (proved
 * below), so frames pass by pointer.
 */
#include <dddk/net_service.h>
#include <kit_net.h>

#include "same.h"

#define SAME_OFFLOAD(member)                                                   \
	_Static_assert(offsetof(struct kit_net_frame, member) ==               \
			       offsetof(struct dddk_net_frame,                 \
					offload.member),                       \
		       "same structure")

SAME(kit_net_frame, dddk_net_frame, head_bytes);
SAME(kit_net_frame, dddk_net_frame, rest);
SAME(kit_net_frame, dddk_net_frame, rest_bus);
SAME(kit_net_frame, dddk_net_frame, token);
SAME_OFFLOAD(flags);
SAME_OFFLOAD(gso_type);
SAME_OFFLOAD(gso_size);
SAME_OFFLOAD(csum_start);
SAME_OFFLOAD(csum_offset);
SAME_OFFLOAD(header_bytes);
SAME(kit_net_filter, dddk_net_filter, multicast);
SAME(kit_net_filter, dddk_net_filter, n_unicast);
SAME(kit_net_filter, dddk_net_filter, n_multicast);
SAME(kit_net_piece, dddk_net_piece, bytes);
SAME(kit_net_received, dddk_net_received, n_pieces);
SAME(kit_net_received, dddk_net_received, bytes);
SAME(kit_net_received, dddk_net_received, flags);
SAME(kit_net_received, dddk_net_received, gso_type);
SAME(kit_net_received, dddk_net_received, gso_size);
SAME(kit_net_info, glue_net_info, link);
SAME(kit_net_info, glue_net_info, shared);
SAME(kit_net_info, glue_net_info, mtu);
SAME(kit_net_info, glue_net_info, features);
SAME(kit_net_info, glue_net_info, fill_bytes);
SAME(kit_net_info, glue_net_info, speed_mbit);
SAME(kit_net_info, glue_net_info, driver);
_Static_assert(sizeof(struct kit_net_info) == sizeof(struct glue_net_info),
	       "same structure");
_Static_assert(KIT_NET_TOKENS == DDDK_NET_TOKENS, "token range");
_Static_assert(KIT_NET_NO_TOKEN == DDDK_NET_NO_TOKEN, "no token");
_Static_assert(KIT_NET_WHOLE == DDDK_NET_WHOLE, "size of a head");
_Static_assert(KIT_NET_PIECES == DDDK_NET_PIECES, "pieces");
_Static_assert(KIT_NET_CSUM == GLUE_NET_CSUM, "flag");
_Static_assert(KIT_NET_CSUM_OK == GLUE_NET_CSUM_OK, "flag");
_Static_assert(KIT_NET_PARTIAL == GLUE_NET_PARTIAL, "flag");
_Static_assert((int)KIT_NET_GSO_TCP4 == GLUE_NET_GSO_TCP4, "type");
_Static_assert((int)KIT_NET_GSO_TCP6 == GLUE_NET_GSO_TCP6, "type");
_Static_assert(KIT_NET_F_CSUM == GLUE_NET_F_CSUM, "feature");
_Static_assert(KIT_NET_F_TSO4 == GLUE_NET_F_TSO4, "feature");
_Static_assert(KIT_NET_F_TSO6 == GLUE_NET_F_TSO6, "feature");
_Static_assert(KIT_NET_F_RXCSUM == GLUE_NET_F_RXCSUM, "feature");
_Static_assert(KIT_NET_F_LRO == GLUE_NET_F_LRO, "feature");

static const struct kit_net_ops *linux_ops;
static kit_region_fn *linux_region;

/* The two halves of the waist differ in types only: these are one jump each. */
void *dddk_nic_head(void)
{
	return linux_ops->head(NULL);
}

enum k_err dddk_nic_send(const struct dddk_net_frame *frame)
{
	return (enum k_err)linux_ops->send(NULL,
					   (const struct kit_net_frame *)frame);
}

void dddk_nic_commit(void)
{
	linux_ops->commit(NULL);
}

void dddk_nic_set_filter(const struct dddk_net_filter *filter)
{
	linux_ops->set_filter(NULL, (const struct kit_net_filter *)filter);
}

void dddk_nic_count(void)
{
	linux_ops->count(NULL);
}

static void region_changed(void *data, uint64_t bus, uint64_t bytes, int opened)
{
	linux_region(data, bus, bytes, opened);
}

/* The region hook is set first: opening a channel needs it. */
enum kit_err kit_net_start(const struct kit_net_ops *ops,
			   unsigned int whole_bytes,
			   const struct kit_net_info *info,
			   kit_region_fn *region)
{
	linux_ops = ops;
	linux_region = region;
	dddk_net_on_region(region_changed);
	return (enum kit_err)dddk_net_start(whole_bytes,
					    (const struct glue_net_info *)info);
}

void kit_net_set_link(int up, unsigned int speed_mbit)
{
	dddk_net_set_link(up, speed_mbit);
}

void kit_net_announce(void)
{
	dddk_net_announce();
}

void kit_net_poll(unsigned long events)
{
	dddk_net_poll(events);
}

void kit_net_complete(unsigned int token, enum kit_err status)
{
	dddk_net_complete(token, (enum k_err)status);
}

int kit_net_receive(const struct kit_net_received *frame)
{
	return dddk_net_receive((const struct dddk_net_received *)frame);
}
