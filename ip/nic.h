/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic.h - one network card as lwIP sees it: a netif over a net channel.
 *
 * Frames lie in the region lent to the driver, in places of IP_NIC_PLACE_BYTES:
 * IP_NIC_RX of them to receive into, IP_NIC_TX to send from. The driver's
 * process may write there at any time, so headers are copied out before they
 * are judged (nic_receive.c), and lwIP's heap lies elsewhere.
 * A place belongs to the driver while its frame is in flight, else to us.
 */
#ifndef IP_NIC_H
#define IP_NIC_H

#include <stdint.h>
#include <glue/net_client.h>
#include <lwip/netif.h>
#include <lwip/pbuf.h>

#define IP_NICS_MAX	   2u
#define IP_NIC_RX	   96u
#define IP_NIC_TX	   48u /* the largest datagram takes 45 */
#define IP_NIC_PLACE_BYTES 2048u
/* For the places, and the little that the net client keeps for itself. */
#define IP_NIC_LEND_BYTES  ((IP_NIC_RX + IP_NIC_TX + 1) * IP_NIC_PLACE_BYTES)
/* With fewer places left to receive into, bytes are copied out at once. */
#define IP_NIC_RX_LOW	   (IP_NIC_RX / 4)

struct ip_nic;

/* A place to receive into. */
struct ip_rx {
	struct glue_net_frame frame;
	struct pbuf_custom body; /* stands for bytes that stay in the place */
	struct ip_nic *nic;
	struct ip_rx *next; /* in nic->rx_idle */
};

/* A place to send from. */
struct ip_tx {
	struct glue_net_frame frame;
	struct ip_tx *next; /* in nic->tx_free */
};

struct ip_nic_counters {
	uint64_t frames_in, bytes_in;
	uint64_t frames_out, bytes_out;
	uint64_t dropped_short;	 /* less than an Ethernet header, or refused */
	uint64_t dropped_memory; /* no pbuf for it */
	uint64_t dropped_out;	 /* no place free, link down, refused */
	uint64_t foreign;	 /* sent to another station's address */
};

struct ip_nic {
	struct netif netif;
	struct glue_net net;
	char service[GLUE_NAME_BYTES];
	uint32_t gone; /* it has ended, and this was said */
	struct ip_rx rx[IP_NIC_RX];
	struct ip_tx tx[IP_NIC_TX];
	struct ip_rx *rx_idle; /* ours, to be lent again */
	struct ip_tx *tx_free;
	unsigned int n_rx_lent;
	struct ip_nic_counters counters;
};

/**
 * ip_nic_open - connect to a card and add it to lwIP, link as it is.
 *
 * Addresses are not given yet. lwip_init has been called.
 */
enum k_err ip_nic_open(struct ip_nic *nic, const char *service);

/* One turn: receive, lend places again, show the driver what is to be sent.
 * @look: whether a driver that is gone is back */
void ip_nic_turn(struct ip_nic *nic, int look);

/* Ask the driver what the card is like now (speed, shared with others). */
void ip_nic_refresh(struct ip_nic *nic);

/* The card's own counters of this client; 0 if it does not answer soon. */
int ip_nic_ask_stats(struct ip_nic *nic, struct glue_net_stats *stats);

/* --- between the files of the card --- */

/* nic_receive.c: all places idle, then lend what is idle. */
int ip_nic_receive_start(struct ip_nic *nic);
/* Does neither the driver nor lwIP hold one? */
int ip_nic_receive_is_idle(const struct ip_nic *nic);
void ip_nic_refill(struct ip_nic *nic);

/* nic_send.c: all places free; lwIP's linkoutput. */
int ip_nic_send_start(struct ip_nic *nic);
err_t ip_nic_output(struct netif *netif, struct pbuf *p);

/* nic_checksum.c: leave a frame's checksum to the card, if it is TCP or UDP
 * over IPv4 in one piece. */
void ip_nic_offload(struct glue_net_frame *frame);

#endif
