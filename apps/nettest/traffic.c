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
static uint64_t wanted; /* frames of this run */
static uint64_t begun;	/* sent */
static uint64_t ended;	/* sent and free again, or received */
static uint64_t received_bytes;
static uint64_t failed;
static int hashing;

static uint64_t patience(void)
{
	return glue_deadline_ns(NETTEST_WAIT_NS);
}

/* Until @wanted frames have ended, or nothing has for a long time. */
static enum k_err run_all(void)
{
	enum k_err err = K_OK;

	while (ended < wanted && !err)
		err = glue_net_wait(&nettest_net, patience());
	return err;
}

static int result(const char *what, enum k_err err)
{
	if (err)
		glue_printf("nettest: %s: %s after %lu of %lu frames\n", what,
			    k_err_text(err), ended, wanted);
	if (failed)
		glue_printf("nettest: %s: %lu frames failed\n", what, failed);
	return err || failed ? NETTEST_FAILED : 0;
}

/* --- send -------------------------------------------------------------------*/

static void send_next(struct glue_net_frame *frame)
{
	if (begun == wanted)
		return;
	begun++;
	if (glue_net_send(&nettest_net, frame)) {
		failed++;
		ended++;
	}
}

static void send_done(struct glue_net_frame *frame)
{
	ended++;
	failed += frame->status != K_OK;
	send_next(frame);
}

int nettest_send(uint64_t count, uint64_t bytes)
{
	unsigned int i;
	enum k_err err;

	wanted = count;
	nettest_clock_start(&clock);
	for (i = 0; i < NETTEST_SENDERS; i++) {
		nettest_build(&nettest_tx[i], (uint32_t)bytes);
		nettest_tx[i].done = send_done;
		send_next(&nettest_tx[i]);
	}
	err = run_all();
	nettest_clock_print(&clock, "send", ended);
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
		failed++;
}

static void receive_done(struct glue_net_frame *frame)
{
	if (frame->status)
		return;
	if (!is_ours(frame)) {
		lend_again(frame);
		return;
	}
	if (ended++ == 0)
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

	wanted = count;
	hashing = quick == 0;
	glue_sha256_start(&hash);
	err = nettest_lend(NETTEST_BUFFERS, receive_done);
	glue_printf("nettest: ready\n");
	if (!err)
		err = run_all();
	nettest_clock_print(&clock, "receive", ended);
	if (hashing)
		hash_print();
	nettest_stats_print();
	return result("receive", err);
}

/* --- echo: what comes goes back ----------------------------------------------*/

static void echo_sent(struct glue_net_frame *frame)
{
	ended++;
	failed += frame->status != K_OK;
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
	if (!is_ours(frame) || begun == wanted) {
		lend_again(frame);
		return;
	}
	if (begun++ == 0)
		nettest_clock_start(&clock);
	memcpy(data, data + 6, 6);
	memcpy(data + 6, glue_net_info(&nettest_net)->mac, 6);
	tx->data = data;
	tx->bytes = frame->bytes;
	tx->done = echo_sent;
	tx->owner = frame;
	if (glue_net_send(&nettest_net, tx)) {
		failed++;
		echo_sent(tx);
	}
}

int nettest_echo(uint64_t count, uint64_t second)
{
	enum k_err err;

	(void)second;
	wanted = count;
	err = nettest_lend(NETTEST_SENDERS, echo_received);
	glue_printf("nettest: ready\n");
	if (!err)
		err = run_all();
	nettest_clock_print(&clock, "echo", ended);
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
	ended++;
	if (ended < wanted &&
	    glue_net_send(&nettest_net, &nettest_tx[ended % 2]))
		failed++;
}

int nettest_ping(uint64_t count, uint64_t bytes)
{
	enum k_err err;

	wanted = count;
	nettest_build(&nettest_tx[0], (uint32_t)bytes);
	nettest_build(&nettest_tx[1], (uint32_t)bytes);
	err = nettest_lend(NETTEST_SENDERS, ping_received);
	nettest_clock_start(&clock);
	if (!err)
		err = glue_net_send(&nettest_net, &nettest_tx[0]);
	if (!err)
		err = run_all();
	nettest_clock_print(&clock, "ping", ended);
	return result("ping", err);
}
