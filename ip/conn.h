/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conn.h - a TCP connection of ours, with a ring for what it sends.
 *
 * Bytes are put into the ring once and sent from there without another copy;
 * they leave the ring when the peer has acknowledged them. The ring is as large
 * as the window that we offer, so whatever the peer may send fits (echo). There
 * are IP_CONNS connections and no more: one too many is reset.
 *
 * Counts are of bytes since the start and wrap at 2^32:
 *     acked <= sent <= put <= acked + IP_CONN_RING
 */
#ifndef IP_CONN_H
#define IP_CONN_H

#include <stdint.h>
#include <glue/sha256.h>
#include <lwip/tcp.h>

#define IP_CONNS     4u
#define IP_CONN_RING 32768u /* a power of two, at least TCP_WND */

struct ip_conn;

/* What makes an echo server of a connection, or another one. */
struct ip_service {
	uint16_t port;
	/* Bytes have come; those not given back by tcp_recved now are given
	 * back when as many of ours are acknowledged. */
	void (*received)(struct ip_conn *conn, const struct pbuf *p);
	/* There may be room in the ring again. May be NULL. */
	void (*room)(struct ip_conn *conn);
	/* The peer sends nothing more. May be NULL. */
	void (*finished)(struct ip_conn *conn);
};

struct ip_conn {
	struct tcp_pcb *pcb; /* NULL: free */
	const struct ip_service *service;
	uint32_t acked, sent, put;
	uint32_t credit; /* received bytes that the peer is not told of yet */
	uint32_t idle;	 /* polls without progress */
	uint32_t idle_mark; /* progress seen by the last poll */
	int ending;	    /* nothing more will be put: close at the end */
	/* The services' own. */
	uint64_t total;	 /* discard: received; source: to send */
	uint64_t made;	 /* source: put so far */
	uint32_t digits; /* source: of the request */
	struct glue_sha256 sum;
	uint8_t ring[IP_CONN_RING] __attribute__((aligned(8)));
};
_Static_assert(IP_CONN_RING >= TCP_WND, "what the peer may send fits");

/* Listen for a service. Return: 0 if lwIP has no memory for it. */
int ip_conn_listen(const struct ip_service *service);

static inline uint32_t ip_conn_room(const struct ip_conn *conn)
{
	return IP_CONN_RING - (conn->put - conn->acked);
}

/* Put bytes into the ring, at most ip_conn_room(). Return: how many. */
uint32_t ip_conn_put(struct ip_conn *conn, const void *data, uint32_t bytes);

/* Nothing more will be put: close when all has been acknowledged. */
void ip_conn_end(struct ip_conn *conn);

/* Connections accepted so far, and bytes put by echo (for `net stats`). */
extern uint64_t ip_conn_accepted;

#endif
