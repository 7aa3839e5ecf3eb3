/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * internal.h - what the files of the net service share: clients and buffers.
 */
#ifndef DDDK_NET_INTERNAL_H
#define DDDK_NET_INTERNAL_H

#include <stdint.h>
#include <dddk/net_service.h>
#include <glue/net_check.h>

#include "../channels/serve.h"
#include "../channels/tokens.h"
#include "address.h"
#include "counts.h"

/* An empty buffer that a client lends. */
struct net_fill {
	uint32_t offset; /* in the lent region, checked */
	uint32_t room;
	uint32_t tag;
};

/* A client with an address; addresses as in address.h. */
struct net_client {
	struct dddk_channel *channel; /* NULL: free */
	uint64_t mac;
	uint32_t fill_first; /* both count without end, modulo the depth */
	uint32_t fill_end;
	uint32_t link_tag;
	uint8_t link_waits; /* a LINK request is open, for not link_knows */
	uint8_t link_knows;
	uint8_t announce; /* its next LINK ends as soon as the link is up */
	uint8_t n_groups;
	struct glue_net_stats stats;
	uint64_t group[GLUE_NET_MULTICASTS];
	struct net_fill fill[GLUE_NET_DEPTH];
};

struct net_service {
	struct glue_net_info info; /* mac: the NIC's own */
	void (*on_region)(void *data, uint64_t bus, uint64_t bytes, int opened);
	uint32_t whole_bytes;	     /* longer frames stay with the client */
	uint64_t uncommitted_frames; /* sends since the last commit, */
	uint64_t uncommitted_bytes;  /* not counted yet */
	uint64_t received_frames;    /* since the last poll, not counted yet */
	uint64_t received_bytes;
	uint32_t filter_due;	 /* addresses have changed since set_filter */
	uint32_t used;		 /* bit i: client[i] has a channel */
	struct net_client *only; /* the client, if there is just one */
	struct net_client *of[GLUE_CHANS_MAX]; /* by channel; NULL: refused */
	struct net_client client[DDDK_NET_CLIENTS];
};

extern struct net_service dddk_net;

static inline struct net_client *net_client_of(
	const struct dddk_channel *channel)
{
	return dddk_net.of[channel->index];
}

/* Fields that only a SEND with offloads uses, and those nobody uses: all behind
 * `bytes`, and what shares a word with `op`. */
static inline int net_has_offloads(const struct glue_net_sqe *sqe)
{
	uint32_t first;
	uint64_t last[2];

	__builtin_memcpy(&first, sqe, sizeof(first));
	__builtin_memcpy(last, &sqe->csum_start, sizeof(last));
	return ((first ^ sqe->op) | last[0] | last[1]) != 0;
}
_Static_assert(offsetof(struct glue_net_sqe, csum_start) + 16 ==
		       sizeof(struct glue_net_sqe),
	       "two words from csum_start on");

/* Has the card more than one client? Asked only while it has one. */
static inline int net_is_shared(void)
{
	return !dddk_net.only;
}

/* There is room: dddk_channel_ready() saw to it before the request came. */
static inline void net_answer(struct dddk_channel *channel,
			      const struct glue_net_cqe *answer)
{
	struct glue_net_cqe *cqe = dddk_channel_slot(channel, sizeof(*cqe));

	*cqe = *answer;
	dddk_channel_push(channel);
}

/* service.c */
void net_answer_status(struct dddk_channel *channel, uint32_t tag,
		       enum k_err status);

/* receive.c */
/* Among clients: 1 if the frame is for one of them only, and so done with. */
int net_is_local(const struct net_client *sender, uint64_t destination);
void net_forward(const struct net_client *sender,
		 const struct dddk_net_frame *frame, const uint8_t *head);

/* segment.c: a frame that does not fit the oldest buffer, in pieces that may;
 * what is dropped is counted. */
void net_deliver_cut(struct net_client *client,
		     const struct dddk_net_received *frame);

/* clients.c */
extern const struct dddk_channels_kind net_kind;
void net_filter_update(void);

/* control.c: requests other than SEND and FILL; already checked. */
void net_control(struct dddk_channel *channel, struct net_client *client,
		 const struct glue_net_sqe *sqe);
void net_drop_fills(struct net_client *client, int answer);
void net_link_tell(struct net_client *client);

#endif
