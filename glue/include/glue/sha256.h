/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sha256.h - SHA-256 of a stream of bytes, as `sha256sum` prints it.
 *
 * Start, feed any number of pieces of any size, finish once.
 * Source: FIPS 180-4, sections 4.1.2, 4.2.2, 5.1.1, 5.3.3 and 6.2.
 */
#ifndef GLUE_SHA256_H
#define GLUE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define GLUE_SHA256_BLOCK_BYTES	 64u
#define GLUE_SHA256_DIGEST_BYTES 32u
#define GLUE_SHA256_HEX_BYTES	 65u /* two digits a byte, and the end */

struct glue_sha256 {
	uint32_t state[8];
	uint64_t bytes;				/* fed so far */
	uint8_t block[GLUE_SHA256_BLOCK_BYTES]; /* the piece not yet mixed in */
};

/* A sum of no bytes; then so many more of them. */
void glue_sha256_start(struct glue_sha256 *sum);
void glue_sha256_feed(struct glue_sha256 *sum, const void *data, size_t bytes);

/**
 * glue_sha256_finish - close the stream and say its digest in hexadecimal.
 * @sum: state; start it again before another use
 * @hex: 64 lower-case digits and a zero byte
 */
void glue_sha256_finish(struct glue_sha256 *sum,
			char hex[GLUE_SHA256_HEX_BYTES]);

#endif
