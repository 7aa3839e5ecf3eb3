/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * random.h - numbers that peers cannot guess: ports, DNS ids, sequence numbers.
 *
 * SHA-256 over a secret and a counter. The secret is as good as what was fed
 * in: the machine's random numbers if a service of class rng is there, else
 * only start time, counter and hardware address.
 */
#ifndef IP_RANDOM_H
#define IP_RANDOM_H

#include <stddef.h>

/* Mix bytes into the secret; may be called at any time, before lwip_init. */
void ip_random_feed(const void *data, size_t bytes);

/* Feed the time, and 32 bytes of `rng0` if there is one that answers. */
void ip_random_start(void);

#endif
