/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * message.h - requests and replies as plain structures, and late replies.
 *
 * Handlers of requests see only these, so that they run on the host too.
 */
#ifndef BROKER_MESSAGE_H
#define BROKER_MESSAGE_H

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

#endif
