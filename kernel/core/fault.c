/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.c - fault messages and what their replies do.
 *
 * A fault is a call that the thread did not make: the kernel notes the fault in
 * the TCB and sends on its behalf through the endpoint capability that the
 * thread's own CSpace holds at fault_handler. The words are written when the
 * handler receives. Layouts: shared/abi.md section 9.
 */
#include <abi/kaal.h>
#include <core/arch.h>
#include <core/fault.h>
#include <core/ipc.h>
#include <core/sched.h>
#include <core/thread.h>
#include <core/trace.h>

#define HANDLER_RIGHTS (ABI_RIGHT_GRANT | ABI_RIGHT_GRANT_REPLY)

void fault_raise(struct tcb *tcb, const struct fault *fault)
{
	struct lookup handler = lookup_cap(tcb, tcb->fault_handler);
	unsigned int rights, flags = BLOCK_CALL;
	struct cap cap;

	trace(TRACE_FAULT, fault->type, fault->address);
	cap = handler.slot ? handler.slot->cap : CAP_NULL;
	rights = cap_rights(cap);
	if (!cap_is(cap, ABI_CAP_ENDPOINT) || !(rights & ABI_RIGHT_WRITE) ||
	    !(rights & HANDLER_RIGHTS)) {
		kernel_printf(
			"KaaL: thread \"%s\" stops at a fault that nobody handles: type %u, address %lx, pc %lx\n",
			tcb->name, fault->type, fault->address,
			tcb->context.fault_pc);
		thread_set_state(tcb, THREAD_INACTIVE);
		return;
	}
	if (rights & ABI_RIGHT_GRANT)
		flags |= BLOCK_GRANT;
	if (rights & ABI_RIGHT_GRANT_REPLY)
		flags |= BLOCK_GRANT_REPLY;
	tcb->fault = *fault;
	endpoint_send(cap_ptr(cap), tcb, cap.w1, flags, true);
}

void fault_raise_cap(struct tcb *tcb, uint64_t cptr, bool receiving,
		     const struct lookup_failure *why)
{
	struct fault fault = {
		.type = ABI_FAULT_CAP,
		.in_receive = receiving,
		.address = cptr,
		.detail = { why->type, why->value[0], why->value[1],
			    why->value[2] },
	};

	fault_raise(tcb, &fault);
}

static uint64_t write_words(struct tcb *to, const uint64_t *words,
			    unsigned int n, uint64_t label)
{
	struct abi_ipc_buffer *buffer = thread_buffer(to, true);
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!ipc_set_word(to, buffer, i, words[i]))
			break;
	}
	return abi_info(label, 0, i);
}

static uint64_t write_cap_fault(const struct tcb *faulter, struct tcb *to)
{
	const struct fault *f = &faulter->fault;
	static const unsigned int n_values[] = { 0, 0, 1, 2, 3 };
	uint64_t words[ABI_FAULT_CAP_WORDS_MAX] = {
		faulter->context.fault_pc,
		f->address,
		f->in_receive,
		f->detail[0],
		f->detail[1],
		f->detail[2],
		f->detail[3],
	};

	return write_words(to, words, 4 + n_values[f->detail[0]],
			   ABI_FAULT_CAP);
}

static uint64_t write_syscall_fault(const struct tcb *faulter, struct tcb *to)
{
	const struct context *c = &faulter->context;
	uint64_t words[ABI_FAULT_SYSCALL_WORDS];
	unsigned int i;

	for (i = 0; i < 8; i++)
		words[i] = c->x[i];
	words[8] = c->fault_pc;
	words[9] = c->sp;
	words[10] = c->pc;
	words[11] = c->spsr;
	words[12] = faulter->fault.address;
	return write_words(to, words, ABI_FAULT_SYSCALL_WORDS,
			   ABI_FAULT_UNKNOWN_SYSCALL);
}

static uint64_t write_exception(const struct tcb *faulter, struct tcb *to)
{
	const struct context *c = &faulter->context;
	uint64_t words[ABI_FAULT_EXCEPTION_WORDS] = {
		c->fault_pc, c->sp, c->spsr, faulter->fault.address, 0,
	};

	return write_words(to, words, ABI_FAULT_EXCEPTION_WORDS,
			   ABI_FAULT_USER_EXCEPTION);
}

static uint64_t write_vm_fault(const struct tcb *faulter, struct tcb *to)
{
	const struct fault *f = &faulter->fault;
	uint64_t words[ABI_FAULT_VM_WORDS] = {
		faulter->context.fault_pc,
		f->address,
		f->detail[0],
		f->detail[1],
	};

	return write_words(to, words, ABI_FAULT_VM_WORDS, ABI_FAULT_VM);
}

static uint64_t write_limit_fault(const struct tcb *faulter, struct tcb *to)
{
	uint64_t words[ABI_KAAL_FAULT_LIMIT_WORDS] = {
		faulter->context.fault_pc,
		faulter->fault.address,
	};

	return write_words(to, words, ABI_KAAL_FAULT_LIMIT_WORDS,
			   ABI_KAAL_FAULT_LIMIT);
}

uint64_t fault_write_message(struct tcb *faulter, struct tcb *to)
{
	switch (faulter->fault.type) {
	case ABI_FAULT_CAP:
		return write_cap_fault(faulter, to);
	case ABI_FAULT_UNKNOWN_SYSCALL:
		return write_syscall_fault(faulter, to);
	case ABI_FAULT_USER_EXCEPTION:
		return write_exception(faulter, to);
	case ABI_KAAL_FAULT_LIMIT:
		return write_limit_fault(faulter, to);
	default:
		return write_vm_fault(faulter, to);
	}
}

static void set_user_spsr(struct context *c, uint64_t value)
{
	c->spsr = (value & USER_SPSR_FLAGS) | USER_SPSR_DEFAULT;
}

/* The reply's words go to x0..x7, FaultIP, SP, next IP, SPSR. */
static void apply_syscall_reply(struct context *c, unsigned int i, uint64_t v)
{
	if (i < 8)
		c->x[i] = v;
	else if (i == 8)
		c->fault_pc = v;
	else if (i == 9)
		c->sp = v;
	else if (i == 10)
		c->pc = v;
	else
		set_user_spsr(c, v);
}

static void apply_exception_reply(struct context *c, unsigned int i, uint64_t v)
{
	if (i == 0)
		c->fault_pc = v;
	else if (i == 1)
		c->sp = v;
	else
		set_user_spsr(c, v);
}

bool fault_take_reply(struct tcb *faulter, struct tcb *handler)
{
	bool syscall = faulter->fault.type == ABI_FAULT_UNKNOWN_SYSCALL;
	unsigned int max = syscall ? ABI_FAULT_SYSCALL_WORDS - 1 : 3;
	struct abi_ipc_buffer *buffer = thread_buffer(handler, false);
	unsigned int length = abi_info_length(handler->context.x[1]);
	unsigned int i;

	if (!syscall && faulter->fault.type != ABI_FAULT_USER_EXCEPTION)
		return true;
	for (i = 0; i < length && i < max; i++) {
		if (i >= ABI_MSG_REGS && !buffer)
			break;
		if (syscall)
			apply_syscall_reply(&faulter->context, i,
					    ipc_word(handler, buffer, i));
		else
			apply_exception_reply(&faulter->context, i,
					      ipc_word(handler, buffer, i));
	}
	return abi_info_label(handler->context.x[1]) == 0;
}
