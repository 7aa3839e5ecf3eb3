/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frames.c - frames into the device, and out of it.
 */
#include <dddk/driver.h>
#include <glue/rt.h>

#include "virtio_net.h"

#define BUDGET	64u /* frames, then the clients have a turn */
#define HEADER	((uint32_t)sizeof(struct net_header))
#define LEAST	(HEADER + GLUE_NET_MIN_BYTES)
#define REST_NS 50000ul /* for clients who lend no buffers just now */

/* --- transmit ------------------------------------------------------------- */

void nic_reclaim(void)
{
	struct dddk_vq_end end;

	while (dddk_vq_take(&nic.tx, &end)) {
		uint32_t token = nic.token[end.slot];

		dddk_vq_put(&nic.tx, end.slot);
		if (token != DDDK_NET_NO_TOKEN)
			dddk_net_complete(token, K_OK);
	}
}

inline void *dddk_nic_head(void)
{
	if (nic.tx.n_free == 0)
		nic_reclaim();
	return nic.tx.n_free ? nic.tx_data[dddk_vq_next(&nic.tx)].head : NULL;
}

inline enum k_err dddk_nic_send(const struct dddk_net_frame *frame)
{
	uint32_t slot = dddk_vq_get(&nic.tx); /* whose head was filled */
	struct dddk_vq_desc *desc = dddk_vq_desc(&nic.tx, slot, 0);

	nic.tx_data[slot].header.offload = frame->offload;
	desc[0].bytes = HEADER + frame->head_bytes;
	desc[0].flags = frame->rest ? DDDK_VQ_NEXT : 0;
	if (frame->rest) {
		desc[1].bus = frame->rest_bus;
		desc[1].bytes = frame->bytes - frame->head_bytes;
	}
	nic.token[slot] = frame->token;
	dddk_vq_send(&nic.tx, slot, 0);
	return K_OK;
}

void dddk_nic_commit(void)
{
	dddk_vq_tell(&nic.tx);
}

/* --- receive -------------------------------------------------------------- */

/* A header that the device does not write says a kind of frame that is none. */
static void give_back(const uint32_t *slot, uint32_t n)
{
	while (n-- > 0) {
		nic.rx_data[slot[n]].header.offload.gso_type = 0xff;
		dddk_vq_send(&nic.rx, slot[n], sizeof(struct rx));
	}
}

/* The other buffers of a frame in @n. Returns 0 if that makes no sense. */
static int gather(struct dddk_net_received *frame, struct dddk_net_piece *piece,
		  uint32_t *slot, uint32_t n)
{
	struct dddk_vq_end end;

	if (n == 0 || n > DDDK_NET_PIECES)
		return 0;
	for (; frame->n_pieces < n; frame->n_pieces++) {
		if (!dddk_vq_take(&nic.rx, &end))
			return 0;
		slot[frame->n_pieces] = end.slot;
		piece[frame->n_pieces].data = &nic.rx_data[end.slot];
		piece[frame->n_pieces].bytes = end.bytes;
		frame->bytes += end.bytes;
	}
	return 1;
}

/* What the device says of the frame's checksum and origin. Returns 0 if that
 * makes no sense. */
static int judge(struct dddk_net_received *frame,
		 const struct dddk_net_offload *of_device)
{
	struct dddk_net_offload said = *of_device;
	uint32_t csum = (uint32_t)said.csum_start + said.csum_offset;

	__atomic_signal_fence(__ATOMIC_SEQ_CST); /* read once, then judged */
	if (said.flags & H_NEEDS_CSUM)
		frame->flags = GLUE_NET_PARTIAL;
	else if (said.flags & H_DATA_VALID)
		frame->flags = GLUE_NET_CSUM_OK;
	frame->gso_type = said.gso_type & (uint8_t)~GSO_ECN;
	frame->gso_size = said.gso_size;
	if (said.flags & H_NEEDS_CSUM && csum + 2 > frame->bytes)
		return 0;
	return !frame->gso_type || said.csum_offset == TCP_CSUM;
}

/* A frame of several buffers, or one of which the device says something. */
static __attribute__((noinline)) int receive_other(
	const struct dddk_vq_end *first, uint32_t n)
{
	const struct rx *buffer = &nic.rx_data[first->slot];
	const struct dddk_net_offload *said = &buffer->header.offload;
	struct dddk_net_piece piece[DDDK_NET_PIECES];
	uint32_t slot[DDDK_NET_PIECES];
	uint32_t bytes = first->bytes - HEADER;
	struct dddk_net_received frame = { .piece = piece,
					   .n_pieces = 1,
					   .bytes = bytes };
	int go_on = 1;

	slot[0] = first->slot;
	piece[0] = (struct dddk_net_piece){ buffer->frame, bytes };
	if (first->bytes < LEAST ||
	    (n != 1 && !gather(&frame, piece, slot, n)) ||
	    ((said->flags | said->gso_type) && !judge(&frame, said)))
		dddk_net_bad_frame();
	else
		go_on = dddk_net_receive(&frame);
	give_back(slot, frame.n_pieces);
	return go_on;
}

/* One frame. Returns what dddk_net_receive does. */
static inline __attribute__((always_inline)) int receive_one(
	const struct dddk_vq_end *end)
{
	const struct rx *buffer = &nic.rx_data[end->slot];
	const struct dddk_net_offload *said = &buffer->header.offload;
	uint32_t n = dddk_virtio_has(&nic.dev, F_MRG_RXBUF) ?
			     buffer->header.n_buffers :
			     1;
	int go_on;

	if (end->bytes < LEAST || n != 1 || (said->flags | said->gso_type))
		return receive_other(end, n);
	go_on = dddk_net_receive_plain(buffer->frame, end->bytes - HEADER);
	give_back(&end->slot, 1);
	return go_on;
}

/* Until none is left: then the next one interrupts. Else once more, soon. */
void nic_receive(void)
{
	struct dddk_vq_end end;
	unsigned int n;
	int go_on = 1;

	/* Stop where buffers become short; where there are none, drop. */
	for (n = 0; go_on && n < BUDGET && dddk_vq_take(&nic.rx, &end); n++)
		go_on = receive_one(&end);
	if (n)
		dddk_vq_tell(&nic.rx);
	if (!dddk_vq_arm(&nic.rx))
		return;
	dddk_vq_disarm(&nic.rx);
	dddk_timer_set(glue_deadline_ns(go_on > 0 ? 0 : REST_NS));
}
