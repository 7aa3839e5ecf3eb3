/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kit_request.h - the waist's half for the small classes.
 *
 * Mirrors dddk/request_service.h with plain C types; kit_request.c proves that
 * the structures are the same bytes. Operations and info structures of a class
 * are those of its header in glue, which hold plain numbers only and may be
 * included in dde-linux/class: <glue/serial.h>, <glue/rng.h>, <glue/rtc.h>,
 * <glue/gpio.h>, <glue/input.h>.
 */
#ifndef KIT_REQUEST_H
#define KIT_REQUEST_H

#include "kit.h"

#define KIT_REQ_TOKENS	256
#define KIT_REQ_CLIENTS 32

enum kit_req_class {
	KIT_CLASS_SERIAL = 3,
	KIT_CLASS_RNG = 4,
	KIT_CLASS_RTC = 5,
	KIT_CLASS_GPIO = 6,
	KIT_CLASS_INPUT = 7,
};

struct kit_req {
	unsigned short op;
	unsigned short flags;
	unsigned int token;
	unsigned int client;
	unsigned int bytes;
	unsigned long arg;
	void *data;
};

struct kit_req_ops {
	enum kit_err (*submit)(void *drv, const struct kit_req *req);
	void (*cancel)(void *drv, unsigned int token);
	void (*client)(void *drv, unsigned int client, int opened);
};

/* What a driver promises is said at struct dddk_req_ops. */
void kit_req_start(enum kit_req_class class, const struct kit_req_ops *ops,
		   void *drv, const void *info);
/* Clients who ask for INFO from now on see this. */
void kit_req_set_info(const void *info);
/* Take what clients have submitted; calls ops->submit. */
void kit_req_poll(unsigned long events);
/* Of its bytes so many must not be done again by a next life: said before. */
void kit_req_begun(unsigned int token, unsigned int bytes);
/* A request has ended, in any order; also from inside submit and cancel. */
void kit_req_complete(unsigned int token, enum kit_err status,
		      unsigned long value);

#endif
