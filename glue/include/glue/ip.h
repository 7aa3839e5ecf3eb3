/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ip.h - asking the IP stack: addresses, ping, neighbours, counters.
 *
 * Form of requests: glue/request.h. The stack is a process of its own, a client
 * of the net class. IPv4 addresses are uint32_t in host order (10.0.2.15 is
 * 0x0a00020f).
 */
#ifndef GLUE_IP_H
#define GLUE_IP_H

#include <stdint.h>
#include <glue/request.h>

enum glue_ip_op {
	/* arg: interface, from 0; struct glue_ip_if into the data;
	 * K_ERR_NOTFOUND past the last one */
	GLUE_IP_IF = GLUE_REQ_CLASS,
	/* arg: GLUE_IP_PING_ARG. K_OK: value is the round trip in nanoseconds;
	 * K_ERR_TIMEOUT; K_ERR_RANGE: more than GLUE_IP_PING_BYTES_MAX;
	 * K_ERR_NOTFOUND: no way there; K_ERR_BUSY: too many pings at once */
	GLUE_IP_PING,
	/* arg: interface; struct glue_ip_neighbour each into the data, as many
	 * as fit; value: bytes */
	GLUE_IP_ARP,
	/* data: a host name or dotted address, not zero-terminated; value:
	 * address. K_ERR_NOTFOUND: there is none such; K_ERR_TIMEOUT: nobody
	 * has answered, or no name server is known */
	GLUE_IP_RESOLVE,
	/* struct glue_ip_stats into the data */
	GLUE_IP_STATS,
};

#define GLUE_IP_PING_BYTES_MAX 8192u
#define GLUE_IP_NAME_MAX       127u
#define GLUE_IP_PING_ARG(address, bytes, wait_ms)                              \
	((uint64_t)(address) << 32 | (uint64_t)(bytes) << 16 | (wait_ms))

struct glue_ip_info {
	uint32_t interfaces; /* cards in use */
	uint32_t rsvd;
	char stack[32]; /* who serves: "lwIP 2.1.3" */
};

struct glue_ip_if {
	char service[16]; /* net0 */
	uint8_t mac[6];
	uint8_t link; /* 1: up */
	uint8_t dhcp; /* 0 static, 1 asking, 2 bound */
	uint32_t address;
	uint32_t netmask;
	uint32_t gateway;
	uint32_t dns;
	uint32_t mtu;
	uint32_t features;   /* GLUE_NET_F_* of the card */
	uint32_t speed_mbit; /* 0 unknown */
	uint32_t shared;     /* 1: other clients use the card too */
	uint64_t frames_in, frames_out, bytes_in, bytes_out;
	char driver[32]; /* who drives the card */
};

struct glue_ip_neighbour {
	uint32_t address;
	uint8_t mac[6];
	uint8_t rsvd[2];
};

struct glue_ip_stats {
	uint64_t frames_in, frames_out, bytes_in, bytes_out;
	uint64_t dropped_in;  /* no buffer: host faster than the stack */
	uint64_t dropped_out; /* ring full or link down */
	uint64_t foreign;     /* came in for another station's address */
	uint64_t checksum_errors;
	uint64_t tcp_segments_in, tcp_segments_out, tcp_retransmitted;
	uint64_t udp_in, udp_out, icmp_in, icmp_out;
	uint64_t echo_tcp_connections, echo_tcp_bytes, echo_udp_datagrams;
	uint64_t memory_bytes, memory_peak_bytes;
};

#endif
