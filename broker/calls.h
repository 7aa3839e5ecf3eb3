/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calls.h - the requests of glue/broker.h as plain structures; late replies.
 *
 * Handlers of requests see only these, so that they run on the host too.
 */
#ifndef BROKER_CALLS_H
#define BROKER_CALLS_H

#include <stdint.h>
#include <abi/syscall.h>
#include <glue/err.h>
#include <glue/sys.h>

#include "process.h"

#define BROKER_REQUEST_WORDS 40u /* the longest is GLUE_BROKER_RUN, 34 */

struct broker_request {
	uint64_t label;
	uint32_t length;		     /* cut to BROKER_REQUEST_WORDS */
	uint64_t word[BROKER_REQUEST_WORDS]; /* zero past `length` */
};

struct broker_reply {
	enum k_err err;
	uint32_t length;
	uint64_t word[ABI_MSG_MAX];
};

/* Take a message out of the registers and the IPC buffer. */
void broker_request_read(const struct glue_msg *msg,
			 struct broker_request *request);
/* Put a reply where the next system call sends it from. */
void broker_reply_write(const struct broker_reply *reply, struct glue_msg *msg);

/* One word of results. */
void broker_reply_word(struct broker_reply *reply, uint64_t word);
/* A structure as it lies in memory. Return: K_OK, for who has no more to say. */
enum k_err broker_reply_struct(struct broker_reply *reply, const void *data,
			       uint32_t bytes);

/**
 * broker_reply_defer - keep the caller of the message in hand for later.
 * @op: what it waits for; other fields of `pending` are the caller's to set
 */
void broker_reply_defer(struct broker_process *process, uint32_t op);
/* Answer a process that was deferred. */
void broker_reply_late(struct broker_process *process,
		       const struct broker_reply *reply);

/**
 * broker_call - serve one request.
 * @from: who asks, known by the badge
 *
 * Whatever the words say, the worst that can come is an error in @reply.
 *
 * Return: 1 if @reply is to be sent now; 0 if later or never.
 */
int broker_call(struct broker_process *from,
		const struct broker_request *request,
		struct broker_reply *reply);

struct broker_call {
	struct broker_process *from;
	const uint64_t *word; /* BROKER_REQUEST_WORDS, zero past `length` */
	uint32_t length;
	struct broker_reply *reply; /* for results */
};

/* Serve one request. Return: enum k_err, the answer's; or there is none, or it
 * comes later. */
typedef int call_fn(const struct broker_call *c);
#define BROKER_NO_ANSWER (-1)

/* Another process, alive, that the first word names. K_ERR_NOTFOUND: there is none;
 * K_ERR_INVALID: it is the caller; K_ERR_GONE: it has ended. */
enum k_err broker_call_other(const struct broker_call *c,
			     struct broker_process **p);

/* calls_look.c: what exists and happens; pci_access.c: a driver's accesses to its
 * PCI function; inject.c; finder.c: what only the finder may ask. */
call_fn broker_call_process, broker_call_device, broker_call_service,
	broker_call_memory, broker_call_held, broker_call_trace_set,
	broker_call_trace_get, broker_call_counter, broker_call_pci_read,
	broker_call_pci_write, broker_call_victim, broker_call_find_look,
	broker_call_find_pci, broker_call_find_bar;

/* At boot: nothing is lent to who puts faults in. */
void broker_inject_init(void);

/* KaaL's memory of the broker itself, for `ps`: set once at boot. */
void broker_calls_init(uint32_t own_ram_kib);

#endif
