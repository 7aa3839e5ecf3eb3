/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native_host.h - a fake host of consoles behind a fake virtio device, for the
 * console's driver.
 *
 * Ports, their messages, and bytes both ways: what it sends counts up, so that
 * a lost, doubled or stale byte shows. A message that finds no buffer is
 * dropped, as QEMU does. It is honest until a test sets `host.lie`. Who runs
 * when: fake/native.h
 */
#ifndef NATIVE_HOST_H
#define NATIVE_HOST_H

#include <stdint.h>
#include <glue/err.h>

#define HOST_EVENT     (1ull << 29)
#define HOST_MULTIPORT (1ull << 1)
#define HOST_ARENA     65536u
#define HOST_OUT       65536u
#define REGION	       65536u

enum lie {
	HONEST,
	EMPTY,	 /* input without a byte */
	LONG,	 /* more bytes than the buffer has */
	WRITTEN, /* says that it has written into what it may only read */
	WRONG_ID,
	FAR_ID,
	TWICE,
	JUMP,
	NO_PORT,     /* a message about a port that it does not have */
	SHORT,	     /* a message of three bytes */
	REMOVED,     /* the console is unplugged */
	CHATTER,     /* messages without end */
	NEEDS_RESET, /* it says so itself */
};

struct native_host {
	uint32_t ports;	   /* a bit for each that there is */
	uint32_t consoles; /* of these */
	uint32_t opened;   /* by the driver */
	unsigned int dropped;
	/* Input for the driver: so many bytes are still to come, in pieces. */
	uint64_t next_in, left_in;
	uint32_t piece;
	/* Output; nothing is taken while it holds the driver back. */
	uint8_t out[HOST_OUT];
	uint32_t n_out;
	int holds;
	enum lie lie;
	unsigned int lies; /* how many more */
};
extern struct native_host host;

static inline uint8_t host_byte(uint64_t i)
{
	return (uint8_t)(i + (i >> 8));
}

/* A fresh process with a fresh, honest host, not yet probed. */
void host_start(uint64_t features, uint32_t ports, uint32_t consoles);

/* The device does one thing. Returns 0 if it has nothing to do. */
int host_step(void);

#endif
