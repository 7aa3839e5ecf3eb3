/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * random_start.c - where the secret behind random.h comes from.
 *
 * The first random number generator of the machine, if it has one that answers
 * in time; the counter of the processor in any case. That alone differs
 * between starts by what the machine did before, which a patient peer can guess.
 */
#include "random.h"

#include <glue/request_client.h>
#include <glue/rng.h>
#include <glue/rt.h>

#define SECRET_BYTES 32u
#define ANSWER_NS    1000000000ul

void ip_random_start(void)
{
	static struct glue_req_port rng;
	uint64_t now = glue_time_ticks();

	ip_random_feed(&now, sizeof(now));
	if (glue_req_open(&rng, "rng0", GLUE_CLASS_RNG, SECRET_BYTES))
		return;
	if (glue_req_call(&rng, GLUE_RNG_READ, 0, 0, glue_req_data(&rng),
			  SECRET_BYTES, NULL,
			  glue_deadline_ns(ANSWER_NS)) == K_OK)
		ip_random_feed(glue_req_data(&rng), SECRET_BYTES);
	glue_req_close(&rng);
}
