/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_source.h - a fake source of random numbers behind a fake virtio
 * device, for its driver.
 *
 * It gives a counter's bytes, none of which is zero, so that a byte which it
 * has not written, or has written once and a client got twice, shows. It is
 * honest until a test sets `source.lie`. Who runs when: fake/native.h
 */
#ifndef NATIVE_SOURCE_H
#define NATIVE_SOURCE_H

#include <stdint.h>
#include <glue/err.h>

#define SOURCE_EVENT (1ull << 29)
#define SOURCE_ARENA 8192u
#define REGION	     65536u

enum lie {
	HONEST,
	SHORT,	   /* a few bytes, which is its right */
	DRY,	   /* nothing, for ever */
	EMPTY,	   /* ends without a byte */
	UNTOUCHED, /* says that it has written */
	FEW,	   /* says that it has written seven bytes */
	LAST,	   /* has written the last byte only */
	HALF,	   /* has written less than it says */
	SILENT,	   /* has written more than it says */
	LONG,	   /* more bytes than there is room for */
	WRONG_ID,
	FAR_ID,
	TWICE,
	JUMP,
	NEEDS_RESET,
};

struct native_source {
	uint64_t given; /* bytes so far */
	enum lie lie;
	unsigned int lies; /* how many more */
};
extern struct native_source source;

/* Byte @i of all that it gives. */
static inline uint8_t source_byte(uint64_t i)
{
	return (uint8_t)(1 + i % 251);
}

/* A fresh process with a fresh, honest source, probed. */
enum k_err source_start(uint64_t features);

/* The device does one thing. Returns 0 if it has nothing to do. */
int source_step(void);

#endif
