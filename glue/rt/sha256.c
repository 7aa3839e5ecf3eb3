/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sha256.c - SHA-256 of a stream of bytes.
 *
 * The stream is cut into 64-byte blocks; each is spread into 64 words and
 * mixed into eight state words in 64 rounds. Whole blocks are mixed straight
 * from the caller's memory, only the last partial one is copied.
 * Source: FIPS 180-4; names a..h, S0, S1, s0, s1 are the standard's.
 */
#include <glue/sha256.h>
#include <glue/string.h>

/* First 32 bits of the fractions of the cube roots of the first 64 primes. */
static const uint32_t round_key[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* ROTR of the standard; compilers make one instruction of it. */
static uint32_t turn(uint32_t word, uint32_t bits)
{
	return word >> bits | word << (32 - bits);
}

static uint32_t big_endian_word(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* FIPS 180-4, 6.2.2 step 1: the message schedule of one block. */
static void schedule_fill(uint32_t w[64], const uint8_t *block)
{
	uint32_t s0, s1;
	unsigned t;

	for (t = 0; t < 16; t++)
		w[t] = big_endian_word(block + 4 * t);
	for (; t < 64; t++) {
		s0 = turn(w[t - 15], 7) ^ turn(w[t - 15], 18) ^ w[t - 15] >> 3;
		s1 = turn(w[t - 2], 17) ^ turn(w[t - 2], 19) ^ w[t - 2] >> 10;
		w[t] = w[t - 16] + s0 + w[t - 7] + s1;
	}
}

/* One round; the caller turns the eight names instead of moving values. */
#define ROUND(a, b, c, d, e, f, g, h, t)                                       \
	do {                                                                   \
		uint32_t t1 = (h) + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + \
			      (((e) & (f)) ^ (~(e) & (g))) + round_key[t] +    \
			      w[t];                                            \
		uint32_t t2 = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) +       \
			      (((a) & (b)) ^ ((a) & (c)) ^ ((b) & (c)));       \
		(d) += t1;                                                     \
		(h) = t1 + t2;                                                 \
	} while (0)

/* FIPS 180-4, 6.2.2 steps 2 to 4; eight rounds bring the names back. */
static void block_mix(uint32_t state[8], const uint8_t *block)
{
	uint32_t w[64], s[8];
	unsigned t;

	schedule_fill(w, block);
	memcpy(s, state, sizeof(s));
	for (t = 0; t < 64; t += 8) {
		ROUND(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], t);
		ROUND(s[7], s[0], s[1], s[2], s[3], s[4], s[5], s[6], t + 1);
		ROUND(s[6], s[7], s[0], s[1], s[2], s[3], s[4], s[5], t + 2);
		ROUND(s[5], s[6], s[7], s[0], s[1], s[2], s[3], s[4], t + 3);
		ROUND(s[4], s[5], s[6], s[7], s[0], s[1], s[2], s[3], t + 4);
		ROUND(s[3], s[4], s[5], s[6], s[7], s[0], s[1], s[2], t + 5);
		ROUND(s[2], s[3], s[4], s[5], s[6], s[7], s[0], s[1], t + 6);
		ROUND(s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[0], t + 7);
	}
	for (t = 0; t < 8; t++)
		state[t] += s[t];
}

void glue_sha256_start(struct glue_sha256 *sum)
{
	/* Fractions of the square roots of the first eight primes. */
	static const uint32_t first[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	memcpy(sum->state, first, sizeof(first));
	sum->bytes = 0;
}

void glue_sha256_feed(struct glue_sha256 *sum, const void *data, size_t bytes)
{
	const uint8_t *p = data;
	size_t have = sum->bytes % GLUE_SHA256_BLOCK_BYTES;
	size_t part;

	sum->bytes += bytes;
	while (bytes) {
		if (!have && bytes >= GLUE_SHA256_BLOCK_BYTES) {
			block_mix(sum->state, p);
			part = GLUE_SHA256_BLOCK_BYTES;
		} else {
			part = GLUE_SHA256_BLOCK_BYTES - have;
			part = part < bytes ? part : bytes;
			memcpy(sum->block + have, p, part);
			have = (have + part) % GLUE_SHA256_BLOCK_BYTES;
			if (!have)
				block_mix(sum->state, sum->block);
		}
		p += part;
		bytes -= part;
	}
}

/* FIPS 180-4, 5.1.1: one 1 bit, zeroes, the length in bits at the end. */
static void stream_pad(struct glue_sha256 *sum)
{
	static const uint8_t pad[GLUE_SHA256_BLOCK_BYTES] = { 0x80 };
	uint64_t bits = sum->bytes * 8;
	size_t used = sum->bytes % GLUE_SHA256_BLOCK_BYTES;
	uint8_t length[8];
	unsigned i;

	for (i = 0; i < 8; i++)
		length[i] = (uint8_t)(bits >> (56 - 8 * i));
	glue_sha256_feed(sum, pad, used < 56 ? 56 - used : 120 - used);
	glue_sha256_feed(sum, length, sizeof(length));
}

void glue_sha256_finish(struct glue_sha256 *sum,
			char hex[GLUE_SHA256_HEX_BYTES])
{
	static const char digit[] = "0123456789abcdef";
	unsigned i;

	stream_pad(sum);
	for (i = 0; i < 2 * GLUE_SHA256_DIGEST_BYTES; i++)
		hex[i] = digit[sum->state[i / 8] >> (28 - 4 * (i % 8)) & 15];
	hex[i] = '\0';
}
