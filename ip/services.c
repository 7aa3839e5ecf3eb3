/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * services.c - echo, discard and source: what they do with a connection.
 *
 * Memory is that of the connections (conn.h) and no more, whatever peers do.
 */
#include "services.h"

#include <glue/pattern.h>
#include <glue/print.h>
#include <glue/string.h>
#include <lwip/udp.h>

#include "conn.h"

#define PORT_ECHO      7u
#define PORT_DISCARD   9u
#define PORT_SOURCE    19u
#define REQUEST_DIGITS 15u
#define LINE_BYTES     (24u + GLUE_SHA256_HEX_BYTES)
/* Less room than this is not worth a turn, unless it is the rest. */
#define SOURCE_PIECE   4096u

struct ip_services_counters ip_services_counters;

/* --- echo ---------------------------------------------------------------- */

/* The window is the ring's size and opens again with what has left it, so all
 * of @p finds room; if lwIP let more through, the connection ends here. */
static void echo_received(struct ip_conn *conn, const struct pbuf *p)
{
	for (; p; p = p->next) {
		uint32_t bytes = ip_conn_put(conn, p->payload, p->len);

		conn->credit += bytes;
		ip_services_counters.echo_tcp_bytes += bytes;
		if (bytes < p->len)
			ip_conn_end(conn);
	}
}

/* --- discard ------------------------------------------------------------- */

static void discard_received(struct ip_conn *conn, const struct pbuf *p)
{
	tcp_recved(conn->pcb, p->tot_len);
	conn->total += p->tot_len;
	for (; p; p = p->next)
		glue_sha256_feed(&conn->sum, p->payload, p->len);
}

static void discard_finished(struct ip_conn *conn)
{
	char hex[GLUE_SHA256_HEX_BYTES], line[LINE_BYTES];
	int bytes;

	glue_sha256_finish(&conn->sum, hex);
	bytes = glue_snprintf(line, sizeof(line), "%lu %s\n",
			      (unsigned long)conn->total, hex);
	ip_conn_put(conn, line, (uint32_t)bytes);
}

/* --- source -------------------------------------------------------------- */

/* `digits` once the request is complete. */
#define REQUEST_DONE (REQUEST_DIGITS + 1)

static void request_refuse(struct ip_conn *conn)
{
	static const char text[] =
		"send a number of bytes, at most 15 digits, and a line feed\n";

	ip_conn_put(conn, text, sizeof(text) - 1);
	ip_conn_end(conn);
}

/* One character of "BYTES\n". */
static void request_read(struct ip_conn *conn, char c)
{
	if (conn->digits == REQUEST_DONE || c == '\r')
		return;
	if (c == '\n' && conn->digits > 0) {
		conn->digits = REQUEST_DONE;
	} else if (c >= '0' && c <= '9' && conn->digits < REQUEST_DIGITS) {
		conn->total = conn->total * 10 + (uint64_t)(c - '0');
		conn->digits++;
	} else {
		request_refuse(conn);
	}
}

static void source_received(struct ip_conn *conn, const struct pbuf *p)
{
	tcp_recved(conn->pcb, p->tot_len);
	for (; p; p = p->next) {
		const char *text = p->payload;

		for (uint16_t i = 0; i < p->len && !conn->ending; i++)
			request_read(conn, text[i]);
	}
}

/* The next @bytes of the pattern, at most 8. */
static void word_put(struct ip_conn *conn, uint32_t bytes)
{
	uint64_t word = glue_pattern_word(0, conn->made / 8);

	conn->made += ip_conn_put(conn, &word, bytes);
	glue_sha256_feed(&conn->sum, &word, bytes);
}

static void source_digest(struct ip_conn *conn)
{
	char hex[GLUE_SHA256_HEX_BYTES];

	glue_sha256_finish(&conn->sum, hex);
	hex[GLUE_SHA256_HEX_BYTES - 1] = '\n';
	ip_conn_put(conn, hex, sizeof(hex));
	ip_conn_end(conn);
}

static void source_room(struct ip_conn *conn)
{
	if (conn->digits != REQUEST_DONE || ip_conn_room(conn) < SOURCE_PIECE)
		return;
	while (conn->made < conn->total && ip_conn_room(conn) >= 8) {
		uint64_t rest = conn->total - conn->made;

		word_put(conn, rest < 8 ? (uint32_t)rest : 8);
	}
	if (conn->made == conn->total &&
	    ip_conn_room(conn) >= GLUE_SHA256_HEX_BYTES)
		source_digest(conn);
}

/* --- UDP echo ------------------------------------------------------------ */

/* Ports that answer whatever comes, as this one: two would never stop. */
static int would_loop(uint16_t port)
{
	return port == PORT_ECHO || port == PORT_DISCARD ||
	       port == PORT_SOURCE || port == 0;
}

static void udp_echo(void *arg, struct udp_pcb *pcb, struct pbuf *p,
		     const ip_addr_t *from, uint16_t port)
{
	struct netif *netif = ip_current_netif();

	(void)arg;
	if (!would_loop(port) &&
	    ip4_addr_cmp(ip_2_ip4(ip_current_dest_addr()),
			 netif_ip4_addr(netif)) &&
	    udp_sendto_if(pcb, p, from, port, netif) == ERR_OK)
		ip_services_counters.echo_udp_datagrams++;
	pbuf_free(p);
}

static int udp_echo_start(void)
{
	struct udp_pcb *pcb = udp_new();

	if (!pcb || udp_bind(pcb, IP4_ADDR_ANY, PORT_ECHO) != ERR_OK)
		return 0;
	udp_recv(pcb, udp_echo, NULL);
	return 1;
}

int ip_services_start(void)
{
	static const struct ip_service services[] = {
		{ PORT_ECHO, echo_received, NULL, NULL },
		{ PORT_DISCARD, discard_received, NULL, discard_finished },
		{ PORT_SOURCE, source_received, source_room, NULL },
	};

	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		if (!ip_conn_listen(&services[i]))
			return 0;
	}
	return udp_echo_start();
}
