/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * traffic.c - nettest: many frames, timed: send, receive, echo, ping.
 *
 * Received frames are hashed, so that the host can tell whether exactly its
 * frames came, in its order. The clock of `receive` and `echo` runs from the
 * first frame, as nobody knows when the host begins.
 */
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/sha256.h>
#include <glue/string.h>

#include "nettest.h"

static struct nettest_clock clock;
static struct glue_sha256 hash;
static uint64_t received_bytes;
static int hashing;

static int result(const char *what, enum k_err err)
{
	if (err)
		glue_printf("nettest: %s: %s after %lu of %lu frames\n", what,
			    k_err_text(err), nettest_run.ended,
			    nettest_run.wanted);
	if (nettest_run.failed)
		glue_printf("nettest: %s: %lu frames failed\n", what,
			    nettest_run.failed);
	return err || nettest_run.failed ? NETTEST_FAILED : 0;
}

/* --- send -------------------------------------------------------------------*/

static void send_next(struct glue_net_frame *frame)
{
	if (nettest_run.begun < nettest_run.wanted)
		nettest_run_send(frame);
}

static void send_done(struct glue_net_frame *frame)
{
	nettest_run_sent(frame);
	send_next(frame);
}

int nettest_send(uint64_t count, uint64_t bytes)
{
	unsigned int i;
	enum k_err err;

	nettest_run.wanted = count;
	nettest_clock_start(&clock);
	for (i = 0; i < NETTEST_SENDERS; i++) {
		nettest_build(&nettest_tx[i], (uint32_t)bytes);
		nettest_tx[i].done = send_done;
		send_next(&nettest_tx[i]);
	}
	err = nettest_run_wait();
	nettest_clock_print(&clock, "send", nettest_run.ended);
	return result("send", err);
}

/* --- receive ----------------------------------------------------------------*/

/* Other clients of the card speak too, to everybody: not our business. */
static int is_ours(const struct glue_net_frame *frame)
{
	const uint8_t *data = frame->data;

	return frame->bytes >= GLUE_NET_MIN_BYTES && data[12] == 0x88 &&
	       data[13] == 0xb5;
}

static void lend_again(struct glue_net_frame *frame)
{
	if (glue_net_fill(&nettest_net, frame))
		nettest_run.failed++;
}

static void receive_done(struct glue_net_frame *frame)
{
	if (frame->status)
		return;
	if (!is_ours(frame)) {
		lend_again(frame);
		return;
	}
	if (nettest_run.ended++ == 0)
		nettest_clock_start(&clock);
	received_bytes += frame->bytes;
	if (hashing) {
		glue_sha256_feed(&hash, &frame->bytes, sizeof(frame->bytes));
		glue_sha256_feed(&hash, frame->data, frame->bytes);
	}
	lend_again(frame);
}

static void hash_print(void)
{
	char text[GLUE_SHA256_HEX_BYTES];

	glue_sha256_finish(&hash, text);
	glue_printf("nettest: %lu bytes, sha256 %s\n", received_bytes, text);
}

/* @quick: 1 does not hash, to time the frames alone. */
int nettest_receive(uint64_t count, uint64_t quick)
{
	enum k_err err;

	nettest_run.wanted = count;
	hashing = quick == 0;
	glue_sha256_start(&hash);
	err = nettest_lend(NETTEST_BUFFERS, receive_done);
	glue_printf("nettest: ready\n");
	if (!err)
		err = nettest_run_wait();
	nettest_clock_print(&clock, "receive", nettest_run.ended);
	if (hashing)
		hash_print();
	nettest_stats_print();
	return result("receive", err);
}

/* --- echo: what comes goes back ----------------------------------------------*/

static void echo_sent(struct glue_net_frame *frame)
{
	nettest_run_sent(frame);
	lend_again(frame->owner);
}

/* The frame is sent from where it lies; then its buffer is lent again. */
static void echo_received(struct glue_net_frame *frame)
{
	unsigned int i = (unsigned int)(frame - nettest_rx);
	struct glue_net_frame *tx = &nettest_tx[i];
	uint8_t *data = frame->data;

	if (frame->status)
		return;
	if (!is_ours(frame) || nettest_run.begun == nettest_run.wanted) {
		lend_again(frame);
		return;
	}
	if (nettest_run.begun++ == 0)
		nettest_clock_start(&clock);
	memcpy(data, data + 6, 6);
	memcpy(data + 6, glue_net_info(&nettest_net)->mac, 6);
	tx->data = data;
	tx->bytes = frame->bytes;
	tx->done = echo_sent;
	tx->owner = frame;
	if (glue_net_send(&nettest_net, tx)) {
		nettest_run.failed++;
		echo_sent(tx);
	}
}

int nettest_echo(uint64_t count, uint64_t second)
{
	enum k_err err;

	(void)second;
	nettest_run.wanted = count;
	err = nettest_lend(NETTEST_SENDERS, echo_received);
	glue_printf("nettest: ready\n");
	if (!err)
		err = nettest_run_wait();
	nettest_clock_print(&clock, "echo", nettest_run.ended);
	return result("echo", err);
}

/* --- ping: one frame out, its echo in ----------------------------------------*/

static void ping_received(struct glue_net_frame *frame)
{
	if (frame->status)
		return;
	lend_again(frame);
	if (!is_ours(frame))
		return;
	nettest_run.ended++;
	if (nettest_run.ended < nettest_run.wanted &&
	    glue_net_send(&nettest_net, &nettest_tx[nettest_run.ended % 2]))
		nettest_run.failed++;
}

int nettest_ping(uint64_t count, uint64_t bytes)
{
	enum k_err err;

	nettest_run.wanted = count;
	nettest_build(&nettest_tx[0], (uint32_t)bytes);
	nettest_build(&nettest_tx[1], (uint32_t)bytes);
	err = nettest_lend(NETTEST_SENDERS, ping_received);
	nettest_clock_start(&clock);
	if (!err)
		err = glue_net_send(&nettest_net, &nettest_tx[0]);
	if (!err)
		err = nettest_run_wait();
	nettest_clock_print(&clock, "ping", nettest_run.ended);
	return result("ping", err);
}
