/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dde_serial.h - what the two halves of the serial glue share.
 *
 * serial.c owns the requests of clients and the way out, serial_input.c the
 * way in. A request is in exactly one list from submit to its completion.
 */
#ifndef DDE_SERIAL_H
#define DDE_SERIAL_H

#include <linux/list.h>
#include <linux/types.h>
#include <kit_request.h>

struct tty_struct;

/* One request of a client; its token is its place in the table. */
struct serial_io {
	struct list_head link;
	void *data; /* the client may change it at any time */
	unsigned long arg;
	unsigned int bytes;
	unsigned int done; /* bytes of a write that the driver has taken */
	unsigned short op;
	bool cancelled; /* whoever works on it ends it soon */
};

/* Take it off its list and answer. */
void dde_serial_end(struct serial_io *io, enum kit_err err,
		    unsigned long value);

/* Once, before the terminal is opened. Return: 0; -ENOMEM. */
int dde_serial_init(void);
/* The terminal is open: @tty stays. */
void dde_serial_start(struct tty_struct *tty);
/* A READ: answered as soon as there is a byte. */
void dde_serial_read(struct serial_io *io);
/* tty_ldisc_ops.receive_buf2. Runs in a fiber. */
size_t dde_serial_receive(struct tty_struct *tty, const u8 *bytes,
			  const u8 *flags, size_t count);
/* Bytes that came so far. */
u64 dde_serial_received(void);

#endif
