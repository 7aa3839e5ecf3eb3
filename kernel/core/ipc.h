/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc.h - moving a message from one thread to another, and answering it.
 */
#ifndef CORE_IPC_H
#define CORE_IPC_H

#include <abi/syscall.h>
#include <object/endpoint.h>

/**
 * ipc_transfer - copy @from's message, or its pending fault, to @to.
 * @ep:    the endpoint of this transfer, for unwrapping; NULL in a reply
 * @grant: capabilities travel too
 */
void ipc_transfer(struct tcb *from, struct tcb *to, const struct endpoint *ep,
		  uint64_t badge, bool grant);

/* ipc_give_reply_cap - @from waits for a reply; @to gets the one-shot cap. */
void ipc_give_reply_cap(struct tcb *from, struct tcb *to, bool grant);

/* ipc_reply - answer @caller; the reply capability in @slot is used up. */
void ipc_reply(struct tcb *from, struct tcb *caller, struct cte *slot,
	       bool grant);

/* ipc_abort_wait - @tcb, already out of its queue, restarts its svc. */
void ipc_abort_wait(struct tcb *tcb);

/* ipc_set_word - message word @i of @tcb: register, or @buffer if not NULL. */
bool ipc_set_word(struct tcb *tcb, struct abi_ipc_buffer *buffer,
		  unsigned int i, uint64_t value);

/* ipc_word - message word @i; the caller has checked @buffer for i >= 4. */
uint64_t ipc_word(const struct tcb *tcb, const struct abi_ipc_buffer *buffer,
		  unsigned int i);

#endif
