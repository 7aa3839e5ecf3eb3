/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ip_stack.c - the IP stack against another one: ping, UDP, link, bad frames.
 *
 * ip_world.h makes both; the other one runs all services of ip/services.c and
 * leaves its checksums to its card, this one checks them itself. TCP: ip_tcp.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <glue/ip.h>
#include <lwip/stats.h>
#include <lwip/udp.h>

#include "ip/ping.h"
#include "ip/resolve.h"
#include "ip/stack.h"
#include "ip_fake_net.h"
#include "ip_world.h"

/* --- ping ----------------------------------------------------------------- */

static void test_ping(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 1000; i++) {
		assert_int_equal(world_ping(WORLD_PEER, 56, 60000), K_OK);
		assert_true(world_answer.value > 0);
	}
}

/* Also longer ones than a frame: in pieces there and back. */
static void test_ping_sizes(void **state)
{
	static const uint32_t sizes[] = { 0,	1,    86,
					  87,	94,   95,
					  1472, 1473, GLUE_IP_PING_BYTES_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		assert_int_equal(world_ping(WORLD_PEER, sizes[i], 60000), K_OK);
	assert_int_equal(world_ping(WORLD_PEER, GLUE_IP_PING_BYTES_MAX + 1,
				    100),
			 K_ERR_RANGE);
}

/* Nobody there; no way there; our own address; not waited for any more. */
static void test_ping_ends(void **state)
{
	(void)state;
	assert_int_equal(world_ping(0x0a000063, 56, 1000), K_ERR_TIMEOUT);
	assert_int_equal(world_ping(0x0b000001, 56, 1000), K_ERR_NOTFOUND);
	assert_int_equal(world_ping(0x0a000001, 56, 1000), K_OK);
	assert_int_equal(world_ping(0x7f000001, 56, 1000), K_OK);
	world_answer.ended = 0;
	assert_int_equal(ip_ping_start(9,
				       GLUE_IP_PING_ARG(0x0a000063, 0, 60000)),
			 K_OK);
	assert_false(ip_ping_cancel(8));
	assert_true(ip_ping_cancel(9));
	assert_int_equal(world_answer.status, K_ERR_GONE);
	assert_false(ip_ping_cancel(9));
}

static void test_ping_many(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < IP_PINGS; i++)
		assert_int_equal(ip_ping_start(i, GLUE_IP_PING_ARG(0x0a000063,
								   0, 60000)),
				 K_OK);
	assert_int_equal(ip_ping_start(99, GLUE_IP_PING_ARG(WORLD_PEER, 0, 9)),
			 K_ERR_BUSY);
	for (uint32_t i = 0; i < IP_PINGS; i++)
		assert_true(ip_ping_cancel(i));
	assert_int_equal(world_ping(WORLD_PEER, 56, 60000), K_OK);
}

/* --- names ---------------------------------------------------------------- */

static enum k_err resolve(const char *name)
{
	world_answer.ended = 0;
	return ip_resolve_start(3, name, strlen(name), world_answered);
}

static void test_resolve(void **state)
{
	char longest[GLUE_IP_NAME_MAX + 2];

	(void)state;
	assert_int_equal(resolve("10.1.2.3"), K_OK);
	assert_true(world_answer.ended);
	assert_int_equal(world_answer.value, 0x0a010203);
	assert_int_equal(resolve(""), K_ERR_INVALID);
	assert_int_equal(resolve("a b"), K_ERR_INVALID);
	memset(longest, 'a', sizeof(longest));
	longest[GLUE_IP_NAME_MAX + 1] = '\0';
	assert_int_equal(resolve(longest), K_ERR_INVALID);
	assert_int_equal(resolve("host.example"), K_ERR_TIMEOUT);
	assert_false(ip_resolve_cancel(3));
}

/* --- UDP ------------------------------------------------------------------ */

#define HELD_MAX 160u

