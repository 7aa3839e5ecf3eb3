/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service.h - how a command reaches a service of a small class (glue/request.h).
 *
 * Each command opens the service it needs and closes it at its end. One is open
 * at a time. Functions that fail have said why.
 */
#ifndef SHELL_SERVICE_H
#define SHELL_SERVICE_H

#include <stdint.h>
#include <glue/request_client.h>

struct service {
	struct glue_req_port port;
	const char *prefix; /* "serial" */
	char name[16];	    /* "serial0" */
};

extern struct service service;

/**
 * service_open - open the service that a word names.
 * @prefix:     such as "serial"
 * @word:       "0" or "serial0"
 * @data_bytes: memory to lend, see service_data()
 *
 * Return: 1; 0 after a message.
 */
int service_open(const char *prefix, uint32_t class_id, const char *word,
		 uint64_t data_bytes);
void service_close(void);

static inline void *service_data(void)
{
	return glue_req_data(&service.port);
}

/**
 * service_ask - one operation from submit to answer; data at service_data().
 * @patience_ns: how long it may take; ^C ends it earlier
 * @value:       out, may be NULL
 *
 * Return: K_ERR_GONE after ^C; K_ERR_TIMEOUT; the answer's status. Silent.
 */
enum k_err service_ask(uint16_t op, uint64_t arg, uint32_t bytes,
		       uint64_t *value, uint64_t patience_ns);
#define SERVICE_PATIENCE_NS 10000000000ul
#define SERVICE_FOREVER_NS  (~0ul >> 2) /* until ^C */

/* "serial0: WHAT failed: REASON"; nothing for K_OK. Return: whether it is. In
 * these classes K_ERR_BUSY has one meaning for a program with one request. */
int service_good(const char *what, enum k_err err);

/* Call @line for each service of a class. If there is none, print
 * @none, unless it is NULL. */
void service_each(uint32_t class_id, void (*line)(const char *name),
		  const char *none);

#endif
