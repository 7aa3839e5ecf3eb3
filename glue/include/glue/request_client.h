/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * request_client.h - using a service of a small class (glue/request.h).
 *
 * Same rules as the block client: data lies in the lent region, a request
 * belongs to the library from submit until its done callback, unanswered
 * requests are sent again when a driver has died and lives again. At most
 * GLUE_REQ_OPEN_MAX are open at a time. One thread.
 * Read next: glue/client/request.c
 */
#ifndef GLUE_REQUEST_CLIENT_H
#define GLUE_REQUEST_CLIENT_H

#include <stdint.h>
#include <glue/err.h>
#include <glue/port.h>
#include <glue/request.h>

#define GLUE_REQ_GRACE_NS 2000000000ul

/* One request. The caller fills the first part and keeps it until the end. */
struct glue_req {
	uint16_t op;
	uint16_t flags;
	uint32_t bytes;
	uint64_t arg;
	void *data; /* inside the lent region, or NULL with bytes 0 */
	void (*done)(struct glue_req *req); /* may be NULL */
	void *owner;
	/* Written by the library. */
	uint64_t value;
	enum k_err status; /* valid once in_flight is 0 */
	uint32_t in_flight;
	uint32_t tag;
	uint32_t begun; /* of its bytes, by earlier lives of the server */
};

/* An open service. Every field belongs to glue/client. */
struct glue_req_port {
	struct glue_port port;
	struct glue_req *slot[GLUE_REQ_OPEN_MAX];
	uint32_t serial;     /* upper tag bits: late answers, order */
	uint32_t cancels;    /* bit i: slot i is to be cancelled */
	uint32_t cancel_tag; /* of the CANCEL in the ring, 0 none */
	uint32_t cancelling; /* the tag that it names */
};

/**
 * glue_req_open - connect to a service.
 * @service:    such as "rtc0"
 * @class_id:   enum glue_class that it must have
 * @data_bytes: memory to lend; glue_req_data() is its beginning
 *
 * Return: what glue_broker_connect returns; K_ERR_PROTOCOL for another class.
 */
enum k_err glue_req_open(struct glue_req_port *port, const char *service,
			 uint32_t class_id, uint64_t data_bytes);
/* Requests in flight end with K_ERR_GONE first. */
void glue_req_close(struct glue_req_port *port);

/* The lent region, where requests' data lies. */
static inline void *glue_req_data(const struct glue_req_port *port)
{
	return port->port.data;
}

/* Return: K_OK: done will be called from poll or wait; else not taken:
 * K_ERR_BUSY (GLUE_REQ_OPEN_MAX are open), K_ERR_GONE, K_ERR_RANGE (not lent). */
enum k_err glue_req_submit(struct glue_req_port *port, struct glue_req *req);
/* Ask that a request end now; it ends with K_ERR_GONE or as it would have.
 * Return: K_ERR_INVALID if it is not in flight. */
enum k_err glue_req_cancel(struct glue_req_port *port, struct glue_req *req);
/* Show submitted requests to the server; one signal, only if it sleeps. */
void glue_req_kick(struct glue_req_port *port);
/* Handle completions that are there. Return: how many. */
unsigned int glue_req_poll(struct glue_req_port *port);
/* Kick, then sleep until @req has ended. K_ERR_TIMEOUT: it is still open. */
enum k_err glue_req_wait(struct glue_req_port *port, struct glue_req *req,
			 uint64_t deadline_ticks);

/**
 * glue_req_call - one operation from submit to answer.
 * @value: out, may be NULL
 *
 * On K_ERR_TIMEOUT the request has been cancelled and has ended. A server that
 * does not even let a cancelled one go within GLUE_REQ_GRACE_NS loses us: the
 * port is then gone, like one whose server has ended.
 *
 * Return: the answer's status, or why there is none.
 */
enum k_err glue_req_call(struct glue_req_port *port, uint16_t op,
			 uint16_t flags, uint64_t arg, void *data,
			 uint32_t bytes, uint64_t *value,
			 uint64_t deadline_ticks);

/* The class's info structure; passes through the first bytes of the lent
 * region. Texts in it may lack their end: the server is not trusted. Return: as
 * glue_req_call. */
enum k_err glue_req_info(struct glue_req_port *port, void *info, uint32_t bytes,
			 uint64_t deadline_ticks);

/* Are requests taken, now or when the server is back? */
static inline int glue_req_is_open(const struct glue_req_port *port)
{
	return glue_port_serves(&port->port);
}

/* For programs with their own event loop; as glue_block_sleep_prepare. */
int glue_req_sleep_prepare(struct glue_req_port *port);
void glue_req_sleep_end(struct glue_req_port *port);
#define GLUE_REQ_EVENTS(port_) GLUE_PORT_EVENTS(&(port_)->port)

#endif
