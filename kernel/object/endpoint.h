/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * endpoint.h - where senders and receivers meet: one FIFO of either kind.
 */
#ifndef OBJECT_ENDPOINT_H
#define OBJECT_ENDPOINT_H

#include <object/tcb.h>

enum endpoint_state { ENDPOINT_IDLE = 0, ENDPOINT_SEND = 1, ENDPOINT_RECV = 2 };

/* 16 bytes: the state sits in the low bits of `head_state`. */
struct endpoint {
	uintptr_t head_state;
	struct tcb *tail;
};

_Static_assert(sizeof(struct endpoint) == 1 << ABI_ENDPOINT_BITS, "abi.md 3");

/**
 * endpoint_send - send @from's message, or its fault, through the endpoint.
 * @flags: BLOCK_CALL, BLOCK_GRANT, BLOCK_GRANT_REPLY as the capability allows
 * @blocking: wait when nobody receives; else the message is dropped
 */
void endpoint_send(struct endpoint *ep, struct tcb *from, uint64_t badge,
		   unsigned int flags, bool blocking);

/* endpoint_receive - take a message, or wait for one (@flags: BLOCK_GRANT). */
void endpoint_receive(struct endpoint *ep, struct tcb *to, unsigned int flags,
		      bool blocking);

/* endpoint_cancel - @tcb, blocked on its endpoint, leaves the queue. */
void endpoint_cancel(struct tcb *tcb);

/* endpoint_cancel_all - the endpoint goes: everybody restarts. */
void endpoint_cancel_all(struct endpoint *ep);

/* endpoint_cancel_badged - senders that used this badge restart. */
void endpoint_cancel_badged(struct endpoint *ep, uint64_t badge);

#endif
