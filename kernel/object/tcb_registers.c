/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcb_registers.c - reading, writing and copying a thread's registers.
 *
 * The ABI's order of the 36 words differs from the order in struct context; one
 * table translates. TPIDR registers of the running thread live in the hardware
 * and are brought into its context first. Source: shared/abi.md 7.2, 10, 11.
 */
#include <core/arch.h>
#include <core/sched.h>
#include <core/thread.h>
#include <object/tcb_ops.h>

#define READ_SUSPEND 1u
#define WRITE_RESUME 1u
#define COPY_SUSPEND 1u
#define COPY_RESUME  2u
#define COPY_FRAME   4u
#define COPY_INTEGER 8u

#define FRAME_WORDS 17u /* pc .. x30; the rest are "integer" */

/* Word of struct context for each word of the ABI's order. */
#define X(n) (CONTEXT_X / 8 + (n))
static const uint8_t word_of[ABI_CONTEXT_WORDS] = {
	CONTEXT_FAULT_PC / 8,
	CONTEXT_SP / 8,
	CONTEXT_SPSR / 8,
	X(0),
	X(1),
	X(2),
	X(3),
	X(4),
	X(5),
	X(6),
	X(7),
	X(8),
	X(16),
	X(17),
	X(18),
	X(29),
	X(30),
	X(9),
	X(10),
	X(11),
	X(12),
	X(13),
	X(14),
	X(15),
	X(19),
	X(20),
	X(21),
	X(22),
	X(23),
	X(24),
	X(25),
	X(26),
	X(27),
	X(28),
	CONTEXT_TPIDR / 8,
	CONTEXT_TPIDRRO / 8,
};

static uint64_t get_word(const struct tcb *tcb, unsigned int i)
{
	if (i == 0 && tcb->state == THREAD_RUNNING)
		return tcb->context.pc;
	return ((const uint64_t *)&tcb->context)[word_of[i]];
}

static void set_word(struct tcb *tcb, unsigned int i, uint64_t value)
{
	if (i == 2)
		value = (value & USER_SPSR_FLAGS) | USER_SPSR_DEFAULT;
	((uint64_t *)&tcb->context)[word_of[i]] = value;
	if (i == 0)
		tcb->context.pc = value;
}

enum abi_error tcb_read_registers(struct call *call, struct tcb *tcb)
{
	uint64_t count;
	unsigned int i;

	if (call->length < 2)
		return ABI_TRUNCATED_MESSAGE;
	count = call_arg(call, 1);
	if (count < 1 || count > ABI_CONTEXT_WORDS)
		return call_fail_range(call, 1, ABI_CONTEXT_WORDS);
	if (tcb == call->caller)
		return ABI_ILLEGAL_OPERATION;
	if (call_arg(call, 0) & READ_SUSPEND)
		thread_suspend(tcb);
	for (i = 0; i < count; i++)
		call_result(call, get_word(tcb, i));
	return ABI_OK;
}

enum abi_error tcb_write_registers(struct call *call, struct tcb *tcb)
{
	uint64_t flags, count;
	unsigned int i;

	if (call->length < 2)
		return ABI_TRUNCATED_MESSAGE;
	flags = call_arg(call, 0);
	count = call_arg(call, 1);
	if (call->length - 2 < count)
		return ABI_TRUNCATED_MESSAGE;
	if (tcb == call->caller)
		return ABI_ILLEGAL_OPERATION;
	if (count > ABI_CONTEXT_WORDS)
		count = ABI_CONTEXT_WORDS;
	for (i = 0; i < count; i++)
		set_word(tcb, i, call_arg(call, 2 + i));
	if (flags & WRITE_RESUME)
		thread_restart(tcb);
	return ABI_OK;
}

static void copy_words(struct tcb *dst, const struct tcb *src,
		       unsigned int from, unsigned int to)
{
	unsigned int i;

	for (i = from; i < to; i++)
		set_word(dst, i, get_word(src, i));
}

enum abi_error tcb_copy_registers(struct call *call, struct tcb *tcb)
{
	uint64_t flags;
	struct tcb *src;

	if (!call_has(call, 1, 1))
		return ABI_TRUNCATED_MESSAGE;
	if (!cap_is(call_extra(call, 0), ABI_CAP_THREAD))
		return call_fail_capability(call, 1);
	flags = call_arg(call, 0);
	src = cap_ptr(call_extra(call, 0));
	arch_context_sync(sched_current);
	if (flags & COPY_SUSPEND)
		thread_suspend(src);
	if (flags & COPY_RESUME)
		thread_restart(tcb);
	if (flags & COPY_FRAME)
		copy_words(tcb, src, 0, FRAME_WORDS);
	if (flags & COPY_INTEGER)
		copy_words(tcb, src, FRAME_WORDS, ABI_CONTEXT_WORDS);
	if (tcb == sched_current) {
		arch_context_reload(tcb);
		sched_reconsider();
	}
	return ABI_OK;
}
