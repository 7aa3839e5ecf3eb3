/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rng.h - the random number class protocol. Form of requests: glue/request.h.
 */
#ifndef GLUE_RNG_H
#define GLUE_RNG_H

#include <stdint.h>
#include <glue/request.h>

enum glue_rng_op {
	/* bytes: 1..GLUE_RNG_BYTES_MAX. Ends when all have come; value: bytes.
	 * Answered with K_ERR_IO rather than with fewer or with known bytes. */
	GLUE_RNG_READ = GLUE_REQ_CLASS,
};
#define GLUE_RNG_BYTES_MAX 4096u

struct glue_rng_info {
	uint32_t quality; /* entropy per 1024 bits of output, 0 unknown */
	uint32_t rsvd;
	char driver[32]; /* who serves: "linux virtio_rng" */
	char name[32];	 /* its device */
};

#endif