static struct {
	volatile int came;
	unsigned int wanted;
	unsigned int n;
	struct pbuf *held[HELD_MAX];
} udp;

static void udp_keep(void *arg, struct udp_pcb *pcb, struct pbuf *p,
		     const ip_addr_t *from, u16_t port)
{
	(void)arg;
	(void)pcb;
	assert_int_equal(port, 7);
	assert_true(ip_addr_cmp(from, &world_peer));
	assert_true(udp.n < HELD_MAX);
	udp.held[udp.n++] = p;
	udp.came = udp.n == udp.wanted;
}

static struct udp_pcb *udp_open(unsigned int wanted)
{
	struct udp_pcb *pcb = udp_new();

	assert_non_null(pcb);
	udp_recv(pcb, udp_keep, NULL);
	udp.n = 0;
	udp.came = 0;
	udp.wanted = wanted;
	return pcb;
}

static void udp_send_bytes(struct udp_pcb *pcb, uint16_t bytes, uint8_t seed)
{
	struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, bytes, PBUF_RAM);

	assert_non_null(p);
	for (uint32_t i = 0; i < bytes; i++)
		((uint8_t *)p->payload)[i] = (uint8_t)(i * 31 + seed +
						       (i >> 8));
	assert_int_equal(udp_sendto(pcb, p, &world_peer, 7), ERR_OK);
	pbuf_free(p);
}

static void udp_check(struct pbuf *p, uint16_t bytes, uint8_t seed)
{
	assert_int_equal(p->tot_len, bytes);
	for (uint32_t i = 0; i < bytes; i++)
		assert_int_equal(pbuf_get_at(p, (uint16_t)i),
				 (uint8_t)(i * 31 + seed + (i >> 8)));
	pbuf_free(p);
}

static void test_udp_echo(void **state)
{
	static const uint16_t sizes[] = { 0,	1,    94,   95,	  1471,
					  1472, 1473, 8000, 65507 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct udp_pcb *pcb = udp_open(1);

		udp_send_bytes(pcb, sizes[i], (uint8_t)i);
		assert_true(world_run(&udp.came, WORLD_WAIT_S));
		udp_check(udp.held[0], sizes[i], (uint8_t)i);
		udp_remove(pcb);
	}
}

/* More datagrams are held than there are places: the rest is copied, and a
 * quarter of the places always stays with the card. */
static void test_udp_held(void **state)
{
	const struct ip_nic *nic = ip_stack_nic(0);
	struct udp_pcb *pcb = udp_open(HELD_MAX);

	(void)state;
	for (unsigned int i = 0; i < HELD_MAX; i++) {
		udp_send_bytes(pcb, 1000, (uint8_t)i);
		world_run(&udp.came, 0);
		fake_net_sleep();
		ip_stack_turn(GLUE_EVENT_CONTROL);
	}
	assert_true(world_run(&udp.came, WORLD_WAIT_S));
	assert_in_range(nic->n_rx_lent, IP_NIC_RX_LOW - 1, IP_NIC_RX_LOW);
	for (unsigned int i = 0; i < HELD_MAX; i++)
		udp_check(udp.held[i], 1000, (uint8_t)i);
	ip_stack_turn(GLUE_EVENT_CONTROL);
	assert_int_equal(nic->n_rx_lent, IP_NIC_RX);
	udp_remove(pcb);
}

/* --- checksums that the card has looked at --------------------------------- */

static volatile int datagrams;

static void udp_count(void *arg, struct udp_pcb *pcb, struct pbuf *p,
		      const ip_addr_t *from, u16_t port)
{
	(void)arg;
	(void)pcb;
	(void)from;
	(void)port;
	datagrams++;
	pbuf_free(p);
}

/* A datagram with a wrong checksum: lwIP looks, unless the card says that it
 * did; and looks again at the next one. */
