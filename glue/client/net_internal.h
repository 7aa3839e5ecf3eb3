/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_internal.h - what the files of the net client share.
 */
#ifndef GLUE_NET_INTERNAL_H
#define GLUE_NET_INTERNAL_H

#include <glue/net_client.h>

/* The library's own requests have the three slots above those of frames. */
#define GLUE_NET_OWN_SLOTS 3u
static inline uint32_t glue_net_slot_rejoin(const struct glue_net *net)
{
	return net->n_slots - 3;
}
static inline uint32_t glue_net_slot_control(const struct glue_net *net)
{
	return net->n_slots - 2;
}
static inline uint32_t glue_net_slot_link(const struct glue_net *net)
{
	return net->n_slots - 1;
}

/* The library's part of the lent region, before what glue_net_alloc gives: data
 * of the control request, and behind it the groups to join again. */
#define GLUE_NET_CONTROL_BYTES (4u * GLUE_NET_ALLOC_ALIGN)
#define GLUE_NET_OWN_BYTES     (6u * GLUE_NET_ALLOC_ALIGN)

/* Put a request of the library's own into its slot. K_OK, or K_ERR_GONE. */
enum k_err glue_net_send_own(struct glue_net *net, uint32_t slot,
			     struct glue_net_frame *frame, enum glue_net_op op);

/* Ask to be told when the link is no longer what info says. */
void glue_net_watch_link(struct glue_net *net);

/* The driver's next life counts from 0. */
void glue_net_stats_keep(struct glue_net *net);

/* The driver lives again and knows nothing: tell it our groups. */
void glue_net_rejoin(struct glue_net *net);

/* The driver has gone or cannot be believed: end everything, oldest first. */
void glue_net_lose(struct glue_net *net, enum k_err status);

#endif
