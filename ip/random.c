/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * random.c - a generator for what a network peer must not guess.
 *
 * number = SHA-256(secret, counter); a new secret is SHA-256(old secret, what
 * is fed in), so feeding never makes it worse. ip_tcp_isn is RFC 6528's sum of
 * a keyed hash of the connection's name and a clock of 4 microseconds.
 */
#include "random.h"

#include <glue/rt.h>
#include <glue/sha256.h>
#include <glue/string.h>
#include <lwip/ip4_addr.h>

#include "ip_hooks.h"

#define ISN_TICK_NS 4000u

static char secret[GLUE_SHA256_HEX_BYTES];
static uint64_t counter;

void ip_random_feed(const void *data, size_t bytes)
{
	struct glue_sha256 sum;

	glue_sha256_start(&sum);
	glue_sha256_feed(&sum, secret, sizeof(secret));
	glue_sha256_feed(&sum, data, bytes);
	glue_sha256_finish(&sum, secret);
}

/* The first 32 bits of SHA-256(secret, data); four bits a digit. */
static uint32_t keyed_hash(const void *data, size_t bytes)
{
	char hex[GLUE_SHA256_HEX_BYTES];
	struct glue_sha256 sum;
	uint32_t value = 0;

	glue_sha256_start(&sum);
	glue_sha256_feed(&sum, secret, sizeof(secret));
	glue_sha256_feed(&sum, data, bytes);
	glue_sha256_finish(&sum, hex);
	for (unsigned int i = 0; i < 8; i++) {
		uint32_t digit = (uint8_t)hex[i];

		value = value << 4 |
			(digit <= '9' ? digit - '0' : digit - 'a' + 10);
	}
	return value;
}

uint32_t ip_random(void)
{
	counter++;
	return keyed_hash(&counter, sizeof(counter));
}

uint32_t ip_tcp_isn(const struct ip4_addr *local, uint16_t local_port,
		    const struct ip4_addr *remote, uint16_t remote_port)
{
	const uint32_t name[3] = { local->addr, remote->addr,
				   (uint32_t)local_port << 16 | remote_port };
	uint64_t clock = glue_ticks_to_ns(glue_time_ticks()) / ISN_TICK_NS;

	return keyed_hash(name, sizeof(name)) + (uint32_t)clock;
}
