/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic_receive.c - from a frame in lent memory to lwIP.
 *
 * The driver may still write where a frame lies. So the first HEAD_BYTES, more
 * than all headers together, are copied into a pbuf of our own, and lwIP
 * judges the copy; the rest stays in its place, without a copy, behind a
 * second pbuf until lwIP or a service has done with it. Should the driver
 * change those, it spoils payload that it could have spoilt before as well.
 * When few places are left because somebody holds many, the rest is copied
 * too: the card never runs dry, and the heap says what is too much.
 */
#include "nic.h"

#include <glue/string.h>
#include <lwip/etharp.h>
#include <lwip/prot/ethernet.h>
#include <netif/ethernet.h>

/* 14 Ethernet, 60 IP with options, 60 TCP with options, and 2 to round. */
#define HEAD_BYTES 136u
_Static_assert(HEAD_BYTES <= PBUF_POOL_BUFSIZE, "a head is one pbuf");

static void rx_idle(struct ip_rx *rx)
{
	rx->next = rx->nic->rx_idle;
	rx->nic->rx_idle = rx;
}

/* lwIP has done with the bytes that stayed in the place. */
static void body_free(struct pbuf *p)
{
	rx_idle((struct ip_rx *)((uint8_t *)p -
				 offsetof(struct ip_rx, body.pbuf)));
}

/* The bytes behind the head: in place, or copied when places run low. */
static struct pbuf *body_make(struct ip_rx *rx, uint16_t bytes)
{
	uint8_t *data = (uint8_t *)rx->frame.data + HEAD_BYTES;
	struct pbuf *body;

	if (rx->nic->n_rx_lent >= IP_NIC_RX_LOW) {
		rx->body.custom_free_function = body_free;
		return pbuf_alloced_custom(PBUF_RAW, bytes, PBUF_REF, &rx->body,
					   data, bytes);
	}
	body = pbuf_alloc(PBUF_RAW, bytes, PBUF_RAM);
	if (body)
		memcpy(body->payload, data, bytes);
	return body;
}

/* A frame as a pbuf or two; NULL if there is no memory for it. The place is
 * idle again unless the second pbuf holds it. */
static struct pbuf *frame_wrap(struct ip_rx *rx, uint16_t bytes)
{
	uint16_t head_bytes = bytes < HEAD_BYTES ? bytes : HEAD_BYTES;
	struct pbuf *head = pbuf_alloc(PBUF_RAW, head_bytes, PBUF_POOL);
	struct pbuf *body = NULL;

	if (head && bytes > head_bytes)
		body = body_make(rx, (uint16_t)(bytes - head_bytes));
	if (!body || body != &rx->body.pbuf)
		rx_idle(rx);
	if (!head)
		return NULL;
	memcpy(head->payload, rx->frame.data, head_bytes);
	if (body) {
		pbuf_cat(head, body);
	} else if (bytes > head_bytes) {
		pbuf_free(head);
		return NULL;
	}
	return head;
}

/* What the card has not checked, lwIP checks: said anew for each frame. */
static void checksums_choose(struct netif *netif, uint8_t flags)
{
	const uint16_t check = NETIF_CHECKSUM_CHECK_TCP |
			       NETIF_CHECKSUM_CHECK_UDP;
	uint16_t ours = netif->chksum_flags | check;

	if (flags & (GLUE_NET_CSUM_OK | GLUE_NET_PARTIAL))
		ours &= (uint16_t)~check;
	NETIF_SET_CHECKSUM_CTRL(netif, ours);
}

/* The service promises that other stations' frames do not come here. */
static int for_us(const struct ip_nic *nic, const struct pbuf *p)
{
	const uint8_t *to = p->payload;

	return (to[0] & 1) ||
	       memcmp(to, nic->netif.hwaddr, ETH_HWADDR_LEN) == 0;
}

static void frame_input(struct ip_rx *rx, uint16_t bytes)
{
	struct ip_nic *nic = rx->nic;
	uint8_t flags = rx->frame.flags;
	struct pbuf *p = frame_wrap(rx, bytes);

	if (!p) {
		nic->counters.dropped_memory++;
		return;
	}
	nic->counters.frames_in++;
	nic->counters.bytes_in += bytes;
	nic->counters.foreign += !for_us(nic, p);
	checksums_choose(&nic->netif, flags);
	if (nic->netif.input(p, &nic->netif) != ERR_OK)
		pbuf_free(p);
}

/* A place comes back, with a frame or without. */
static void rx_done(struct glue_net_frame *frame)
{
	struct ip_rx *rx = frame->owner;

	rx->nic->n_rx_lent--;
	if (frame->status == K_OK && frame->bytes >= GLUE_NET_MIN_BYTES &&
	    frame->bytes <= frame->room) {
		frame_input(rx, (uint16_t)frame->bytes);
		return;
	}
	if (frame->status == K_OK)
		rx->nic->counters.dropped_short++;
	rx_idle(rx);
}

int ip_nic_receive_start(struct ip_nic *nic)
{
	uint8_t *places = glue_net_alloc(&nic->net,
					 IP_NIC_RX * IP_NIC_PLACE_BYTES);

	nic->rx_idle = NULL;
	for (unsigned int i = 0; places && i < IP_NIC_RX; i++) {
		struct ip_rx *rx = &nic->rx[i];

		rx->nic = nic;
		rx->frame.data = places + i * IP_NIC_PLACE_BYTES;
		rx->frame.room = IP_NIC_PLACE_BYTES;
		rx->frame.done = rx_done;
		rx->frame.owner = rx;
		rx_idle(rx);
	}
	return places != NULL;
}

int ip_nic_receive_is_idle(const struct ip_nic *nic)
{
	unsigned int n = 0;

	for (const struct ip_rx *rx = nic->rx_idle; rx; rx = rx->next)
		n++;
	return n == IP_NIC_RX;
}

void ip_nic_refill(struct ip_nic *nic)
{
	while (nic->rx_idle) {
		struct ip_rx *rx = nic->rx_idle;

		if (glue_net_fill(&nic->net, &rx->frame))
			return;
		nic->rx_idle = rx->next;
		nic->n_rx_lent++;
	}
}
