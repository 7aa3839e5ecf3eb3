/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frames.c - frames into the device, and out of it.
 */
#include <dddk/driver.h>
#include <glue/rt.h>

#include "virtio_net.h"

#define BUDGET	64u	/* frames, then the clients have a turn */
#define REST_NS 50000ul /* for clients who lend no buffers just now */

/* --- transmit ------------------------------------------------------------- */

void nic_reclaim(void)
{
	struct dddk_vq_end end;

	while (dddk_vq_take(&nic.tx, &end)) {
		uint32_t token = nic.token[end.slot];

		dddk_vq_put(&nic.tx, end.slot);
		nic.token[end.slot] = DDDK_NET_NO_TOKEN;
		if (token != DDDK_NET_NO_TOKEN)
			dddk_net_complete(token, K_OK);
	}
}

static void *head(void *drv)
{
	(void)drv;
	if (nic.head == DDDK_VQ_NO_SLOT && nic.tx.n_free == 0)
		nic_reclaim();
	if (nic.head == DDDK_VQ_NO_SLOT)
		nic.head = dddk_vq_get(&nic.tx);
	if (nic.head == DDDK_VQ_NO_SLOT)
		return NULL;
	return nic.tx_data[nic.head].head;
}

static void describe(struct net_header *header,
		     const struct dddk_net_frame *frame)
{
	*header = (struct net_header){ .flags = 0 };
	if (frame->flags & GLUE_NET_CSUM) {
		header->flags = H_NEEDS_CSUM;
		header->csum_start = frame->csum_start;
		header->csum_offset = frame->csum_offset;
	}
	header->gso_type = frame->gso_type; /* the protocol has virtio's */
	header->gso_size = frame->gso_size;
	header->header_bytes = frame->header_bytes;
}
_Static_assert(GLUE_NET_GSO_TCP4 == 1 && GLUE_NET_GSO_TCP6 == 4,
	       "VIRTIO 1.2, 5.1.6: VIRTIO_NET_HDR_GSO_*");

static enum k_err send(void *drv, const struct dddk_net_frame *frame)
{
	uint32_t slot = nic.head;
	struct dddk_vq_desc *desc = dddk_vq_desc(&nic.tx, slot, 0);

	(void)drv;
	describe(&nic.tx_data[slot].header, frame);
	desc[0].bytes = (uint32_t)sizeof(struct net_header) + frame->head_bytes;
	desc[0].flags = frame->rest ? DDDK_VQ_NEXT : 0;
	if (frame->rest) {
		desc[1].bus = frame->rest_bus;
		desc[1].bytes = frame->bytes - frame->head_bytes;
	}
	nic.token[slot] = frame->token;
	nic.head = DDDK_VQ_NO_SLOT;
	dddk_vq_send(&nic.tx, slot, 0);
	return K_OK;
}

static void commit(void *drv)
{
	(void)drv;
	dddk_vq_tell(&nic.tx);
}

/* --- receive -------------------------------------------------------------- */

static void give_back(const uint32_t *slot, uint32_t n)
{
	while (n-- > 0)
		dddk_vq_send(&nic.rx, slot[n], RX_BYTES);
}

/* The other buffers of a merged frame. Returns 0 if the device lies. */
static int gather(struct dddk_net_received *frame, struct dddk_net_piece *piece,
		  uint32_t *slot, uint32_t n)
{
	struct dddk_vq_end end;

	for (; frame->n_pieces < n; frame->n_pieces++) {
		if (!dddk_vq_take(&nic.rx, &end)) {
			dddk_driver_broken("num_buffers", n,
					   "fewer buffers came");
			return 0;
		}
		slot[frame->n_pieces] = end.slot;
		piece[frame->n_pieces] = (struct dddk_net_piece){
			nic.rx_data + end.slot * RX_BYTES, end.bytes
		};
		frame->bytes += end.bytes;
	}
	return 1;
}

/* What the device says of the frame's checksum and origin. */
static void judge(struct dddk_net_received *frame,
		  const struct net_header *header)
{
	if (header->flags & H_NEEDS_CSUM)
		frame->flags = GLUE_NET_PARTIAL;
	else if (header->flags & H_DATA_VALID)
		frame->flags = GLUE_NET_CSUM_OK;
	frame->gso_type = header->gso_type & (uint8_t)~GSO_ECN;
	frame->gso_size = header->gso_size;
}

/* One frame. Returns 0 if the clients should have a turn. */
static int receive_one(const struct dddk_vq_end *first)
{
	const uint8_t *data = nic.rx_data + first->slot * RX_BYTES;
	struct net_header header;
	struct dddk_net_piece piece[DDDK_NET_PIECES];
	uint32_t slot[DDDK_NET_PIECES] = { first->slot };
	struct dddk_net_received frame = { .piece = piece, .n_pieces = 1 };
	uint32_t n = 1;
	int go_on = 1;

	__builtin_memcpy(&header, data, sizeof(header));
	if (first->bytes < sizeof(header)) {
		dddk_driver_broken("used length", first->bytes,
				   "no room for a frame's header");
		return 0;
	}
	piece[0].data = data + sizeof(header);
	piece[0].bytes = first->bytes - (uint32_t)sizeof(header);
	frame.bytes = piece[0].bytes;
	if (dddk_virtio_has(&nic.dev, F_MRG_RXBUF))
		n = header.n_buffers;
	if (n == 0 || n > DDDK_NET_PIECES) {
		dddk_driver_broken("num_buffers", n, "no frame has so many");
		return 0;
	}
	if (!gather(&frame, piece, slot, n))
		return 0;
	judge(&frame, &header);
	if (frame.bytes >= GLUE_NET_MIN_BYTES)
		go_on = dddk_net_receive(&frame);
	give_back(slot, n);
	return go_on;
}

void nic_receive(void)
{
	struct dddk_vq_end end;
	unsigned int n = 0;
	int go_on = 1;

	dddk_vq_disarm(&nic.rx);
	do {
		while (go_on && n < BUDGET && dddk_vq_take(&nic.rx, &end)) {
			go_on = receive_one(&end);
			n++;
		}
	} while (go_on && n < BUDGET && !dddk_driver_is_broken() &&
		 dddk_vq_arm(&nic.rx));
	if (n)
		dddk_vq_tell(&nic.rx);
	if (n == BUDGET || !go_on)
		dddk_timer_set(go_on ? glue_time_ticks() :
				       glue_deadline_ns(REST_NS));
}

const struct dddk_net_ops nic_ops = {
	.head = head,
	.send = send,
	.commit = commit,
	.set_filter = nic_filter_set,
};
