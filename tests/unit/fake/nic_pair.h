/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic_pair.h - our net client and our net service in one host process.
 *
 * Channel 0 is the client's end, channel 1 the driver's, and both ring windows
 * show the same memory. The driver (nic.h) runs when it is signalled; its
 * device sends every frame back to where it came from.
 */
#ifndef FAKE_NIC_PAIR_H
#define FAKE_NIC_PAIR_H

#include <glue/net_client.h>

#define PAIR_REGION  (1u << 20)
#define PAIR_BUFFERS 100u

extern struct glue_net pair_net;
extern int pair_mirror_off;		    /* the device swallows frames */
extern enum k_err pair_connect_err;	    /* what the broker says */
extern unsigned int pair_class, pair_depth; /* of the channel it makes */

/* Buffers lent by pair_lend: filled again when a frame has come. */
extern struct glue_net_frame pair_rx[PAIR_BUFFERS];
extern unsigned int pair_received;
extern uint32_t pair_expected[1u << 16]; /* lengths of the frames to come */

/* Fresh process and service; nothing connected, or pair_net open. */
int pair_start(void **state);
int pair_start_open(void **state);

/* A deadline that the fake clock reaches at once. */
uint64_t pair_soon(void);

void pair_lend(unsigned int count);

/* A frame of @bytes from our own address, in memory of its own. */
void pair_make(struct glue_net_frame *frame, uint32_t bytes);

#endif
