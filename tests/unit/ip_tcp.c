/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ip_tcp.c - TCP services of the IP stack: echo, discard, source.
 *
 * The other stack of ip_world.h runs them; the client here is lwIP too. With
 * frames lost, connections one too many, and a peer that does not read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <glue/ip.h>
#include <glue/pattern.h>
#include <glue/sha256.h>
#include <lwip/stats.h>
#include <lwip/tcp.h>

#include "ip_fake_net.h"
#include "ip_world.h"

/* A client: sends `to_send` bytes of the pattern behind `line`, sums all that
 * comes, closes its side when told, ends with the other side's end. */
struct client {
	struct tcp_pcb *pcb;
	const char *line;
	uint32_t to_send, sent;
	uint32_t received;
	int close_when_sent;
	int closed;
	volatile int connected;
	volatile int ended; /* 1: closed by the peer, 2: reset */
	struct glue_sha256 sum;
	char tail[128]; /* the last bytes that came */
};

static const uint8_t *pattern_bytes(uint32_t bytes)
{
	static uint64_t word[1 << 17];

	assert_true(bytes <= sizeof(word));
	for (uint32_t i = 0; i < (bytes + 7) / 8; i++)
		word[i] = glue_pattern_word(0, i);
	return (uint8_t *)word;
}

static void client_push(struct client *c)
{
	const uint8_t *data = pattern_bytes(c->to_send);

	while (c->sent < c->to_send) {
		uint32_t bytes = c->to_send - c->sent;

		if (bytes > tcp_sndbuf(c->pcb))
			bytes = tcp_sndbuf(c->pcb);
		if (bytes == 0 ||
		    tcp_write(c->pcb, data + c->sent, (uint16_t)bytes,
			      TCP_WRITE_FLAG_COPY))
			break;
		c->sent += bytes;
	}
	if (c->sent == c->to_send && c->close_when_sent && !c->closed) {
		c->closed = 1;
		tcp_shutdown(c->pcb, 0, 1);
	}
	tcp_output(c->pcb);
}

static void tail_add(struct client *c, const uint8_t *data, uint32_t bytes)
{
	uint32_t keep = sizeof(c->tail) - 1;

	if (bytes > keep) {
		data += bytes - keep;
		bytes = keep;
	}
	memmove(c->tail, c->tail + bytes, keep - bytes);
	memcpy(c->tail + keep - bytes, data, bytes);
}

static err_t client_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p,
			     err_t err)
{
	struct client *c = arg;

	(void)err;
	if (!p) {
		c->ended = 1;
		return ERR_OK;
	}
	for (const struct pbuf *q = p; q; q = q->next) {
		glue_sha256_feed(&c->sum, q->payload, q->len);
		tail_add(c, q->payload, q->len);
	}
	c->received += p->tot_len;
	tcp_recved(pcb, p->tot_len);
	pbuf_free(p);
	return ERR_OK;
}

static err_t client_sent(void *arg, struct tcp_pcb *pcb, u16_t bytes)
{
	(void)pcb;
	(void)bytes;
	client_push(arg);
	return ERR_OK;
}

static err_t client_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct client *c = arg;

	assert_int_equal(err, ERR_OK);
	c->connected = 1;
	if (c->line)
		tcp_write(pcb, c->line, (u16_t)strlen(c->line),
			  TCP_WRITE_FLAG_COPY);
	client_push(c);
	return ERR_OK;
}

static void client_failed(void *arg, err_t err)
{
	struct client *c = arg;

	(void)err;
	c->pcb = NULL;
	c->ended = 2;
}

static void client_start(struct client *c, uint16_t port)
{
	c->pcb = tcp_new();
	assert_non_null(c->pcb);
	glue_sha256_start(&c->sum);
	tcp_arg(c->pcb, c);
	tcp_recv(c->pcb, client_received);
	tcp_sent(c->pcb, client_sent);
	tcp_err(c->pcb, client_failed);
	assert_int_equal(tcp_connect(c->pcb, &world_peer, port,
				     client_connected),
			 ERR_OK);
}

static void client_close(struct client *c)
{
	if (!c->pcb)
		return;
	tcp_arg(c->pcb, NULL);
	tcp_recv(c->pcb, NULL);
	tcp_sent(c->pcb, NULL);
	tcp_err(c->pcb, NULL);
	assert_int_equal(tcp_close(c->pcb), ERR_OK);
}

/* Run a client to its end, closed by the peer. */
static void client_run(struct client *c, uint16_t port)
{
	client_start(c, port);
	assert_true(world_run(&c->ended, WORLD_WAIT_S));
	assert_int_equal(c->ended, 1);
	client_close(c);
}

static void digest_of_pattern(uint32_t bytes, char hex[GLUE_SHA256_HEX_BYTES])
{
	struct glue_sha256 sum;

	glue_sha256_start(&sum);
	glue_sha256_feed(&sum, pattern_bytes(bytes), bytes);
	glue_sha256_finish(&sum, hex);
}

