/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * counts.h - what the whole card has counted, on the process's counters page.
 *
 * Frames of the wire, once each; drops by reason, once a client. One client's
 * figures are its STATS; the page also keeps those of clients that have gone.
 */
#ifndef DDDK_NET_COUNTS_H
#define DDDK_NET_COUNTS_H

#include <stdint.h>

#include "../channels/channels.h"

enum net_count {
	NET_SENT_FRAMES, /* handed to the driver */
	NET_SENT_BYTES,
	NET_RECEIVED_FRAMES, /* given by the driver */
	NET_RECEIVED_BYTES,
	NET_NO_BUFFER, /* dropped: their client had lent none */
	NET_TOO_LONG,  /* dropped: longer than the buffer */
	NET_NOBODYS,   /* dropped: no client's address, or no frame */
	NET_REFUSED,   /* SENDs that ended with an error */
	NET_BAD,       /* dropped: the device's words make no sense */
	NET_COUNTS
};

extern uint64_t *net_counts[NET_COUNTS]; /* where to count; dddk_net_start */

static inline void net_count(enum net_count what, uint64_t by)
{
	*net_counts[what] += by;
}

/* A frame for no client. It was work all the same, see the heartbeat. */
static inline void net_count_dropped(enum net_count why)
{
	net_count(why, 1);
	dddk_channels.aside++;
}

#endif
