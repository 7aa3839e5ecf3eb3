/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcb.c - invocations on threads: configure, registers, run and stop.
 *
 * Source: shared/abi.md sections 7.2 and 10; CPU time and limit: abi/kaal.h.
 */
#include "svc.h"

#define FLAG_SUSPEND_OR_RESUME 1u /* flags word of Read/WriteRegisters */

enum abi_error glue_tcb_configure(glue_cptr tcb,
				  const struct glue_tcb_config *config)
{
	struct glue_msg msg = {
		.info = abi_info(ABI_TCB_CONFIGURE, 3, 4),
		.mr = { config->fault_ep, config->cspace_data, 0,
			config->ipc_buffer },
	};

	glue_ipc_buffer->caps_or_badges[0] = config->cspace;
	glue_ipc_buffer->caps_or_badges[1] = config->vspace;
	glue_ipc_buffer->caps_or_badges[2] = config->ipc_frame;
	return svc_invoke(tcb, &msg);
}

enum abi_error glue_tcb_set_sched_params(glue_cptr tcb, glue_cptr authority,
					 unsigned int mcp,
					 unsigned int priority)
{
	struct glue_msg msg = {
		.info = abi_info(ABI_TCB_SET_SCHED_PARAMS, 1, 2),
		.mr = { mcp, priority },
	};

	glue_ipc_buffer->caps_or_badges[0] = authority;
	return svc_invoke(tcb, &msg);
}

/* Registers follow flags and count, so register i is message word i + 2. */
enum abi_error glue_tcb_write_registers(glue_cptr tcb, int resume,
					const uint64_t *regs,
					unsigned int count)
{
	struct glue_msg msg = {
		.mr = { resume ? FLAG_SUSPEND_OR_RESUME : 0, count },
	};
	unsigned int i;

	if (count > ABI_CONTEXT_WORDS)
		count = ABI_CONTEXT_WORDS;
	msg.info = abi_info(ABI_TCB_WRITE_REGISTERS, 0, count + 2);
	for (i = 0; i < count && i + 2 < ABI_MSG_REGS; i++)
		msg.mr[i + 2] = regs[i];
	for (; i < count; i++)
		glue_ipc_buffer->msg[i + 2] = regs[i];
	return svc_invoke(tcb, &msg);
}

enum abi_error glue_tcb_read_registers(glue_cptr tcb, int suspend,
				       uint64_t *regs, unsigned int count)
{
	struct glue_msg msg = {
		.info = abi_info(ABI_TCB_READ_REGISTERS, 0, 2),
		.mr = { suspend ? FLAG_SUSPEND_OR_RESUME : 0, count },
	};
	enum abi_error err = svc_invoke(tcb, &msg);
	unsigned int i;

	if (err)
		return err;
	for (i = 0; i < count && i < ABI_MSG_REGS; i++)
		regs[i] = msg.mr[i];
	for (; i < count; i++)
		regs[i] = glue_ipc_buffer->msg[i];
	return ABI_OK;
}

/* Invocations without arguments. */
static enum abi_error tcb_apply(enum abi_label label, glue_cptr tcb)
{
	struct glue_msg msg = { .info = abi_info(label, 0, 0) };

	return svc_invoke(tcb, &msg);
}

enum abi_error glue_tcb_suspend(glue_cptr tcb)
{
	return tcb_apply(ABI_TCB_SUSPEND, tcb);
}

enum abi_error glue_tcb_resume(glue_cptr tcb)
{
	return tcb_apply(ABI_TCB_RESUME, tcb);
}

enum abi_error glue_tcb_set_limit(glue_cptr tcb, uint64_t ticks)
{
	struct glue_msg msg = {
		.info = abi_info(ABI_KAAL_TCB_SET_LIMIT, 0, 1),
		.mr = { ticks },
	};

	return svc_invoke(tcb, &msg);
}

enum abi_error glue_tcb_bind_notification(glue_cptr tcb, glue_cptr ntfn)
{
	struct glue_msg msg = {
		.info = abi_info(ABI_TCB_BIND_NOTIFICATION, 1, 0),
	};

	glue_ipc_buffer->caps_or_badges[0] = ntfn;
	return svc_invoke(tcb, &msg);
}

enum abi_error glue_tcb_cpu_time(glue_cptr tcb, uint64_t *ticks)
{
	struct glue_msg msg = { .info = abi_info(ABI_KAAL_TCB_CPU_TIME, 0, 0) };
	enum abi_error err = svc_invoke(tcb, &msg);

	if (!err)
		*ticks = msg.mr[0];
	return err;
}
