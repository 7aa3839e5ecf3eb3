/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ip_fake_net.h - a network card for the IP stack on the host.
 *
 * Stands for glue/client/net*.c and the driver behind it: frames go through a
 * socket that keeps their boundaries. It may lose some on purpose, and make
 * the checksums that the stack leaves to the card.
 *
 * Time stands still while one of the two processes at the wire computes, or a frame
 * is on it: however busy the host, nobody comes too late.
 */
#ifndef IP_FAKE_NET_H
#define IP_FAKE_NET_H

#include <stddef.h>
#include <stdint.h>
#include <glue/net_client.h>

struct fake_net {
	int socket;
	uint8_t mac[6];
	uint32_t features;	 /* GLUE_NET_F_* */
	uint32_t lose_one_in;	 /* 0: none */
	uint64_t lost;		 /* on purpose */
	uint64_t no_buffer;	 /* nothing was lent */
	uint64_t sent, received; /* frames */
	int is_off;		 /* nobody serves */
};
extern struct fake_net fake_net;

/* Before the fork: the time of both, which begins. */
void fake_net_time_start(void);
/* 16 ns a tick. */
uint64_t fake_net_time(void);
/* @side: 0 or 1, the child. */
void fake_net_side(unsigned int side);

/* Sleep until the card has something. A step of time passes if both sleep. */
void fake_net_sleep(void);

/* This side sleeps for good. */
void fake_net_leave(void);

/* A frame comes in; @flags: GLUE_NET_CSUM_OK, GLUE_NET_PARTIAL. */
void fake_net_receive(const void *data, size_t bytes, uint8_t flags);

/* The driver ends; who looks finds none until is_off is 0. */
void fake_net_end(struct glue_net *net);

/* The link, as the driver would tell it. */
void fake_net_link(struct glue_net *net, int up);

#endif
