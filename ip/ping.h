/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ping.h - ICMP echo requests, each with its own deadline.
 */
#ifndef IP_PING_H
#define IP_PING_H

#include <stdint.h>
#include <glue/err.h>

#define IP_PINGS 8u /* at once */

/* How a ping ends. @value: the round trip in nanoseconds, with K_OK. */
typedef void ip_ping_done(uint32_t token, enum k_err status, uint64_t value);

/* Once, after lwip_init. Return: 0 without memory. */
int ip_ping_init(ip_ping_done *done);

/**
 * ip_ping_start - send one request.
 * @token: of the caller, handed to done
 * @arg:   GLUE_IP_PING_ARG
 *
 * Return: K_OK: done will be called, not from here; else why nothing was sent.
 */
enum k_err ip_ping_start(uint32_t token, uint64_t arg);

/* Nobody waits any more: done is called, with K_ERR_GONE, from here. Return:
 * 0 if there is no such ping. */
int ip_ping_cancel(uint32_t token);

#endif
