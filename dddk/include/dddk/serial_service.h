/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serial_service.h - the serial class for native drivers (glue/serial.h).
 *
 * The kit keeps what the class promises and no device does: the order of what
 * goes out (writes, drains, settings, breaks), input that nobody has read yet,
 * the settings, the counters. A driver moves bytes and sets wires:
 *
 *	probe   dddk_serial_serve(&ops, &info)
 *	irq     dddk_serial_input for what came, at most dddk_serial_room();
 *		dddk_serial_more when the device takes bytes again
 *	.timer = dddk_serial_more
 *
 * A driver without room for input stops receiving and so holds the sender
 * back; ops->receive tells it when to go on.
 * Read next: dddk/serial/output.c
 */
#ifndef DDDK_SERIAL_SERVICE_H
#define DDDK_SERIAL_SERVICE_H

#include <stdint.h>
#include <dddk/request_queue.h>
#include <glue/serial.h>

struct dddk_serial_ops {
	/* Bytes that the device takes now. If none: call dddk_serial_more when
	 * it does again. */
	uint32_t (*room)(void);
	/* Give it so many, no more than room() said just now. */
	void (*write)(const uint8_t *data, uint32_t bytes);
	/* Has all that was given been sent? NULL: it has, once given. */
	int (*is_sent)(void);
	/* Change the line; @line is in the range of glue/serial.h, and all has
	 * been sent. Any error leaves it as it was. NULL: it has no settings. */
	enum k_err (*set_line)(const struct glue_serial_line *line);
	/* Begin or end a break. NULL: the device has none. */
	void (*set_break)(int on);
	/* There was no room for input, and now there is. */
	void (*receive)(void);
};

/**
 * dddk_serial_serve - begin to serve.
 * @ops:  must stay
 * @info: features are the kit's; an empty name becomes the device's
 *
 * The line is set to 115200 8n1, or to the current-speed of the device's node;
 * in a next life to what it was. Return: K_OK, for a probe to end with.
 */
enum k_err dddk_serial_serve(const struct dddk_serial_ops *ops,
			     const struct glue_serial_info *info);

/* Bytes that may come now. */
uint32_t dddk_serial_room(void);

/* Bytes have come. Those beyond dddk_serial_room() are lost, and counted. */
void dddk_serial_input(const uint8_t *data, uint32_t bytes);

/* The device takes bytes again; also the driver's timer. */
void dddk_serial_more(void);

/* Count what the device tells of a byte; 0: that is not so. A break has no
 * stop bit, so it is no framing or parity error. */
void dddk_serial_errors(uint32_t overrun, uint32_t is_break, uint32_t parity,
			uint32_t framing);

#endif
