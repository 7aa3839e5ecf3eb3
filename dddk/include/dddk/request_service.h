/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request_service.h - the service of the small classes (glue/request.h).
 *
 * Takes requests from up to 32 clients in turn, checks each against the class's
 * table, answers INFO and bad ones itself and hands good ones to the driver. A
 * request may stay open as long as it likes (waiting for input); a client that
 * cancels or leaves makes the service call ops->cancel, and the driver answers
 * soon. There is a token for every request that clients may have open, so
 * nobody's open requests keep others out. One service a process; nothing here
 * blocks. The driver's loop, and how it sleeps: dddk/service.h.
 * Read next: dddk/request/service.c
 */
#ifndef DDDK_REQUEST_SERVICE_H
#define DDDK_REQUEST_SERVICE_H

#include <stdint.h>
#include <glue/err.h>
#include <glue/request.h>

#define DDDK_REQ_TOKENS	  256u /* most requests inside the driver */
#define DDDK_REQ_NO_TOKEN (~0u)
#define DDDK_REQ_INFO_MAX 128u /* bytes of the largest info structure */

/*
 * Some services have an owner: the first client that sends a TAKES operation,
 * until its channel closes. Meanwhile others get K_ERR_BUSY for those, and
 * other processes also for KEEPS operations.
 */
enum dddk_req_owner {
	DDDK_REQ_FREE = 0,
	DDDK_REQ_TAKES,
	DDDK_REQ_KEEPS,
};

/* What one operation may look like. What a table does not list is refused. */
struct dddk_req_rule {
	uint16_t op;
	uint16_t flags;	    /* bits that may be set */
	uint32_t min_bytes; /* of data; more than max_bytes is refused */
	uint32_t max_bytes;
	uint64_t max_arg;
	uint32_t needs; /* features of the info, its first word */
	enum dddk_req_owner owner;
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
	void *data; /* NULL without bytes; not aligned; the client may still
		     * write it: copy, then judge */
};

struct dddk_req_ops {
	/*
	 * Start a request; dddk_req_complete may be called from inside. Any
	 * error but K_ERR_BUSY answers the client. K_ERR_BUSY: no room for
	 * any request now; nobody is served until something completes, then
	 * it is offered again. A client that shall see K_ERR_BUSY gets it by
	 * dddk_req_complete.
	 */
	enum k_err (*submit)(void *drv, const struct dddk_req *req);
	/* Nobody waits for it any more: complete it soon, with K_ERR_GONE, or
	 * as it ends anyway. Called once a token. NULL: requests stay open
	 * in a dddk_req_hold only, or not at all. */
	void (*cancel)(void *drv, uint32_t token);
	/* A client has come (1), or gone (0); its requests have all ended or
	 * been cancelled. May be NULL. */
	void (*client)(void *drv, uint32_t client, int opened);
};

/**
 * dddk_req_start - begin to serve; call once the device works.
 * @class:     constant
 * @ops, @drv: the driver; must stay
 * @info:      class->info_bytes, copied
 *
 * Return: K_OK, for a probe to end with.
 */
enum k_err dddk_req_start(const struct dddk_req_class *class,
			  const struct dddk_req_ops *ops, void *drv,
			  const void *info);

/* Clients who ask for INFO from now on see this. */
void dddk_req_set_info(const void *info);

/**
 * dddk_req_poll - take what clients have submitted and give it to the driver.
 * @events: what the wait has returned, all of it
 *
 * Return: requests taken out of the rings, also those answered at once.
 */
unsigned int dddk_req_poll(uint64_t events);

/* Said before the device is given the first @bytes of a request's: should the
 * driver die, its next life gets the rest only (glue/request.h). No error. */
void dddk_req_begun(uint32_t token, uint32_t bytes);

/**
 * dddk_req_complete - the driver has finished a request, in any order.
 * @value: for the client: bytes moved, or what the operation says
 *
 * May be called from inside submit and cancel. A token that is not in flight
 * is dropped with one log line. The client sees the answer with the next flush.
 */
void dddk_req_complete(uint32_t token, enum k_err status, uint64_t value);

/* A place where one request waits; the driver's, zeroed at first. */
struct dddk_req_hold {
	struct dddk_req_hold *next;
	struct dddk_req req;
	int waits;
};

/**
 * dddk_req_hold - let a request wait. The service ends it if nobody else does.
 *
 * Return: 1; 0 if another one waits there: this one is answered K_ERR_BUSY.
 */
int dddk_req_hold(struct dddk_req_hold *hold, const struct dddk_req *req);

/* Complete the request that waits there, if one does. */
void dddk_req_release(struct dddk_req_hold *hold, enum k_err status,
		      uint64_t value);

/* Requests inside the driver now. */
unsigned int dddk_req_in_flight(void);

#endif
