/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * services.h - what other hosts can ask this one for.
 *
 *     TCP 7   echo     what came, until the peer closes. RFC 862
 *     TCP 9   discard  takes all; answers "BYTES SHA256\n" when the peer ends
 *     TCP 19  source   the peer sends "BYTES\n"; it gets so many bytes of
 *                      glue_pattern_word(0, i), then their SHA-256 and "\n"
 *     UDP 7   echo     each datagram back to its sender. RFC 862
 */
#ifndef IP_SERVICES_H
#define IP_SERVICES_H

#include <stdint.h>

/* Open them all. Return: 0 if lwIP has no memory for one. */
int ip_services_start(void);

/* For `net stats`. */
struct ip_services_counters {
	uint64_t echo_tcp_bytes;
	uint64_t echo_udp_datagrams;
};
extern struct ip_services_counters ip_services_counters;

#endif