static void check_echo(uint32_t bytes)
{
	char came[GLUE_SHA256_HEX_BYTES], wanted[GLUE_SHA256_HEX_BYTES];
	struct client c = { .to_send = bytes, .close_when_sent = 1 };

	client_run(&c, 7);
	assert_int_equal(c.received, bytes);
	glue_sha256_finish(&c.sum, came);
	digest_of_pattern(bytes, wanted);
	assert_string_equal(came, wanted);
}

static void test_tcp_echo(void **state)
{
	(void)state;
	check_echo(0);
	check_echo(1);
	check_echo(1461);
	check_echo(1000000);
}

static void check_discard(uint32_t bytes)
{
	char wanted[GLUE_SHA256_HEX_BYTES + 16] = "";
	struct client c = { .to_send = bytes, .close_when_sent = 1 };
	int used = snprintf(wanted, sizeof(wanted), "%u ", bytes);

	client_run(&c, 9);
	digest_of_pattern(bytes, wanted + used);
	strcat(wanted, "\n");
	assert_int_equal(c.received, strlen(wanted));
	assert_string_equal(c.tail + sizeof(c.tail) - 1 - strlen(wanted),
			    wanted);
}

static void test_tcp_discard(void **state)
{
	(void)state;
	check_discard(0);
	check_discard(1000000);
}

static void check_source(uint32_t bytes)
{
	char wanted[GLUE_SHA256_HEX_BYTES];
	char line[24];
	struct client c = { .line = line };

	snprintf(line, sizeof(line), "%u\r\n", bytes);
	client_run(&c, 19);
	assert_int_equal(c.received, bytes + GLUE_SHA256_HEX_BYTES);
	digest_of_pattern(bytes, wanted);
	assert_memory_equal(c.tail + sizeof(c.tail) - 1 - GLUE_SHA256_HEX_BYTES,
			    wanted, GLUE_SHA256_HEX_BYTES - 1);
}

static void test_tcp_source(void **state)
{
	struct client refused = { .line = "12a\n" };

	(void)state;
	check_source(0);
	check_source(1);
	check_source(4099);
	check_source(1000000);
	client_run(&refused, 19);
	assert_non_null(strstr(refused.tail + sizeof(refused.tail) - 40,
			       "line feed\n"));
}

/* One frame in fifty is lost, each way: nothing is missing at the end. */
static void test_tcp_loss(void **state)
{
	(void)state;
	fake_net.lose_one_in = 50;
	check_echo(300000);
	check_discard(300000);
	check_source(300000);
	fake_net.lose_one_in = 0;
	assert_true(fake_net.lost > 10);
	assert_true(lwip_stats.mib2.tcpretranssegs > 0);
}

/* The fifth connection is reset; the first four go on. */
static void test_tcp_too_many(void **state)
{
	struct client c[5] = { { .pcb = NULL } };

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		client_start(&c[i], 7);
		assert_true(world_run(&c[i].connected, WORLD_WAIT_S));
	}
	assert_true(world_run(&c[4].ended, WORLD_WAIT_S));
	assert_int_equal(c[4].ended, 2);
	for (unsigned int i = 0; i < 4; i++) {
		assert_int_equal(c[i].ended, 0);
		c[i].to_send = 3000;
		c[i].close_when_sent = 1;
		client_push(&c[i]);
		assert_true(world_run(&c[i].ended, WORLD_WAIT_S));
		assert_int_equal(c[i].received, 3000);
		client_close(&c[i]);
	}
}

/* A peer that sends to echo but does not read: its window closes and the
 * other side's memory is the ring; when it reads again nothing is missing. */
static err_t client_refuse(void *arg, struct tcp_pcb *pcb, struct pbuf *p,
			   err_t err)
{
	(void)arg;
	(void)pcb;
	(void)p;
	(void)err;
	return ERR_MEM;
}

static void test_tcp_slow_reader(void **state)
{
	static const int never = 0;
	struct client c = { .to_send = 500000, .close_when_sent = 1 };

	(void)state;
	client_start(&c, 7);
	tcp_recv(c.pcb, client_refuse);
	assert_false(world_run(&never, 1));
	assert_true(c.sent < 150000);
	assert_int_equal(world_ping(WORLD_PEER, 56, 60000), K_OK);
	tcp_recv(c.pcb, client_received);
	assert_true(world_run(&c.ended, WORLD_WAIT_S));
	assert_int_equal(c.received, 500000);
	client_close(&c);
}

/* A reset in the middle gives the connection free. */
static void test_tcp_abort(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 8; i++) {
		struct client c = { .to_send = 100000 };

		client_start(&c, 7);
		assert_true(world_run(&c.connected, WORLD_WAIT_S));
		tcp_abort(c.pcb);
		assert_int_equal(c.ended, 2);
	}
	check_echo(1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tcp_echo),
		cmocka_unit_test(test_tcp_discard),
		cmocka_unit_test(test_tcp_source),
		cmocka_unit_test(test_tcp_loss),
		cmocka_unit_test(test_tcp_too_many),
		cmocka_unit_test(test_tcp_slow_reader),
		cmocka_unit_test(test_tcp_abort),
	};

	return cmocka_run_group_tests(tests, world_start, world_end);
}
