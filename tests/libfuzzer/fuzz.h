/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz.h - what the fuzzers share: the input, byte by byte, and what must hold.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <dddk/dma.h>

#include "fake/native.h"
#include "fake/virtio.h"

#define USED_HEADER 4u /* VIRTIO 1.2, 2.7.8 */
#define USED_ENTRY  8u

static const uint8_t *fuzz_at, *fuzz_end;

static inline void fuzz_input(const uint8_t *data, size_t bytes)
{
	fuzz_at = data;
	fuzz_end = data + bytes;
}

/* The next byte; zeroes after the end. */
static inline uint8_t fuzz_byte(void)
{
	return fuzz_at < fuzz_end ? *fuzz_at++ : 0;
}

static inline int fuzz_left(void)
{
	return fuzz_at < fuzz_end;
}

static inline void must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

/* Lies that a driver cannot overlook, once it looks: it resets its device and
 * ends. What is scribbled over them may hide them. */
static unsigned int fuzz_graves;
static int fuzz_scribbled;

static inline void fuzz_begin(void)
{
	fuzz_graves = 0;
	fuzz_scribbled = 0;
}

static inline void fuzz_grave(void)
{
	fuzz_graves++;
}

static inline void fuzz_noticed(void)
{
	must(!fuzz_graves || fuzz_scribbled || native.lives ||
		     native.driver_end,
	     "a lie that cannot be overlooked has been");
}

/* The used ring is the device's own: any byte of it may become any other. */
static inline void fuzz_scribble(unsigned int number)
{
	const struct fake_virtio_queue *queue = &device.queue[number];
	uint8_t *used = (uint8_t *)(uintptr_t)(GLUE_DMA_BASE + queue->used);
	uint32_t at = fuzz_byte() | (uint32_t)fuzz_byte() << 8;

	fuzz_scribbled = 1;
	if (queue->ready)
		used[at % (USED_HEADER + USED_ENTRY * queue->entries)] =
			fuzz_byte();
}

#endif
