/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conn.c - TCP connections: accept, receive, send from the ring, close.
 *
 * lwIP calls back for everything; between callbacks nothing waits. A callback
 * that aborts its connection must say so to lwIP by ERR_ABRT.
 * Owner of a struct tcp_pcb: lwIP; after ip_conn's `failed` it is no more.
 */
#include "conn.h"

#include <glue/string.h>

#define POLL_HALF_SECONDS 20u /* lwIP polls in units of 500 ms */
#define IDLE_POLLS_MAX	  30u /* 5 minutes without progress: abort */

static struct ip_conn conns[IP_CONNS];
uint64_t ip_conn_accepted;

static err_t received(void *arg, struct tcp_pcb *pcb, struct pbuf *p,
		      err_t err);
static err_t sent(void *arg, struct tcp_pcb *pcb, uint16_t bytes);
static void failed(void *arg, err_t err);
static err_t polled(void *arg, struct tcp_pcb *pcb);

static struct ip_conn *conn_find_free(void)
{
	for (unsigned int i = 0; i < IP_CONNS; i++) {
		if (!conns[i].pcb)
			return &conns[i];
	}
	return NULL;
}

/* Hand bytes of the ring to lwIP, as many as it takes. */
static void send_more(struct ip_conn *conn)
{
	while (conn->sent != conn->put) {
		uint32_t at = conn->sent % IP_CONN_RING;
		uint32_t bytes = conn->put - conn->sent;

		if (bytes > IP_CONN_RING - at)
			bytes = IP_CONN_RING - at;
		if (bytes > tcp_sndbuf(conn->pcb))
			bytes = tcp_sndbuf(conn->pcb);
		if (bytes == 0 ||
		    tcp_write(conn->pcb, conn->ring + at, (uint16_t)bytes, 0))
			break;
		conn->sent += bytes;
	}
	tcp_output(conn->pcb);
}

uint32_t ip_conn_put(struct ip_conn *conn, const void *data, uint32_t bytes)
{
	uint32_t at = conn->put % IP_CONN_RING;
	uint32_t first;

	if (bytes > ip_conn_room(conn))
		bytes = ip_conn_room(conn);
	first = bytes < IP_CONN_RING - at ? bytes : IP_CONN_RING - at;
	memcpy(conn->ring + at, data, first);
	memcpy(conn->ring, (const uint8_t *)data + first, bytes - first);
	conn->put += bytes;
	return bytes;
}

void ip_conn_end(struct ip_conn *conn)
{
	conn->ending = 1;
}

/* Whom lwIP calls for a connection; NULL: nobody. */
static void callbacks_set(struct tcp_pcb *pcb, struct ip_conn *conn)
{
	tcp_arg(pcb, conn);
	tcp_recv(pcb, conn ? received : NULL);
	tcp_sent(pcb, conn ? sent : NULL);
	tcp_err(pcb, conn ? failed : NULL);
	tcp_poll(pcb, conn ? polled : NULL, POLL_HALF_SECONDS);
}

static err_t conn_abort(struct ip_conn *conn)
{
	struct tcp_pcb *pcb = conn->pcb;

	callbacks_set(pcb, NULL);
	conn->pcb = NULL;
	tcp_abort(pcb);
	return ERR_ABRT;
}

/* Closing may free the pcb at once, so nothing of it is touched afterwards.
 * Without memory for the FIN the connection stays, until the next poll. */
static void conn_close(struct ip_conn *conn)
{
	struct tcp_pcb *pcb = conn->pcb;

	callbacks_set(pcb, NULL);
	conn->pcb = NULL;
	if (tcp_close(pcb) == ERR_OK)
		return;
	conn->pcb = pcb;
	callbacks_set(pcb, conn);
}

/* After each event: let the service fill the ring, send, close at the end. */
static err_t conn_advance(struct ip_conn *conn)
{
	if (conn->service->room && !conn->ending)
		conn->service->room(conn);
	send_more(conn);
	if (conn->ending && conn->acked == conn->put)
		conn_close(conn);
	return ERR_OK;
}

static err_t received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	struct ip_conn *conn = arg;

	(void)pcb;
	(void)err;
	if (!p) {
		if (conn->service->finished)
			conn->service->finished(conn);
		ip_conn_end(conn);
		return conn_advance(conn);
	}
	if (conn->ending)
		tcp_recved(conn->pcb, p->tot_len);
	else
		conn->service->received(conn, p);
	pbuf_free(p);
	return conn_advance(conn);
}

static err_t sent(void *arg, struct tcp_pcb *pcb, uint16_t bytes)
{
	struct ip_conn *conn = arg;
	uint32_t credit = bytes < conn->credit ? bytes : conn->credit;

	conn->acked += bytes;
	if (credit > 0)
		tcp_recved(pcb, (uint16_t)credit);
	conn->credit -= credit;
	return conn_advance(conn);
}

/* lwIP has freed the pcb already: reset by the peer, or given up. */
static void failed(void *arg, err_t err)
{
	struct ip_conn *conn = arg;

	(void)err;
	conn->pcb = NULL;
}

/* A peer that neither sends nor reads may not hold a connection for ever. */
static err_t polled(void *arg, struct tcp_pcb *pcb)
{
	struct ip_conn *conn = arg;
	uint32_t mark = conn->acked + conn->put + (uint32_t)conn->total;

	(void)pcb;
	conn->idle = mark == conn->idle_mark ? conn->idle + 1 : 0;
	conn->idle_mark = mark;
	if (conn->idle > IDLE_POLLS_MAX)
		return conn_abort(conn);
	return conn_advance(conn);
}

static err_t accepted(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct ip_conn *conn = conn_find_free();

	if (err != ERR_OK || !pcb)
		return ERR_VAL;
	if (!conn) {
		tcp_abort(pcb);
		return ERR_ABRT;
	}
	memset(conn, 0, offsetof(struct ip_conn, ring));
	conn->pcb = pcb;
	conn->service = arg;
	glue_sha256_start(&conn->sum);
	ip_conn_accepted++;
	callbacks_set(pcb, conn);
	return ERR_OK;
}

int ip_conn_listen(const struct ip_service *service)
{
	struct tcp_pcb *pcb = tcp_new();
	struct tcp_pcb *listening;

	if (!pcb)
		return 0;
	if (tcp_bind(pcb, IP4_ADDR_ANY, service->port) == ERR_OK) {
		listening = tcp_listen_with_backlog(pcb, IP_CONNS);
		if (listening) {
			tcp_arg(listening, (void *)(uintptr_t)service);
			tcp_accept(listening, accepted);
			return 1;
		}
	}
	tcp_close(pcb);
	return 0;
}