static void test_checksum_flags(void **state)
{
	static uint8_t frame[60] = {
		2,    0, 0,  0,	 0, 1, 2,  0,	0,  0,	 0,    2,    8,	   0,
		0x45, 0, 0,  46, 0, 0, 0,  0,	64, 17,	 0x66, 0xbd, 10,   0,
		0,    2, 10, 0,	 0, 1, 19, 136, 21, 179, 0,    26,   0x12, 0x34,
	};
	uint32_t errors = lwip_stats.udp.chkerr;
	struct udp_pcb *pcb = udp_new();

	(void)state;
	assert_int_equal(udp_bind(pcb, IP4_ADDR_ANY, 5555), ERR_OK);
	udp_recv(pcb, udp_count, NULL);
	fake_net_receive(frame, sizeof(frame), 0);
	assert_int_equal(datagrams, 0);
	assert_int_equal(lwip_stats.udp.chkerr, errors + 1);
	fake_net_receive(frame, sizeof(frame), GLUE_NET_CSUM_OK);
	assert_int_equal(datagrams, 1);
	fake_net_receive(frame, sizeof(frame), GLUE_NET_PARTIAL);
	assert_int_equal(datagrams, 2);
	fake_net_receive(frame, sizeof(frame), 0);
	assert_int_equal(datagrams, 2);
	assert_int_equal(lwip_stats.udp.chkerr, errors + 2);
	udp_remove(pcb);
	ip_stack_turn(GLUE_EVENT_CONTROL);
}

/* --- the link --------------------------------------------------------- */

/* A link that is down is no way anywhere; up again, all is as before. */
static void test_link(void **state)
{
	struct ip_nic *nic = ip_stack_nic(0);

	(void)state;
	fake_net_link(&nic->net, 0);
	assert_int_equal(world_ping(WORLD_PEER, 56, 1000), K_ERR_NOTFOUND);
	fake_net_link(&nic->net, 1);
	assert_int_equal(world_ping(WORLD_PEER, 56, 60000), K_OK);
	assert_int_equal(nic->counters.foreign, 0);
}

/* A card whose driver ends and is started again: no way anywhere, then as before.
 * Bytes in its old places are somebody's until they are given back. */
static void test_gone(void **state)
{
	struct ip_nic *nic = ip_stack_nic(0);
	struct udp_pcb *pcb = udp_open(1);
	const int never = 0;

	(void)state;
	udp_send_bytes(pcb, 1000, 1);
	assert_true(world_run(&udp.came, WORLD_WAIT_S));
	fake_net_end(&nic->net);
	world_run(&never, 1);
	assert_int_equal(world_ping(WORLD_PEER, 56, 3000), K_ERR_NOTFOUND);
	fake_net.is_off = 0;
	world_run(&never, 1);
	assert_true(nic->gone);
	udp_check(udp.held[0], 1000, 1);
	world_run(&never, 1);
	assert_false(nic->gone);
	assert_int_equal(world_ping(WORLD_PEER, 56, 60000), K_OK);
	udp_remove(pcb);
}

/* Frames that go out at once when the link is told to be @up. */
static uint64_t frames_for_link(int up)
{
	uint64_t sent = fake_net.sent;

	fake_net_link(&ip_stack_nic(0)->net, up);
	return fake_net.sent - sent;
}

/* The neighbours are told once when the link comes back or has been moved. */
static void test_announcing(void **state)
{
	struct netif *netif = &ip_stack_nic(0)->netif;
	ip4_addr_t address = *netif_ip4_addr(netif);

	(void)state;
	assert_int_equal(frames_for_link(0), 0);
	assert_int_equal(frames_for_link(1), 1);
	assert_int_equal(frames_for_link(1), 1);
	netif_set_ipaddr(netif, IP4_ADDR_ANY4);
	assert_int_equal(frames_for_link(1), 0);
	netif_set_ipaddr(netif, &address);
	assert_int_equal(world_ping(WORLD_PEER, 56, 60000), K_OK);
}

/* --- frames that nobody should send --------------------------------------- */

