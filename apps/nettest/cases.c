/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cases.c - nettest: edges: lengths, foreign addresses, the link, no buffers.
 */
#include <glue/print.h>
#include <glue/rt.h>
#include <glue/string.h>

#include "nettest.h"

int nettest_info(uint64_t first, uint64_t second)
{
	const struct glue_net_info *info = glue_net_info(&nettest_net);
	const uint8_t *mac = info->mac;

	(void)first;
	(void)second;
	glue_printf("nettest: %02x:%02x:%02x:%02x:%02x:%02x mtu %u link %u "
		    "features %x shared %u by %s\n",
		    mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], info->mtu,
		    info->link, info->features, info->shared, info->driver);
	return 0;
}

/* Send one frame and wait for its end. Return: how it ended. */
static enum k_err send_one(struct glue_net_frame *frame)
{
	uint64_t deadline = nettest_patience();
	enum k_err err = glue_net_send(&nettest_net, frame);

	while (!err && frame->in_flight)
		err = glue_net_wait(&nettest_net, deadline);
	return err ? err : frame->status;
}

int nettest_sizes(uint64_t first, uint64_t second)
{
	static const uint32_t length[] = { 0, 13, 14, 60, 1514, 1515, 65535 };
	struct glue_net_frame *frame = &nettest_tx[0];
	unsigned int i;

	(void)first;
	(void)second;
	for (i = 0; i < sizeof(length) / sizeof(length[0]); i++) {
		nettest_build(frame, length[i]);
		glue_printf("nettest: send %u: %s\n", length[i],
			    k_err_text(send_one(frame)));
	}
	return nettest_stats_print();
}

/* A frame that says that somebody else has sent it. */
int nettest_spoof(uint64_t first, uint64_t second)
{
	struct glue_net_frame *frame = &nettest_tx[0];

	(void)first;
	(void)second;
	nettest_build(frame, 60);
	((uint8_t *)frame->data)[11] ^= 1;
	glue_printf("nettest: foreign source: %s\n",
		    k_err_text(send_one(frame)));
	return nettest_stats_print();
}

/* Print the link, then so many of its changes. */
int nettest_link(uint64_t changes, uint64_t second)
{
	int up = glue_net_info(&nettest_net)->link;
	struct glue_net_frame *frame = &nettest_tx[0];
	enum k_err err = K_OK;

	(void)second;
	glue_printf("nettest: link %s\n", up ? "up" : "down");
	for (; changes && !err; changes--) {
		up = !up;
		err = glue_net_wait_link(&nettest_net, up, nettest_patience());
		nettest_build(frame, 60);
		glue_printf("nettest: link %s: %s, a frame: %s\n",
			    up ? "up" : "down", k_err_text(err),
			    k_err_text(send_one(frame)));
	}
	return err ? NETTEST_FAILED : 0;
}

/* Lend @buffers, never touch what comes, for @ms. */
int nettest_idle(uint64_t ms, uint64_t buffers)
{
	uint64_t end = glue_deadline_ns(ms * 1000000);
	enum k_err err = nettest_lend((unsigned int)buffers, NULL);

	glue_printf("nettest: ready\n");
	while (err != K_ERR_TIMEOUT && err != K_ERR_GONE)
		err = glue_net_wait(&nettest_net, end);
	return nettest_stats_print();
}

/* Join a group and say so; leave it when a frame has come, and say so. */
int nettest_groups(uint64_t first, uint64_t second)
{
	static const uint8_t group[6] = { 0x01, 0, 0x5e, 0, 0, 0x77 };
	enum k_err err = nettest_lend(4, NULL);

	(void)first;
	(void)second;
	if (!err)
		err = glue_net_join(&nettest_net, group, nettest_patience());
	glue_printf("nettest: joined: %s\n", k_err_text(err));
	while (!err && nettest_rx[0].in_flight)
		err = glue_net_wait(&nettest_net, nettest_patience());
	if (!err)
		err = glue_net_leave(&nettest_net, group, nettest_patience());
	glue_printf("nettest: left: %s\n", k_err_text(err));
	return err ? NETTEST_FAILED : 0;
}
