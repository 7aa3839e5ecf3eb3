/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request_service.h - the service of the small classes (glue/request.h).
 *
 * Takes requests from up to 32 clients in turn, checks each against the class's
 * table, answers INFO and bad ones itself and hands good ones to the driver. A
 * request may stay open as long as it likes (waiting for input); a client that
 * cancels or leaves makes the service call ops->cancel, and the driver answers
 * soon. One service a process; nothing blocks but dddk_req_wait.
 * Read next: dddk/request/service.c
 */
#ifndef DDDK_REQUEST_SERVICE_H
#define DDDK_REQUEST_SERVICE_H

#include <stdint.h>
#include <glue/err.h>
#include <glue/request.h>

#define DDDK_REQ_TOKENS 128u /* most requests inside the driver */

/* What one operation may look like. What a table does not list is refused. */
struct dddk_req_rule {
	uint16_t op;
	uint16_t flags;	    /* bits that may be set */
	uint32_t min_bytes; /* of data; more than max_bytes is refused */
	uint32_t max_bytes;
	uint64_t max_arg;
};

/* A class: constant, one a header in glue. Tables: dddk/request/classes.c */
struct dddk_req_class {
	uint32_t class_id; /* enum glue_class */
	uint32_t info_bytes;
	const struct dddk_req_rule *rules; /* ends with op 0 */
};
extern const struct dddk_req_class dddk_class_serial, dddk_class_rng,
	dddk_class_rtc, dddk_class_gpio, dddk_class_input, dddk_class_ip;

/* A checked request; valid during submit only, its data until complete. */
struct dddk_req {
	uint16_t op;
	uint16_t flags;
	uint32_t token;	 /* names the request; < DDDK_REQ_TOKENS */
	uint32_t client; /* index of its channel */
	uint32_t bytes;
	uint64_t arg;
	void *data; /* the client may still write it: copy, then judge */
};

struct dddk_req_ops {
	/* Start a request; dddk_req_complete may be called from inside.
	 * K_ERR_BUSY: offered again after the next completion. Any other
	 * error answers the client. */
	enum k_err (*submit)(void *drv, const struct dddk_req *req);
	/* Nobody waits for it any more: complete it soon, with K_ERR_GONE.
	 * May be NULL if no request of the class stays open. */
	void (*cancel)(void *drv, uint32_t token);
	/* A client has come (1), or gone with all its requests ended (0).
	 * May be NULL. */
	void (*client)(void *drv, uint32_t client, int opened);
};

/* Begin to serve. @info: class->info_bytes, copied. */
enum k_err dddk_req_start(const struct dddk_req_class *class,
			  const struct dddk_req_ops *ops, void *drv,
			  const void *info);
/* Clients who ask for INFO from now on see this. */
void dddk_req_set_info(const void *info);
/* As the functions of the same names in dddk/block_service.h. */
unsigned int dddk_req_poll(uint64_t events);
void dddk_req_complete(uint32_t token, enum k_err status, uint64_t value);
void dddk_req_flush(void);
uint64_t dddk_req_wait(uint64_t deadline_ticks);
int dddk_req_sleep_prepare(void);
unsigned int dddk_req_in_flight(void);

#endif
