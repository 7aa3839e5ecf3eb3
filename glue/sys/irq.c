/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * irq.c - invocations on interrupts, and switching the machine off.
 *
 * Source: shared/abi.md sections 7.3 and 15; machine off: abi/kaal.h.
 */
#include "svc.h"

enum abi_error glue_irq_control_get(glue_cptr control, unsigned int irq,
				    int edge, struct glue_slot dst)
{
	struct glue_msg msg = {
		.info = abi_info(ABI_IRQ_CONTROL_GET_TRIGGER, 1, 4),
		.mr = { irq, edge ? 1 : 0, dst.index, dst.depth },
	};

	glue_ipc_buffer->caps_or_badges[0] = dst.root;
	return svc_invoke(control, &msg);
}

enum abi_error glue_irq_handler_ack(glue_cptr handler)
{
	struct glue_msg msg = { .info = abi_info(ABI_IRQ_HANDLER_ACK, 0, 0) };

	return svc_invoke(handler, &msg);
}

enum abi_error glue_irq_handler_set_notification(glue_cptr handler,
						 glue_cptr ntfn)
{
	struct glue_msg msg = {
		.info = abi_info(ABI_IRQ_HANDLER_SET_NOTIFICATION, 1, 0),
	};

	glue_ipc_buffer->caps_or_badges[0] = ntfn;
	return svc_invoke(handler, &msg);
}

enum abi_error glue_irq_handler_clear(glue_cptr handler)
{
	struct glue_msg msg = { .info = abi_info(ABI_IRQ_HANDLER_CLEAR, 0, 0) };

	return svc_invoke(handler, &msg);
}

enum abi_error glue_machine_off(glue_cptr irq_control, uint64_t status,
				int reset)
{
	struct glue_msg msg = {
		.info = abi_info(ABI_KAAL_MACHINE_OFF, 0, 2),
		.mr = { status, reset ? 1 : 0 },
	};

	return svc_invoke(irq_control, &msg);
}
