/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * invoke.h - one invocation: its arguments, its error words, its results.
 *
 * An object's code gets a struct call, checks everything, then acts. It returns
 * ABI_OK, an error whose words it has noted with the call_fail_* helpers, or
 * CALL_PREEMPTED when an interrupt is due and the svc shall be restarted.
 */
#ifndef CORE_INVOKE_H
#define CORE_INVOKE_H

#include <abi/syscall.h>
#include <core/lookup.h>

#define CALL_PREEMPTED ((enum abi_error)100)

struct call {
	struct tcb *caller;
	struct abi_ipc_buffer *buffer; /* the caller's, NULL if not needed */
	struct cte *slot;	       /* of the invoked capability */
	struct cap cap;
	uint64_t label;
	unsigned int length;
	bool is_call;
	bool blocking;
	unsigned int n_extra;
	struct cte *extra[ABI_EXTRA_CAPS_MAX];
	unsigned int n_error; /* words of the error reply */
	uint64_t error[5];
	unsigned int n_results; /* words of the reply */
};

/* Message word @i, which must be below length. */
static inline uint64_t call_arg(const struct call *call, unsigned int i)
{
	return i < ABI_MSG_REGS ? call->caller->context.x[2 + i] :
				  call->buffer->msg[i];
}

/* Extra capability @i; null if its slot is empty. */
static inline struct cap call_extra(const struct call *call, unsigned int i)
{
	return call->extra[i]->cap;
}

/* Does the message have at least these many words and capabilities? */
static inline bool call_has(const struct call *call, unsigned int words,
			    unsigned int extra)
{
	return call->length >= words && call->n_extra >= extra;
}

/* call_result - append one word to the reply. */
void call_result(struct call *call, uint64_t value);

enum abi_error call_fail_argument(struct call *call, unsigned int index);
enum abi_error call_fail_capability(struct call *call, unsigned int index);
enum abi_error call_fail_range(struct call *call, uint64_t min, uint64_t max);
enum abi_error call_fail_lookup(struct call *call, bool source,
				const struct lookup_failure *why);
enum abi_error call_fail_missing(struct call *call, bool source,
				 uint64_t bits_left);
enum abi_error call_fail_memory(struct call *call, uint64_t bytes_left);

/**
 * call_find_slot - resolve a slot address for a CNode operation.
 * @root:   capability that must be a CNode
 * @depth:  1..64, else RangeError
 * @source: says in the error which of two lookups failed
 * @slot:   out
 */
enum abi_error call_find_slot(struct call *call, struct cap root,
			      uint64_t index, uint64_t depth, bool source,
			      struct cte **slot);

/* call_find_empty - as call_find_slot for a target; DeleteFirst if occupied. */
enum abi_error call_find_empty(struct call *call, struct cap root,
			       uint64_t index, uint64_t depth,
			       struct cte **slot);

/**
 * invoke - Send, NBSend or Call on the capability in @cptr of the current thread.
 */
void invoke(uint64_t cptr, bool is_call, bool blocking);

/* preempt_due - count one unit of work; true when an interrupt should be let in. */
bool preempt_due(void);

#endif
