/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.c - IRQControl, IRQ handlers, software-generated interrupts.
 *
 * IRQControl gives out one handler capability per line; the handler's owner
 * names a notification, and each interrupt signals it. After delivery the line
 * stays active at the interrupt controller, so it cannot fire again, until the
 * owner acknowledges: no interrupt can storm the kernel. Devices are never
 * touched here. Source: shared/abi.md section 15.
 */
#include <core/arch.h>
#include <core/fastpath.h>
#include <object/cap_ops.h>
#include <object/delete.h>
#include <object/irq.h>
#include <object/objects.h>
#include <abi/kaal.h>

enum irq_state { IRQ_FREE = 0, IRQ_ISSUED, IRQ_KERNEL };

static uint8_t states[IRQ_LIMIT];
static struct cte slots[IRQ_LIMIT]; /* the notification of each line */

void irq_init(void)
{
	states[arch_irq_timer()] = IRQ_KERNEL;
	arch_irq_unmask(arch_irq_timer());
}

void irq_deliver(unsigned int irq)
{
	struct cap cap;

	if (irq >= IRQ_LIMIT)
		return;
	if (states[irq] != IRQ_ISSUED) {
		arch_irq_mask(irq);
		arch_irq_deactivate(irq);
		return;
	}
	cap = slots[irq].cap;
	if (cap_is(cap, ABI_CAP_NOTIFICATION) &&
	    (cap_rights(cap) & ABI_RIGHT_WRITE))
		fastpath_signal(cap_ptr(cap), cap.w1);
}

bool irq_is_issued(uint64_t irq)
{
	return states[irq] == IRQ_ISSUED;
}

const struct cte *irq_slot(uint64_t irq)
{
	return &slots[irq];
}

void irq_release(unsigned int irq)
{
	arch_irq_mask(irq);
	arch_irq_deactivate(irq);
	states[irq] = IRQ_FREE;
	slot_delete_simple(&slots[irq]);
}

static unsigned int last_irq(void)
{
	unsigned int last = arch_irq_max();

	return last < IRQ_LIMIT ? last : IRQ_LIMIT - 1;
}

static enum abi_error issue(struct call *call, unsigned int word)
{
	uint64_t irq = call_arg(call, 0);
	struct cte *dst;
	enum abi_error err;

	if (irq > last_irq())
		return call_fail_range(call, 0, last_irq());
	if (states[irq] != IRQ_FREE)
		return ABI_REVOKE_FIRST;
	err = call_find_empty(call, call_extra(call, 0), call_arg(call, word),
			      call_arg(call, word + 1), &dst);
	if (err)
		return err;
	if (call->label == ABI_IRQ_CONTROL_GET_TRIGGER)
		arch_irq_set_trigger((unsigned int)irq, call_arg(call, 1) != 0);
	states[irq] = IRQ_ISSUED;
	cdt_insert(dst, cap_irq_handler((unsigned int)irq), call->slot, true);
	arch_irq_unmask((unsigned int)irq);
	return ABI_OK;
}

static enum abi_error issue_sgi(struct call *call)
{
	uint64_t sgi, target;
	struct cte *dst;
	enum abi_error err;

	if (!call_has(call, 4, 1))
		return ABI_TRUNCATED_MESSAGE;
	sgi = call_arg(call, 0);
	target = call_arg(call, 1);
	if (sgi > 15)
		return call_fail_range(call, 0, 15);
	if (!arch_irq_sgi_target_valid(target))
		return call_fail_argument(call, 1);
	err = call_find_empty(call, call_extra(call, 0), call_arg(call, 2),
			      call_arg(call, 3), &dst);
	if (err)
		return err;
	cdt_insert(dst, cap_sgi_signal((unsigned int)sgi, target), call->slot,
		   true);
	return ABI_OK;
}

enum abi_error irq_control_invoke(struct call *call)
{
	switch (call->label) {
	case ABI_IRQ_CONTROL_GET:
		if (!call_has(call, 3, 1))
			return ABI_TRUNCATED_MESSAGE;
		return issue(call, 1);
	case ABI_IRQ_CONTROL_GET_TRIGGER:
		if (!call_has(call, 4, 1))
			return ABI_TRUNCATED_MESSAGE;
		return issue(call, 2);
	case ABI_IRQ_CONTROL_ISSUE_SGI:
		return issue_sgi(call);
	case ABI_KAAL_MACHINE_OFF:
		if (!call_has(call, 2, 0))
			return ABI_TRUNCATED_MESSAGE;
		platform_off(call_arg(call, 0), call_arg(call, 1) != 0);
	default:
		return ABI_ILLEGAL_OPERATION;
	}
}

static enum abi_error set_notification(struct call *call, struct cte *slot)
{
	struct cap cap;
	struct cte *source;

	if (!call_has(call, 0, 1))
		return ABI_TRUNCATED_MESSAGE;
	source = call->extra[0];
	cap = source->cap;
	if (!cap_is(cap, ABI_CAP_NOTIFICATION) ||
	    !(cap_rights(cap) & ABI_RIGHT_WRITE))
		return call_fail_capability(call, 0);
	slot_delete_simple(slot);
	if (!cte_is_empty(source))
		cdt_insert(slot, cap, source, false);
	return ABI_OK;
}

enum abi_error irq_handler_invoke(struct call *call)
{
	unsigned int irq = (unsigned int)call->cap.w1;

	switch (call->label) {
	case ABI_IRQ_HANDLER_ACK:
		arch_irq_deactivate(irq);
		return ABI_OK;
	case ABI_IRQ_HANDLER_SET_NOTIFICATION:
		return set_notification(call, &slots[irq]);
	case ABI_IRQ_HANDLER_CLEAR:
		slot_delete_simple(&slots[irq]);
		return ABI_OK;
	default:
		return ABI_ILLEGAL_OPERATION;
	}
}

enum abi_error sgi_invoke(struct call *call)
{
	arch_irq_send_sgi(call->cap.w1 & 0xff, call->cap.w1 >> 8);
	return ABI_OK;
}
