/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * nic.h - around the net service: a fake driver below, clients above.
 *
 * The driver keeps a copy of each frame it was given, and ends frames with
 * tokens when told to. Clients write their rings directly, as nothing forces a
 * real one to use our library.
 */
#ifndef FAKE_NIC_H
#define FAKE_NIC_H

#include <stdint.h>
#include <dddk/net_service.h>
#include <glue/env.h>
#include <glue/ring.h>

#define NIC_REGION    262144u
#define NIC_BUS(chan) (0x48000000ul + (chan)*0x100000ul)
#define NIC_FRAMES    1024u

extern const uint8_t nic_mac[6];
extern const struct glue_net_info nic_info;

/* The driver: what it was given, and how it behaves. */
struct nic_frame {
	struct dddk_net_frame frame;
	uint8_t data[65536];
};
extern struct nic_frame nic_sent[NIC_FRAMES];
extern unsigned int nic_n_sent, nic_commits;
extern unsigned int nic_counted; /* times it was asked what it counts */
extern unsigned int nic_room;	 /* frames it can take before it is busy */
extern enum k_err nic_refuse;	 /* K_OK, or its answer to every send */

/* What it was told to let through. */
extern uint8_t nic_unicast[DDDK_NET_CLIENTS][6];
extern uint8_t nic_multicast[DDDK_NET_CLIENTS * GLUE_NET_MULTICASTS][6];
extern struct dddk_net_filter nic_filter;

/* The clients' ends of the rings, by channel, and what was last answered. */
extern struct glue_ring_ends nic_client[GLUE_CHANS_MAX];
extern struct glue_net_cqe nic_answer;
extern unsigned int nic_disconnects, nic_opened, nic_closed;

/* A fresh process and service; channels 0 and 1 open. cmocka set-up. */
int nic_start(void **state);
void nic_open_channel(unsigned int i);

void nic_put(unsigned int i, const struct glue_net_sqe *sqe);
uint8_t *nic_region(unsigned int i);

/* A frame of @bytes in client @i's region at @offset, from its own address (as
 * INFO told) to @to; the payload is a pattern of @seed. */
void nic_build(unsigned int i, uint32_t offset, uint32_t bytes,
	       const uint8_t to[6], uint8_t seed);
void nic_put_send(unsigned int i, uint32_t tag, uint32_t offset,
		  uint32_t bytes);
void nic_put_fill(unsigned int i, uint32_t tag, uint32_t offset,
		  uint32_t bytes);

/* A frame comes from the wire, in pieces of 1, 2, 3.. parts. Return: what
 * dddk_net_receive does. */
int nic_receive(const void *data, uint32_t bytes, unsigned int pieces);

/* Flush the service and take the client's next answer; 0 if there is none. */
int nic_got_answer(unsigned int i);
void nic_expect(unsigned int i, uint32_t tag, enum k_err status);

/* Ask INFO; the answer. */
struct glue_net_info nic_ask_info(unsigned int i);

#endif
