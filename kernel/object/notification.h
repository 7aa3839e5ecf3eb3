/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notification.h - a word of event bits that threads wait for.
 */
#ifndef OBJECT_NOTIFICATION_H
#define OBJECT_NOTIFICATION_H

#include <object/tcb.h>

enum ntfn_state { NTFN_IDLE = 0, NTFN_WAITING = 1, NTFN_ACTIVE = 2 };

/* 32 bytes: the state sits in the low bits of `head_state`. */
struct notification {
	uintptr_t head_state;
	struct tcb *tail;
	uint64_t word; /* badges collected while active */
	struct tcb *bound;
};

_Static_assert(sizeof(struct notification) == 1 << ABI_NOTIFICATION_BITS, "3");

static inline bool notification_is_active(const struct notification *ntfn)
{
	return (ntfn->head_state & 3) == NTFN_ACTIVE;
}

/* notification_has_waiters - is any thread queued on it? */
static inline bool notification_has_waiters(const struct notification *ntfn)
{
	return (ntfn->head_state & 3) == NTFN_WAITING;
}

void notification_signal(struct notification *ntfn, uint64_t badge);

/* notification_wait - take the word, or wait; not @blocking: badge 0. */
void notification_wait(struct notification *ntfn, struct tcb *tcb,
		       bool blocking);

/* notification_take - it is active: its word becomes @tcb's badge. */
void notification_take(struct notification *ntfn, struct tcb *tcb);

void notification_cancel(struct tcb *tcb);
void notification_cancel_all(struct notification *ntfn);
void notification_bind(struct notification *ntfn, struct tcb *tcb);
void notification_unbind(struct tcb *tcb);

#endif
