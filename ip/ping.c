/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ping.c - ICMP echo requests and the search for their answers.
 *
 * An answer counts if its identifier, number and every payload byte are those
 * of a request that still waits; all others are left to lwIP, which drops
 * them. Source: RFC 792, "Echo or Echo Reply Message".
 */
#include "ping.h"

#include <glue/ip.h>
#include <glue/rt.h>
#include <glue/string.h>
#include <lwip/icmp.h>
#include <lwip/inet_chksum.h>
#include <lwip/ip.h>
#include <lwip/raw.h>
#include <lwip/stats.h>
#include <lwip/timeouts.h>

struct ping {
	uint32_t used;
	uint32_t token;
	uint16_t id, number;
	uint16_t bytes; /* of payload */
	uint64_t sent_ticks;
};

static struct ping pings[IP_PINGS];
static struct raw_pcb *icmp;
static ip_ping_done *ping_done;

static void ping_timeout(void *arg);

static void ping_end(struct ping *ping, enum k_err status, uint64_t value)
{
	sys_untimeout(ping_timeout, ping);
	ping->used = 0;
	ping_done(ping->token, status, value);
}

static void ping_timeout(void *arg)
{
	ping_end(arg, K_ERR_TIMEOUT, 0);
}

/* Payload byte @i of each request. */
static uint8_t payload_byte(uint32_t i)
{
	return (uint8_t)(i * 7 + (i >> 8));
}

/* Does the payload behind both headers come back as it was sent? */
static int payload_same(const struct pbuf *p, uint16_t at, uint16_t bytes)
{
	if (p->tot_len != at + bytes)
		return 0;
	for (uint16_t i = 0; i < bytes; i++) {
		if (pbuf_get_at(p, (uint16_t)(at + i)) != payload_byte(i))
			return 0;
	}
	return 1;
}

static struct ping *ping_find(uint16_t id, uint16_t number)
{
	for (unsigned int i = 0; i < IP_PINGS; i++) {
		if (pings[i].used && pings[i].id == id &&
		    pings[i].number == number)
			return &pings[i];
	}
	return NULL;
}

/* lwIP shows every ICMP message first here. 1: taken and freed. */
static uint8_t answer(void *arg, struct raw_pcb *pcb, struct pbuf *p,
		      const ip_addr_t *from)
{
	uint16_t at = ip4_current_header() ?
			      IPH_HL_BYTES(ip4_current_header()) :
			      IP_HLEN;
	struct icmp_echo_hdr echo;
	struct ping *ping;

	(void)arg;
	(void)pcb;
	(void)from;
	if (pbuf_copy_partial(p, &echo, sizeof(echo), at) != sizeof(echo) ||
	    ICMPH_TYPE(&echo) != ICMP_ER)
		return 0;
	ping = ping_find(echo.id, echo.seqno);
	if (!ping ||
	    !payload_same(p, (uint16_t)(at + sizeof(echo)), ping->bytes))
		return 0;
	MIB2_STATS_INC(mib2.icmpinmsgs); /* lwIP has not seen it */
	ping_end(ping, K_OK,
		 glue_ticks_to_ns(glue_time_ticks() - ping->sent_ticks));
	pbuf_free(p);
	return 1;
}

/* The whole message. NULL: no memory. */
static struct pbuf *request_make(const struct ping *ping)
{
	uint16_t bytes = (uint16_t)(sizeof(struct icmp_echo_hdr) + ping->bytes);
	struct pbuf *p = pbuf_alloc(PBUF_IP, bytes, PBUF_RAM);
	struct icmp_echo_hdr *echo;
	uint8_t *payload;

	if (!p)
		return NULL;
	echo = p->payload;
	payload = (uint8_t *)(echo + 1);
	ICMPH_TYPE_SET(echo, ICMP_ECHO);
	ICMPH_CODE_SET(echo, 0);
	echo->id = ping->id;
	echo->seqno = ping->number;
	echo->chksum = 0;
	for (uint16_t i = 0; i < ping->bytes; i++)
		payload[i] = payload_byte(i);
	echo->chksum = inet_chksum(echo, bytes);
	return p;
}

static struct ping *ping_find_free(void)
{
	for (unsigned int i = 0; i < IP_PINGS; i++) {
		if (!pings[i].used)
			return &pings[i];
	}
	return NULL;
}

static enum k_err request_send(struct ping *ping, const ip_addr_t *to)
{
	struct pbuf *p = request_make(ping);
	err_t err;

	if (!p)
		return K_ERR_NOMEM;
	MIB2_STATS_INC(mib2.icmpoutmsgs);
	ping->sent_ticks = glue_time_ticks();
	err = raw_sendto(icmp, p, to);
	pbuf_free(p);
	if (err == ERR_RTE)
		return K_ERR_NOTFOUND;
	return err == ERR_OK ? K_OK : K_ERR_BUSY;
}

enum k_err ip_ping_start(uint32_t token, uint64_t arg)
{
	ip_addr_t to = IPADDR4_INIT(lwip_htonl((uint32_t)(arg >> 32)));
	uint16_t bytes = (uint16_t)(arg >> 16);
	struct ping *ping = ping_find_free();
	uint32_t name = ip_random();
	enum k_err err;

	if (bytes > GLUE_IP_PING_BYTES_MAX)
		return K_ERR_RANGE;
	if (!ping)
		return K_ERR_BUSY;
	*ping = (struct ping){ .token = token,
			       .id = (uint16_t)name,
			       .number = (uint16_t)(name >> 16),
			       .bytes = bytes };
	err = request_send(ping, &to);
	if (err)
		return err;
	ping->used = 1;
	sys_timeout((uint16_t)arg, ping_timeout, ping);
	return K_OK;
}

int ip_ping_cancel(uint32_t token)
{
	for (unsigned int i = 0; i < IP_PINGS; i++) {
		if (pings[i].used && pings[i].token == token) {
			ping_end(&pings[i], K_ERR_GONE, 0);
			return 1;
		}
	}
	return 0;
}

int ip_ping_init(ip_ping_done *done)
{
	ping_done = done;
	icmp = raw_new(IP_PROTO_ICMP);
	if (!icmp)
		return 0;
	raw_recv(icmp, answer, NULL);
	return raw_bind(icmp, IP_ADDR_ANY) == ERR_OK;
}