#define ETH_IP	 0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 9, 8, 0
#define IP_TO(p) 10, 0, 0, 9, 10, 0, 0, 2

/* Frames to begin with: ICMP, UDP to echo, TCP to echo, DHCP, ARP, a piece. */
static const uint8_t seeds[][64] = {
	{ ETH_IP, 0x45, 0, 0, 50, 0, 0, 0, 0, 64, 1, 0, 0, IP_TO(1), 8 },
	{ ETH_IP, 0x45, 0, 0,	      50, 0, 0, 0, 0, 64,
	  17,	  0,	0, IP_TO(17), 9,  9, 0, 7, 0, 30 },
	{ ETH_IP, 0x45, 0, 0, 50, 0, 0, 0, 0, 64, 6, 0,	   0, IP_TO(6), 9,
	  9,	  0,	7, 0, 0,  0, 1, 0, 0, 0,  0, 0x70, 2, 16,	0 },
	{ ETH_IP,    0x45, 0,  0, 50, 0, 0,  0, 0, 64, 17, 0, 0,
	  IP_TO(17), 0,	   67, 0, 68, 0, 30, 0, 0, 2,  1,  6 },
	{ 255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0,	9, 8, 6,
	  0,   1,   8,	 0,   6,   4,	0, 1, 2, 0, 0,	0, 0, 9,
	  10,  0,   0,	 9,   0,   0,	0, 0, 0, 0, 10, 0, 0, 2 },
	{ ETH_IP, 0x45, 0, 0, 50, 0, 9, 0x20, 0, 64, 17, 0, 0, IP_TO(17) },
};

/* lwIP drops bad header checksums first; most frames shall pass that. */
static void header_sum(uint8_t *frame)
{
	uint8_t *ip = frame + 14;
	uint32_t sum = 0;

	ip[10] = ip[11] = 0;
	for (unsigned int i = 0; i < (ip[0] & 15u) * 4; i += 2)
		sum += (uint32_t)(ip[i] << 8 | ip[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~(sum + (sum >> 16));
	ip[10] = (uint8_t)(sum >> 8);
	ip[11] = (uint8_t)sum;
}

static void test_bad_frames(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 30000; i++) {
		uint8_t frame[1514] = { 0 };
		size_t bytes = 14 + (size_t)rand() % (i % 8 ? 80 : 1500);

		memcpy(frame, seeds[(size_t)rand() % 6], sizeof(seeds[0]));
		for (int flips = rand() % 6; flips > 0; flips--)
			frame[6 + rand() % 60] = (uint8_t)rand();
		if (frame[12] == 8 && frame[13] == 0 && i % 16)
			header_sum(frame);
		world_frame(frame, bytes);
		if (i % 64 == 0)
			assert_int_equal(world_ping(WORLD_PEER, 8, 60000),
					 K_OK);
	}
}

static void test_answers(void **state)
{
	struct glue_ip_stats stats;
	struct glue_ip_if info;

	(void)state;
	ip_stack_describe(ip_stack_nic(0), &info);
	assert_int_equal(info.address, 0x0a000001);
	assert_int_equal(info.netmask, 0xffffff00);
	assert_string_equal(info.service, "net0");
	assert_string_equal(info.driver, "a socket");
	ip_stack_stats(&stats);
	assert_int_equal(stats.frames_in, fake_net.received);
	assert_true(stats.icmp_in >= 1000);
	assert_int_equal(stats.checksum_errors, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ping),
		cmocka_unit_test(test_ping_sizes),
		cmocka_unit_test(test_ping_ends),
		cmocka_unit_test(test_ping_many),
		cmocka_unit_test(test_resolve),
		cmocka_unit_test(test_udp_echo),
		cmocka_unit_test(test_udp_held),
		cmocka_unit_test(test_checksum_flags),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_announcing),
		cmocka_unit_test(test_bad_frames),
		cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests(tests, world_start, world_end);
}
