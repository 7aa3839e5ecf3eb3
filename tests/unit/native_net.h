/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_net.h - a client of the native network driver, for its tests.
 *
 * Every frame says its number and is made from it, so that a single old byte in
 * one would be seen. Client, driver and card share one host process
 * (fake/native.h).
 */
#ifndef NATIVE_NET_H
#define NATIVE_NET_H

#include <stdint.h>
#include <glue/net_client.h>

#define LENT	 64u /* buffers for received frames */
#define SENDERS	 32u
#define ROOM	 2048u
#define NUMBERED 18u /* bytes of the shortest frame that has a number */

extern struct glue_net net;
extern struct glue_net_frame rx[LENT], tx[SENDERS];
extern unsigned int received, sent;
extern int own_address; /* frames carry the client's, as source */
extern int garbled;	/* the card mixes frames up as it likes */

/* A fresh card with these features, and the client that has opened it. */
int set_up(void **state); /* with all of them */
int tear_down(void **state);
void reopen(uint64_t features);

void make(uint8_t *frame, uint32_t number, uint32_t bytes);
void lend(unsigned int n, uint32_t room);
uint64_t soon(void);

/* What the card has done outside of anybody's wait reaches the driver. */
void interrupt(void);
/* The client takes what there is. */
void settle(void);

/* A frame from the card, and whether it came. */
int arrives(uint32_t number, uint32_t bytes);
/* A frame to the card; it heard exactly that. */
void send_one(uint32_t number, uint32_t bytes);
/* So many frames out and back, SENDERS at a time. All end. */
void load(unsigned int count);

/* Counted: the card's words made no sense. */
uint64_t bad_frames(void);

#endif
