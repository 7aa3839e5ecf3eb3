/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic_send.c - from lwIP to a frame in lent memory.
 *
 * One copy: a frame is one run of bytes in the lent region, and lwIP's pieces
 * are a header here and payload there. Its heap cannot lie in the region
 * instead, for the driver's process could then write into lwIP's own lists.
 * Without a free place lwIP keeps what TCP sends and tries again later.
 */
#include "nic.h"

static void tx_free(struct ip_nic *nic, struct ip_tx *tx)
{
	tx->next = nic->tx_free;
	nic->tx_free = tx;
}

static void tx_done(struct glue_net_frame *frame)
{
	struct ip_nic *nic = frame->owner;

	if (frame->status != K_OK)
		nic->counters.dropped_out++;
	tx_free(nic, (struct ip_tx *)frame);
}
_Static_assert(offsetof(struct ip_tx, frame) == 0, "a place is its frame");

/* Put the pieces of @p one behind the other and hand them over. */
static enum k_err frame_send(struct ip_nic *nic, struct ip_tx *tx,
			     struct pbuf *p)
{
	struct glue_net_frame *frame = &tx->frame;

	frame->bytes = pbuf_copy_partial(p, frame->data, p->tot_len, 0);
	frame->flags = 0;
	if (glue_net_info(&nic->net)->features & GLUE_NET_F_CSUM)
		ip_nic_offload(frame);
	return glue_net_send(&nic->net, frame);
}

err_t ip_nic_output(struct netif *netif, struct pbuf *p)
{
	struct ip_nic *nic = netif->state;
	struct ip_tx *tx = nic->tx_free;

	if (!tx || nic->gone || p->tot_len > IP_NIC_PLACE_BYTES) {
		nic->counters.dropped_out++;
		return ERR_BUF;
	}
	nic->tx_free = tx->next;
	if (frame_send(nic, tx, p)) {
		tx_free(nic, tx);
		nic->counters.dropped_out++;
		return ERR_IF;
	}
	nic->counters.frames_out++;
	nic->counters.bytes_out += p->tot_len;
	return ERR_OK;
}

int ip_nic_send_start(struct ip_nic *nic)
{
	uint8_t *places = glue_net_alloc(&nic->net,
					 IP_NIC_TX * IP_NIC_PLACE_BYTES);

	nic->tx_free = NULL;
	for (unsigned int i = 0; places && i < IP_NIC_TX; i++) {
		struct ip_tx *tx = &nic->tx[i];

		tx->frame.data = places + i * IP_NIC_PLACE_BYTES;
		tx->frame.done = tx_done;
		tx->frame.owner = nic;
		tx_free(nic, tx);
	}
	return places != NULL;
}
