/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serial.h - the serial line class protocol: UARTs and virtual consoles.
 *
 * Form of requests: glue/request.h. Bytes pass unchanged: no echo, no line
 * discipline, no translation of line ends. Output of several clients mixes by
 * whole WRITEs.
 *
 * Input has one owner: the client that sends the first READ, until it closes
 * its channel; that is how it passes the line on. Meanwhile a READ of others
 * gets K_ERR_BUSY, and so do SET_LINE and BREAK of other processes. What comes
 * while no READ is open is kept for the next one, whoever sends it; a driver
 * that runs out of room holds the sender back by its flow control (or counts an
 * overrun).
 */
#ifndef GLUE_SERIAL_H
#define GLUE_SERIAL_H

#include <stdint.h>
#include <glue/request.h>

#define GLUE_SERIAL_BYTES_MAX 4096u /* of one READ or WRITE */

enum glue_serial_op {
	/* Ends when at least one byte has come; value: bytes */
	GLUE_SERIAL_READ = GLUE_REQ_CLASS,
	/* Ends when all bytes but a FIFO's worth are with the device, in the
	 * order of submission; value: bytes. They are never sent twice, and
	 * when the driver dies, those with the device may be lost */
	GLUE_SERIAL_WRITE,
	GLUE_SERIAL_DRAIN, /* ends when all that was written has been sent */
	/* struct glue_serial_line in the data: K_ERR_UNSUPPORTED if the device
	 * has no such speed or format; the nearest speed is not taken. It
	 * stays when the driver dies and lives again */
	GLUE_SERIAL_SET_LINE,
	GLUE_SERIAL_GET_LINE,
	GLUE_SERIAL_BREAK, /* arg: milliseconds, 1..1000; ends afterwards */
	GLUE_SERIAL_STATS, /* struct glue_serial_stats into the data */
};

enum glue_serial_parity {
	GLUE_SERIAL_NO_PARITY = 0,
	GLUE_SERIAL_ODD = 1,
	GLUE_SERIAL_EVEN = 2,
};

struct glue_serial_line {
	uint32_t baud;	 /* 0: has no speed (a virtual console) */
	uint8_t bits;	 /* 5..8 */
	uint8_t parity;	 /* enum glue_serial_parity */
	uint8_t stops;	 /* 1 or 2 */
	uint8_t rts_cts; /* 1: hardware flow control */
};

struct glue_serial_stats {
	uint64_t received;
	uint64_t sent;
	uint64_t overruns; /* bytes lost, in the device or for want of room */
	uint64_t frame_errors;
	uint64_t parity_errors;
	uint64_t breaks;
};

#define GLUE_SERIAL_F_LINE (1u << 0) /* SET_LINE works */

struct glue_serial_info {
	uint32_t features;
	uint32_t fifo_bytes; /* 0 unknown */
	char driver[32];
	char name[32]; /* "ttyAMA0", "hvc0" */
};

#endif
